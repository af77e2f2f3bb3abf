//! The periodic review: what about an app deserves somebody's look? ("Audit all trusted apps periodically for
//! owners, scopes, and usage", seed 002)

use std::time::Duration;

use turnkeep_domain::app::{App, AppOrigin, AppState};
use turnkeep_domain::client_secret::{ClientSecret, SecretState};
use turnkeep_domain::id::SecretId;
use turnkeep_domain::resource::Scope;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::time::Timestamp;

use crate::decide_app_settings::{AppSettingsWarning, warn_of_secrets, warn_of_settings};
use crate::judge_secrets::{SecretsJudgement, judge_secrets};
use crate::judge_token_requests::{TokenPattern, judge_token_requests};

const DAY: Duration = Duration::from_secs(86_400);

/// From when on something is worth a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewThresholds {
    /// How long nobody has used an app, or how old it has become without any use.
    pub unused_for: Duration,
    /// How old a live secret is.
    pub secret_age: Duration,
    /// How long an app has been disabled.
    pub disabled_for: Duration,
}

/// 90 days without use, a year for a secret, 90 days of being disabled.
impl Default for ReviewThresholds {
    fn default() -> Self {
        Self {
            unused_for: DAY.saturating_mul(90),
            secret_age: DAY.saturating_mul(365),
            disabled_for: DAY.saturating_mul(90),
        }
    }
}

/// An app with what the review looks at.
#[derive(Debug, Clone, Copy)]
pub struct ReviewFacts<'a> {
    /// The app.
    pub app: &'a App,
    /// Its secrets, dead ones too.
    pub secrets: &'a [ClientSecret],
    /// When the app last authenticated or got a token, by any secret it ever had.
    pub last_used_at: Option<Timestamp>,
    /// How many tokens it got in the hour, of those looked at, in which it got the most.
    pub busiest_hour: u64,
    /// How many owners of its tenant are not disabled.
    pub owners: u32,
    /// Every scope of the instance.
    pub known_scopes: &'a [Scope],
    /// When the review takes place.
    pub now: Timestamp,
}

/// Something worth a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewFinding {
    /// Nobody in the tenant answers for the app.
    NoOwner,
    /// Enabled, but it was last used long ago.
    UnusedForLong {
        /// When.
        last_used_at: Timestamp,
    },
    /// Enabled for long, and never used.
    NeverUsed,
    /// "Disable unused apps" was done long ago: it may be deleted.
    DisabledForLong {
        /// Since when.
        since: Timestamp,
    },
    /// "Rotate secrets and API keys periodically."
    SecretOld {
        /// The secret.
        secret_id: SecretId,
        /// When it was made.
        created_at: Timestamp,
    },
    /// It has service access, and no secret to use it with.
    NoLiveSecret {
        /// When the last one ended, where that is known.
        since: Option<Timestamp>,
    },
    /// It seems to ask for a token for every call (seed 000 §1).
    TokenPerCall {
        /// How many tokens it got in its busiest hour.
        busiest_hour: u64,
    },
    /// What would be warned of when the app is saved.
    Warning(AppSettingsWarning),
}

impl ReviewFinding {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoOwner => "no_owner",
            Self::UnusedForLong { .. } => "unused_for_long",
            Self::NeverUsed => "never_used",
            Self::DisabledForLong { .. } => "disabled_for_long",
            Self::SecretOld { .. } => "secret_old",
            Self::NoLiveSecret { .. } => "no_live_secret",
            Self::TokenPerCall { .. } => TokenPattern::TokenPerCall.as_str(),
            Self::Warning(warning) => warning.code(),
        }
    }
}

/// All that is worth a look about an app; nothing, if it is as it should be.
pub fn review_app(facts: &ReviewFacts<'_>, thresholds: &ReviewThresholds) -> Vec<ReviewFinding> {
    // The platform's own apps belong to the operators, who are no members.
    let no_owner = facts.owners == 0 && facts.app.origin == AppOrigin::External;
    let warnings = warn_of_settings(&facts.app.settings, facts.known_scopes)
        .into_iter()
        .chain(warn_of_secrets(facts.secrets, facts.now));
    no_owner
        .then_some(ReviewFinding::NoOwner)
        .into_iter()
        .chain(usage(facts, thresholds))
        .chain(old_secrets(facts, thresholds))
        .chain(no_live_secret(facts))
        .chain(token_per_call(facts))
        .chain(warnings.map(ReviewFinding::Warning))
        .collect()
}

fn usage(facts: &ReviewFacts<'_>, thresholds: &ReviewThresholds) -> Option<ReviewFinding> {
    let (app, now) = (facts.app, facts.now);
    match (app.state, facts.last_used_at) {
        (AppState::Disabled, _) => {
            let long = thresholds.disabled_for <= now.since(app.state_since);
            long.then_some(ReviewFinding::DisabledForLong { since: app.state_since })
        }
        (AppState::Enabled, Some(last_used_at)) => {
            let long = thresholds.unused_for <= now.since(last_used_at);
            long.then_some(ReviewFinding::UnusedForLong { last_used_at })
        }
        (AppState::Enabled, None) => {
            let long = thresholds.unused_for <= now.since(app.created_at);
            long.then_some(ReviewFinding::NeverUsed)
        }
    }
}

fn no_live_secret(facts: &ReviewFacts<'_>) -> Option<ReviewFinding> {
    match (facts.app.settings.service_access, judge_secrets(facts.app, facts.secrets, facts.now)) {
        (ServiceAccess::AsApp | ServiceAccess::AsUser(_), SecretsJudgement::NoneLive { since }) => {
            Some(ReviewFinding::NoLiveSecret { since })
        }
        (ServiceAccess::Disabled, _) | (_, SecretsJudgement::NotNeeded | SecretsJudgement::Live) => None,
    }
}

fn token_per_call(facts: &ReviewFacts<'_>) -> Option<ReviewFinding> {
    let ReviewFacts { app, busiest_hour, .. } = *facts;
    match judge_token_requests(busiest_hour, app.settings.token_lifetime).pattern {
        TokenPattern::TokenPerCall => Some(ReviewFinding::TokenPerCall { busiest_hour }),
        TokenPattern::Reuses | TokenPattern::RenewsOften => None,
    }
}

fn old_secrets(
    facts: &ReviewFacts<'_>,
    thresholds: &ReviewThresholds,
) -> impl Iterator<Item = ReviewFinding> {
    facts
        .secrets
        .iter()
        .filter(|secret| secret.state(facts.now) == SecretState::Live)
        .filter(|secret| thresholds.secret_age <= facts.now.since(secret.created_at))
        .map(|secret| ReviewFinding::SecretOld { secret_id: secret.id, created_at: secret.created_at })
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::app::BasicAuthentication;
    use turnkeep_domain::client_type::ClientType;
    use turnkeep_domain::reference_token::ReferenceTokenPolicy;
    use turnkeep_domain::scope::ScopeSet;
    use turnkeep_domain::sign_in::SignIn;

    use super::*;
    use crate::samples;

    const TODAY: i64 = 1_000;

    fn day(number: i64) -> Timestamp {
        Timestamp::from_secs(number * 86_400)
    }

    struct Reviewed {
        app: App,
        secrets: Vec<ClientSecret>,
        last_used: Option<i64>,
        busiest_hour: u64,
        owners: u32,
    }

    fn review(change: impl FnOnce(&mut Reviewed)) -> Vec<ReviewFinding> {
        let mut reviewed = Reviewed {
            app: App { created_at: day(TODAY - 500), ..samples::app() },
            secrets: vec![samples::secret(day(TODAY - 10))],
            last_used: Some(TODAY - 1),
            busiest_hour: 240,
            owners: 1,
        };
        change(&mut reviewed);
        let (_, known_scopes) = samples::two_resources();
        let facts = ReviewFacts {
            app: &reviewed.app,
            secrets: &reviewed.secrets,
            last_used_at: reviewed.last_used.map(day),
            busiest_hour: reviewed.busiest_hour,
            owners: reviewed.owners,
            known_scopes: &known_scopes,
            now: day(TODAY),
        };
        review_app(&facts, &ReviewThresholds::default())
    }

    #[test]
    fn seed_002_an_owned_and_used_app_with_a_young_secret_needs_no_look() {
        assert_eq!(review(|_| {}), []);
    }

    #[test]
    fn seed_002_an_app_without_an_owner_is_found_unless_it_is_the_platforms() {
        assert_eq!(review(|r| r.owners = 0), [ReviewFinding::NoOwner]);
        let platform = review(|r| {
            r.owners = 0;
            r.app.origin = AppOrigin::Platform;
        });
        assert_eq!(platform, []);
    }

    #[test]
    fn seed_002_disuse_is_found_after_90_days() {
        let unused = |days: i64| ReviewFinding::UnusedForLong { last_used_at: day(TODAY - days) };
        assert_eq!(review(|r| r.last_used = Some(TODAY - 89)), []);
        assert_eq!(review(|r| r.last_used = Some(TODAY - 90)), [unused(90)]);
        assert_eq!(review(|r| r.last_used = None), [ReviewFinding::NeverUsed]);
        let young = review(|r| {
            r.last_used = None;
            r.app.created_at = day(TODAY - 89);
        });
        assert_eq!(young, []);
    }

    #[test]
    fn a_disabled_app_is_found_once_it_has_been_so_for_90_days_and_its_disuse_is_no_news() {
        let disabled = |days: i64| {
            review(|r| {
                r.last_used = None;
                r.app.state = AppState::Disabled;
                r.app.state_since = day(TODAY - days);
            })
        };
        assert_eq!(disabled(89), []);
        assert_eq!(disabled(90), [ReviewFinding::DisabledForLong { since: day(TODAY - 90) }]);
    }

    #[test]
    fn seed_002_live_secrets_are_found_after_a_year_and_before_their_end() {
        let made = |days: i64| samples::secret(day(TODAY - days));
        assert_eq!(review(|r| r.secrets = vec![made(364)]), []);
        let old = ReviewFinding::SecretOld { secret_id: made(365).id, created_at: day(TODAY - 365) };
        assert_eq!(review(|r| r.secrets = vec![made(365), made(1)]), [old]);
        let revoked = ClientSecret { revoked_at: Some(day(1)), ..made(365) };
        assert_eq!(review(|r| r.secrets = vec![revoked, made(1)]), []);
        let ending = ClientSecret { expires_at: Some(day(TODAY + 2)), ..made(1) };
        let codes: Vec<_> =
            review(|r| r.secrets = vec![ending]).into_iter().map(ReviewFinding::code).collect();
        assert_eq!(codes, ["secret_expires_soon"]);
    }

    #[test]
    fn seed_000_an_app_that_asks_for_a_token_per_call_is_found() {
        let found = ReviewFinding::TokenPerCall { busiest_hour: 300 };
        assert_eq!(review(|r| r.busiest_hour = 300), [found]);
        assert_eq!(found.code(), "token_per_call");
    }

    #[test]
    fn service_access_without_a_live_secret_is_found() {
        let revoked = ClientSecret { revoked_at: Some(day(TODAY - 3)), ..samples::secret(day(TODAY - 9)) };
        let found = ReviewFinding::NoLiveSecret { since: Some(day(TODAY - 3)) };
        assert_eq!(review(|r| r.secrets = vec![revoked]), [found]);
        let never = ReviewFinding::NoLiveSecret { since: None };
        assert_eq!(review(|r| r.secrets = Vec::new()), [never]);
        for (client_type, service_access) in
            [(ClientType::Public, ServiceAccess::AsApp), (ClientType::Confidential, ServiceAccess::Disabled)]
        {
            let findings = review(|r| {
                r.secrets = Vec::new();
                r.app.client_type = client_type;
                r.app.settings.service_access = service_access;
            });
            let found = |finding: &ReviewFinding| matches!(finding, ReviewFinding::NoLiveSecret { .. });
            assert!(!findings.iter().any(found), "{findings:?}");
        }
    }

    #[test]
    fn seed_002_risky_attributes_are_found_under_the_codes_of_their_warnings() {
        let findings = review(|r| {
            let settings = &mut r.app.settings;
            settings.sign_in = SignIn::Community;
            settings.scopes = ScopeSet::parse("update").unwrap();
            settings.reference_tokens = ReferenceTokenPolicy::AuthenticatedUsers;
            settings.basic_authentication = BasicAuthentication::Allowed;
        });
        let codes: Vec<_> = findings.into_iter().map(ReviewFinding::code).collect();
        assert_eq!(
            codes,
            [
                "community_without_internal",
                "scope_wider_than_read",
                "reference_tokens_allowed",
                "basic_authentication_allowed",
                "sign_in_without_redirect_uri",
            ]
        );
    }
}
