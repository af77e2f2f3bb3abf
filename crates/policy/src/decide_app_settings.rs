//! Do the attributes of a trusted application go together? (seed 002)

use turnkeep_domain::app::{AppOrigin, AppSettings, BasicAuthentication};
use turnkeep_domain::client_secret::{ClientSecret, SecretState};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::pkce::PkceRequirement;
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_domain::resource::{Scope, ScopeGrant};
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::secret_max_age::SecretExpiryWarning;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::{User, UserKind, UserState};

/// What the decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct AppSettingsFacts<'a> {
    /// Whether the app can keep a secret.
    pub client_type: ClientType,
    /// Whose app it is.
    pub origin: AppOrigin,
    /// The attributes.
    pub settings: &'a AppSettings,
    /// The user that service access names, if the instance has it.
    pub system_user: Option<&'a User>,
    /// Every scope of the instance.
    pub known_scopes: &'a [Scope],
}

/// A contradiction, by which the record is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppSettingsViolation {
    /// A public client has no service access.
    #[error("a public app cannot have service access")]
    PublicWithServiceAccess,
    /// A public client proves by PKCE alone that a code is its own (RFC 9700 §2.1.1).
    #[error("a public app cannot do without PKCE")]
    PublicWithoutPkce,
    /// Service access names a user that this instance does not have.
    #[error("service access needs a system user of the same instance")]
    SystemUserUnknown,
    /// Service access names a person.
    #[error("service access needs a system user, not a person")]
    SystemUserIsPerson,
    /// Service access names a disabled user.
    #[error("the system user is disabled")]
    SystemUserDisabled,
    /// A scope that the instance does not have.
    #[error("the scope does not exist")]
    ScopeUnknown(ScopeName),
    /// A scope that is never granted to external apps (`sec`).
    #[error("the scope is reserved")]
    ScopeReserved(ScopeName),
}

impl AppSettingsViolation {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::PublicWithServiceAccess => "public_with_service_access",
            Self::PublicWithoutPkce => "public_without_pkce",
            Self::SystemUserUnknown => "system_user_unknown",
            Self::SystemUserIsPerson => "system_user_is_person",
            Self::SystemUserDisabled => "system_user_disabled",
            Self::ScopeUnknown(_) => "scope_unknown",
            Self::ScopeReserved(_) => "scope_reserved",
        }
    }

    /// The attribute it is about, as the management API names it.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::PublicWithServiceAccess => "service_access",
            Self::PublicWithoutPkce => "pkce",
            Self::SystemUserUnknown | Self::SystemUserIsPerson | Self::SystemUserDisabled => {
                "service_access.user_id"
            }
            Self::ScopeUnknown(_) | Self::ScopeReserved(_) => "scopes",
        }
    }

    /// The one scope it is about, if it is about one.
    pub const fn scope(&self) -> Option<&ScopeName> {
        match self {
            Self::ScopeUnknown(scope) | Self::ScopeReserved(scope) => Some(scope),
            Self::PublicWithServiceAccess
            | Self::PublicWithoutPkce
            | Self::SystemUserUnknown
            | Self::SystemUserIsPerson
            | Self::SystemUserDisabled => None,
        }
    }
}

/// Something allowed that deserves a second thought (seed 002, "Security Guidelines").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppSettingsWarning {
    /// "Avoid enabling only community while disabling internal."
    CommunityWithoutInternal,
    /// "Always follow least-privilege principles. Start with `read`."
    ScopeWiderThanRead,
    /// "Start with `None`."
    ReferenceTokensAllowed,
    /// "Keep `BasicAuthenticationAllowed = false`."
    BasicAuthenticationAllowed,
    /// People may sign in but there is nowhere to send them back to.
    SignInWithoutRedirectUri,
    /// There is somewhere to send people back to but nobody may sign in.
    RedirectUriWithoutSignIn,
    /// Neither people nor services can use the app.
    NobodyCanUseIt,
    /// The last of its secrets ends soon.
    SecretExpiresSoon(SecretExpiryWarning),
}

impl AppSettingsWarning {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CommunityWithoutInternal => "community_without_internal",
            Self::ScopeWiderThanRead => "scope_wider_than_read",
            Self::ReferenceTokensAllowed => "reference_tokens_allowed",
            Self::BasicAuthenticationAllowed => "basic_authentication_allowed",
            Self::SignInWithoutRedirectUri => "sign_in_without_redirect_uri",
            Self::RedirectUriWithoutSignIn => "redirect_uri_without_sign_in",
            Self::NobodyCanUseIt => "nobody_can_use_it",
            Self::SecretExpiresSoon(_) => "secret_expires_soon",
        }
    }
}

/// The warnings, or every violation.
pub fn decide_app_settings(
    facts: &AppSettingsFacts<'_>,
) -> Result<Vec<AppSettingsWarning>, Vec<AppSettingsViolation>> {
    let of_one_attribute = [service_access_violation(facts), pkce_violation(facts)];
    let violations: Vec<_> = of_one_attribute.into_iter().flatten().chain(scope_violations(facts)).collect();
    if violations.is_empty() {
        Ok(warn_of_settings(facts.settings, facts.known_scopes))
    } else {
        Err(violations)
    }
}

/// Warns when the app will soon have no live secret left. One that ends beside a longer-living one does not stop
/// the app, so it is no reason to warn.
pub fn warn_of_secrets(secrets: &[ClientSecret], now: Timestamp) -> Option<AppSettingsWarning> {
    let live = secrets.iter().filter(|secret| secret.state(now) == SecretState::Live);
    // `None` is a secret without an end, so it counts as the latest.
    let last = live.max_by_key(|secret| (secret.expires_at.is_none(), secret.expires_at))?;
    SecretExpiryWarning::of(last.expires_at, now).map(AppSettingsWarning::SecretExpiresSoon)
}

fn service_access_violation(facts: &AppSettingsFacts<'_>) -> Option<AppSettingsViolation> {
    let service_access = facts.settings.service_access;
    if facts.client_type == ClientType::Public && service_access != ServiceAccess::Disabled {
        return Some(AppSettingsViolation::PublicWithServiceAccess);
    }
    let ServiceAccess::AsUser(id) = service_access else {
        return None;
    };
    match facts.system_user.filter(|user| user.id == id) {
        None => Some(AppSettingsViolation::SystemUserUnknown),
        Some(user) if user.kind != UserKind::System => Some(AppSettingsViolation::SystemUserIsPerson),
        Some(user) if user.state == UserState::Disabled => Some(AppSettingsViolation::SystemUserDisabled),
        Some(_) => None,
    }
}

fn pkce_violation(facts: &AppSettingsFacts<'_>) -> Option<AppSettingsViolation> {
    let is_lifted = facts.settings.pkce == PkceRequirement::Optional;
    (is_lifted && facts.client_type == ClientType::Public).then_some(AppSettingsViolation::PublicWithoutPkce)
}

fn scope_violations(facts: &AppSettingsFacts<'_>) -> impl Iterator<Item = AppSettingsViolation> {
    facts.settings.scopes.iter().filter_map(|name| {
        match facts.known_scopes.iter().find(|scope| scope.name == *name) {
            None => Some(AppSettingsViolation::ScopeUnknown(name.clone())),
            Some(scope) if scope.is_reserved() && facts.origin == AppOrigin::External => {
                Some(AppSettingsViolation::ScopeReserved(name.clone()))
            }
            Some(_) => None,
        }
    })
}

/// What deserves a second thought about attributes, also where a record is no longer quite right. A scope that
/// the instance grants to every app by default widens nothing.
pub fn warn_of_settings(settings: &AppSettings, known_scopes: &[Scope]) -> Vec<AppSettingsWarning> {
    let wide = known_scopes.iter().any(|scope| {
        settings.scopes.contains(&scope.name)
            && scope.name.as_str() != "read"
            && scope.grant != ScopeGrant::Default
    });
    let has_redirect_uri =
        !settings.login_redirect_uris.is_empty() || !settings.logout_redirect_uris.is_empty();
    let nobody = settings.sign_in == SignIn::Nobody && settings.service_access == ServiceAccess::Disabled;
    [
        (settings.sign_in == SignIn::Community, AppSettingsWarning::CommunityWithoutInternal),
        (wide, AppSettingsWarning::ScopeWiderThanRead),
        (settings.reference_tokens != ReferenceTokenPolicy::None, AppSettingsWarning::ReferenceTokensAllowed),
        (
            settings.basic_authentication == BasicAuthentication::Allowed,
            AppSettingsWarning::BasicAuthenticationAllowed,
        ),
        (
            settings.sign_in != SignIn::Nobody && settings.login_redirect_uris.is_empty(),
            AppSettingsWarning::SignInWithoutRedirectUri,
        ),
        (
            settings.sign_in == SignIn::Nobody && has_redirect_uri,
            AppSettingsWarning::RedirectUriWithoutSignIn,
        ),
        (nobody, AppSettingsWarning::NobodyCanUseIt),
    ]
    .into_iter()
    .filter_map(|(applies, warning)| applies.then_some(warning))
    .collect()
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::redirect_uri::RedirectUris;
    use turnkeep_domain::scope::ScopeSet;

    use super::*;
    use crate::samples;

    type Decision = Result<Vec<AppSettingsWarning>, Vec<AppSettingsViolation>>;

    fn decide(
        client_type: ClientType,
        system_user: Option<&User>,
        change: impl FnOnce(&mut AppSettings),
    ) -> Decision {
        let mut settings = samples::app().settings;
        change(&mut settings);
        let (_, known_scopes) = samples::two_resources();
        decide_app_settings(&AppSettingsFacts {
            client_type,
            origin: AppOrigin::External,
            settings: &settings,
            system_user,
            known_scopes: &known_scopes,
        })
    }

    fn scope(text: &str) -> ScopeName {
        ScopeName::parse(text).unwrap()
    }

    #[test]
    fn seed_002_minimal_setups_are_accepted() {
        let redirect = RedirectUris::parse_list(["https://app.example.com/cb"]).unwrap();
        let service_user = samples::user(UserKind::System);
        let as_user = ServiceAccess::AsUser(service_user.id);
        let read_only_interactive = decide(ClientType::Confidential, None, |s| {
            s.sign_in = SignIn::Internal;
            s.service_access = ServiceAccess::Disabled;
            s.login_redirect_uris = redirect.clone();
            s.scopes = ScopeSet::parse("read").unwrap();
        });
        assert_eq!(read_only_interactive, Ok(vec![]));
        let write_enabled_service = decide(ClientType::Confidential, Some(&service_user), |s| {
            s.service_access = as_user;
            s.scopes = ScopeSet::parse("read update").unwrap();
        });
        assert_eq!(write_enabled_service, Ok(vec![AppSettingsWarning::ScopeWiderThanRead]));
        let public_spa = decide(ClientType::Public, None, |s| {
            s.sign_in = SignIn::Community;
            s.service_access = ServiceAccess::Disabled;
            s.login_redirect_uris = redirect.clone();
            s.scopes = ScopeSet::parse("read").unwrap();
        });
        assert_eq!(public_spa, Ok(vec![AppSettingsWarning::CommunityWithoutInternal]));
        let hybrid = decide(ClientType::Confidential, Some(&service_user), |s| {
            s.sign_in = SignIn::Internal;
            s.service_access = as_user;
            s.login_redirect_uris = redirect.clone();
            s.scopes = ScopeSet::parse("read update").unwrap();
        });
        assert_eq!(hybrid, Ok(vec![AppSettingsWarning::ScopeWiderThanRead]));
    }

    #[test]
    fn seed_002_service_access_needs_a_live_system_user_and_a_confidential_app() {
        let system = samples::user(UserKind::System);
        let person = samples::user(UserKind::Internal);
        let disabled = User { state: UserState::Disabled, ..system.clone() };
        let as_user = |s: &mut AppSettings| s.service_access = ServiceAccess::AsUser(system.id);
        let confidential = ClientType::Confidential;
        for (decision, expected) in [
            (decide(ClientType::Public, None, |_| {}), AppSettingsViolation::PublicWithServiceAccess),
            (
                decide(ClientType::Public, Some(&system), as_user),
                AppSettingsViolation::PublicWithServiceAccess,
            ),
            (decide(confidential, None, as_user), AppSettingsViolation::SystemUserUnknown),
            (decide(confidential, Some(&person), as_user), AppSettingsViolation::SystemUserIsPerson),
            (decide(confidential, Some(&disabled), as_user), AppSettingsViolation::SystemUserDisabled),
        ] {
            assert_eq!(decision, Err(vec![expected]));
        }
    }

    #[test]
    fn only_a_confidential_app_can_do_without_pkce() {
        let lift = |settings: &mut AppSettings| {
            settings.service_access = ServiceAccess::Disabled;
            settings.pkce = PkceRequirement::Optional;
        };
        let decision = decide(ClientType::Public, None, lift);
        assert_eq!(decision, Err(vec![AppSettingsViolation::PublicWithoutPkce]));
        assert!(decide(ClientType::Confidential, None, lift).is_ok());
    }

    #[test]
    fn seed_002_reserved_and_unknown_scopes_are_all_named() {
        let decision =
            decide(ClientType::Confidential, None, |s| s.scopes = ScopeSet::parse("read sec x y").unwrap());
        assert_eq!(
            decision,
            Err(vec![
                AppSettingsViolation::ScopeReserved(scope("sec")),
                AppSettingsViolation::ScopeUnknown(scope("x")),
                AppSettingsViolation::ScopeUnknown(scope("y")),
            ])
        );
    }

    #[test]
    fn seed_002_what_deserves_a_second_thought_is_said() {
        let decision = decide(ClientType::Confidential, None, |s| {
            s.sign_in = SignIn::Community;
            s.scopes = ScopeSet::parse("update").unwrap();
            s.reference_tokens = ReferenceTokenPolicy::AdministratorsOnly;
            s.basic_authentication = BasicAuthentication::Allowed;
        });
        assert_eq!(
            decision,
            Ok(vec![
                AppSettingsWarning::CommunityWithoutInternal,
                AppSettingsWarning::ScopeWiderThanRead,
                AppSettingsWarning::ReferenceTokensAllowed,
                AppSettingsWarning::BasicAuthenticationAllowed,
                AppSettingsWarning::SignInWithoutRedirectUri,
            ])
        );
        let unusable = decide(ClientType::Public, None, |s| s.service_access = ServiceAccess::Disabled);
        assert_eq!(unusable, Ok(vec![AppSettingsWarning::NobodyCanUseIt]));
    }

    #[test]
    fn addresses_for_people_are_of_no_use_where_nobody_may_sign_in() {
        let uris = RedirectUris::parse_list(["https://app.example.com/cb"]).unwrap();
        let warned = Ok(vec![AppSettingsWarning::RedirectUriWithoutSignIn]);
        let login = uris.clone();
        assert_eq!(decide(ClientType::Confidential, None, |s| s.login_redirect_uris = login), warned);
        assert_eq!(decide(ClientType::Confidential, None, |s| s.logout_redirect_uris = uris.clone()), warned);
        let open = decide(ClientType::Confidential, None, |s| {
            s.sign_in = SignIn::Internal;
            s.login_redirect_uris = uris.clone();
        });
        assert_eq!(open, Ok(vec![]));
        assert_eq!(decide(ClientType::Confidential, None, |_| {}), Ok(vec![]));
    }

    #[test]
    fn violations_name_their_field_and_scope() {
        let unknown = AppSettingsViolation::ScopeUnknown(scope("x"));
        assert_eq!(
            (unknown.field(), unknown.scope(), unknown.code()),
            ("scopes", Some(&scope("x")), "scope_unknown")
        );
        let person = AppSettingsViolation::SystemUserIsPerson;
        assert_eq!((person.field(), person.scope()), ("service_access.user_id", None));
        let public = AppSettingsViolation::PublicWithServiceAccess;
        assert_eq!((public.field(), public.scope()), ("service_access", None));
    }

    #[test]
    fn an_app_whose_last_live_secret_ends_soon_is_warned_of() {
        let day = |number: i64| Timestamp::from_secs(number * 86_400);
        let ends = |at: Option<i64>| ClientSecret { expires_at: at.map(day), ..samples::secret(day(0)) };
        let revoked = ClientSecret { revoked_at: Some(day(50)), ..ends(None) };
        let soon = |level| Some(AppSettingsWarning::SecretExpiresSoon(level));
        for (secrets, expected) in [
            (vec![], None),
            (vec![ends(None)], None),
            (vec![ends(Some(131))], None),
            (vec![ends(Some(130))], soon(SecretExpiryWarning::Within30Days)),
            (vec![ends(Some(107)), ends(Some(102))], soon(SecretExpiryWarning::Within7Days)),
            (vec![ends(Some(101)), ends(Some(99)), revoked], soon(SecretExpiryWarning::Within1Day)),
            (vec![ends(Some(101)), ends(None)], None),
            (vec![ends(Some(101)), ends(Some(400))], None),
            (vec![ends(Some(99))], None),
        ] {
            assert_eq!(warn_of_secrets(&secrets, day(100)), expected, "{secrets:?}");
        }
    }
}
