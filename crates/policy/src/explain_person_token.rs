//! "Can anybody who signs in get a token from this app?": the part of *explain* that is about people.
//!
//! Seed 002's interactive apps are off for service access, and nothing is wrong with them: people are who they are for.

use turnkeep_domain::app::AppSettings;
use turnkeep_domain::sign_in::SignIn;

use crate::decide_token::{Check, CheckState};
use crate::explain_token::ExplainedCheck;
use crate::token_advice::token_advice;
use crate::token_denial::TokenDenial;

/// What stands against the tokens of everybody who might sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PersonTokenObstacle {
    /// Its sign-in is open to nobody.
    #[error("nobody may sign in to the app")]
    NotForPeople,
    /// What stops the app itself, people or no people.
    #[error(transparent)]
    App(TokenDenial),
    /// There is nowhere to send people back to.
    #[error("the app has no redirect URI to send people back to")]
    NoRedirectUri,
}

impl PersonTokenObstacle {
    /// The stable name for logs and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotForPeople => "sign_in_off",
            Self::App(denial) => denial.code(),
            Self::NoRedirectUri => "no_redirect_uri",
        }
    }

    /// A sentence or two that say who can do what about it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::NotForPeople => "If the app is meant for people, say in its settings who may sign in.",
            Self::App(denial) => token_advice(denial),
            Self::NoRedirectUri => "Add a redirect URI in its settings.",
        }
    }
}

/// The first thing that stands against them, if something does: that the app is not meant for people goes before all
/// else. The person takes the place of service access, and
/// scopes are asked for by each request: those of OpenID Connect are everybody's.
pub fn explain_person_token(
    settings: &AppSettings,
    checks: &[ExplainedCheck],
) -> Result<(), PersonTokenObstacle> {
    if settings.sign_in == SignIn::Nobody {
        return Err(PersonTokenObstacle::NotForPeople);
    }
    let denied = |explained: &ExplainedCheck| match (explained.check, explained.state) {
        (Check::ServiceAccess | Check::ScopeAndAudience, _) => None,
        (_, CheckState::Denied(denial)) => Some(denial),
        (_, CheckState::Passed | CheckState::NotChecked) => None,
    };
    if let Some(denial) = checks.iter().find_map(denied) {
        return Err(PersonTokenObstacle::App(denial));
    }
    if settings.login_redirect_uris.is_empty() {
        return Err(PersonTokenObstacle::NoRedirectUri);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::app::AppState;
    use turnkeep_domain::client_type::ClientType;
    use turnkeep_domain::plan::PlanState;
    use turnkeep_domain::redirect_uri::RedirectUris;
    use turnkeep_domain::scope::ScopeSet;
    use turnkeep_domain::service_access::ServiceAccess;
    use turnkeep_domain::tenant::TenantState;

    use super::*;
    use crate::decide_token::Authentication;
    use crate::explain_token::explain_token;
    use crate::samples::{self, Sample};

    /// An app for people (seed 002, "Read-Only Interactive App"), changed.
    fn explained(change: impl FnOnce(&mut Sample)) -> Result<(), PersonTokenObstacle> {
        let mut sample = samples::usable();
        sample.authentication = Authentication::NotAttempted;
        sample.app.settings.sign_in = SignIn::Internal;
        sample.app.settings.service_access = ServiceAccess::Disabled;
        sample.app.settings.login_redirect_uris =
            RedirectUris::parse_list(["https://app.example.com/cb"]).unwrap();
        change(&mut sample);
        explain_person_token(&sample.app.settings, &explain_token(&sample.facts()))
    }

    #[test]
    fn seed_002_interactive_apps_get_tokens_for_people_without_service_access() {
        assert_eq!(explained(|_| {}), Ok(()));
        assert_eq!(explained(|sample| sample.app.settings.sign_in = SignIn::Community), Ok(()));
        assert_eq!(explained(|sample| sample.app.client_type = ClientType::Public), Ok(()));
        assert_eq!(explained(|sample| sample.app.settings.scopes = ScopeSet::default()), Ok(()));
        let unusable = |change: fn(&mut AppSettings)| explained(|sample| change(&mut sample.app.settings));
        assert_eq!(
            unusable(|settings| settings.sign_in = SignIn::Nobody),
            Err(PersonTokenObstacle::NotForPeople)
        );
        assert_eq!(
            unusable(|settings| settings.login_redirect_uris = RedirectUris::default()),
            Err(PersonTokenObstacle::NoRedirectUri)
        );
    }

    #[test]
    fn an_app_that_is_not_meant_for_people_is_told_so_first() {
        let change = |sample: &mut Sample| {
            sample.app.state = AppState::Disabled;
            sample.app.settings.sign_in = SignIn::Nobody;
        };
        assert_eq!(explained(change), Err(PersonTokenObstacle::NotForPeople));
    }

    #[test]
    fn what_stops_the_app_stops_people_too() {
        let denied = |denial| Err(PersonTokenObstacle::App(denial));
        assert_eq!(
            explained(|sample| sample.app.state = AppState::Disabled),
            denied(TokenDenial::AppDisabled)
        );
        assert_eq!(
            explained(|sample| sample.tenant_state = TenantState::Suspended),
            denied(TokenDenial::TenantSuspended)
        );
        assert_eq!(
            explained(|sample| sample.plan.as_mut().unwrap().state = PlanState::Retired),
            denied(TokenDenial::PlanRetired)
        );
        // Without a secret nobody redeems the code that a person brings back.
        assert_eq!(
            explained(|sample| sample.authentication = Authentication::Impossible { since: None }),
            denied(TokenDenial::NoLiveSecret)
        );
    }
}
