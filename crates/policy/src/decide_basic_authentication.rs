//! May somebody use an app with a user name and a password at every request? (seed 002: `BasicAuthenticationAllowed`,
//! legacy, off by default)

use turnkeep_domain::app::BasicAuthentication;
use turnkeep_domain::user::User;

use crate::decide_sign_in::{SignInDenial, decide_sign_in};
use crate::decide_token::{AppFacts, Authentication, first_denial_but_service_access};
use crate::decide_token_scope::{ScopeRequest, TokenGrant, decide_token_scope};
use crate::token_denial::TokenDenial;

/// Everything the decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct BasicFacts<'a> {
    /// The app that the gateway names; `None` if there is none.
    pub app: Option<AppFacts<'a>>,
    /// The user of that name, if there is one.
    pub user: Option<&'a User>,
    /// Whether the password is theirs.
    pub password_matches: bool,
    /// Whether they have a second factor, which a header cannot carry.
    pub has_second_factor: bool,
    /// What there is to ask for.
    pub scope_request: ScopeRequest<'a>,
}

/// Why it is refused. Whoever asked is told nothing of this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BasicDenial {
    /// The app does not allow it.
    #[error("the app does not allow basic authentication")]
    Off,
    /// The app could not have a token either.
    #[error(transparent)]
    App(#[from] TokenDenial),
    /// No such user, or another password.
    #[error("the user name or the password is wrong")]
    WrongCredentials,
    /// The user may not sign in to the app.
    #[error(transparent)]
    SignIn(#[from] SignInDenial),
    /// A password alone does not let this user in.
    #[error("the user has a second factor")]
    SecondFactor,
}

impl BasicDenial {
    /// The stable code, for the audit trail.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Off => "basic_authentication_off",
            Self::App(denial) => denial.code(),
            Self::WrongCredentials => "wrong_password",
            Self::SignIn(_) => "user_not_admitted",
            Self::SecondFactor => "second_factor_needed",
        }
    }
}

/// Whether the app takes such credentials from anybody: asked first, so that where it does not, no password is looked at.
pub fn decide_basic_app(app: Option<&AppFacts<'_>>) -> Result<(), BasicDenial> {
    let app = first_denial_but_service_access(app, Authentication::Verified)?;
    match app.app.settings.basic_authentication {
        BasicAuthentication::Allowed => Ok(()),
        BasicAuthentication::Off => Err(BasicDenial::Off),
    }
}

/// What the user may do there, or the first denial: the app with everything around it, the password, the user.
pub fn decide_basic_authentication<'a>(facts: &BasicFacts<'a>) -> Result<TokenGrant<'a>, BasicDenial> {
    decide_basic_app(facts.app.as_ref())?;
    let app = facts.app.ok_or(TokenDenial::AppUnknown)?;
    let user = facts.user.filter(|_| facts.password_matches).ok_or(BasicDenial::WrongCredentials)?;
    decide_sign_in(app.app.settings.sign_in, user.kind, user.state)?;
    if facts.has_second_factor {
        return Err(BasicDenial::SecondFactor);
    }
    Ok(decide_token_scope(app.app, &facts.scope_request)?)
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::app::AppState;
    use turnkeep_domain::sign_in::SignIn;
    use turnkeep_domain::user::{UserKind, UserState};

    use super::*;
    use crate::samples::{self, Sample};

    struct Case {
        sample: Sample,
        user: Option<User>,
        password_matches: bool,
        has_second_factor: bool,
    }

    fn check(change: impl FnOnce(&mut Case), expected: Result<&str, BasicDenial>) {
        let mut sample = samples::usable();
        sample.app.settings.basic_authentication = BasicAuthentication::Allowed;
        sample.app.settings.sign_in = SignIn::Internal;
        let user = Some(samples::user(UserKind::Internal));
        let mut case = Case { sample, user, password_matches: true, has_second_factor: false };
        change(&mut case);
        let facts = case.sample.facts();
        let decided = decide_basic_authentication(&BasicFacts {
            app: facts.app,
            user: case.user.as_ref(),
            password_matches: case.password_matches,
            has_second_factor: case.has_second_factor,
            scope_request: ScopeRequest { scopes: None, ..facts.scope_request },
        });
        let scopes = decided.map(|grant| grant.scopes.iter().any(|name| name.as_str() == "read"));
        assert_eq!(scopes, expected.map(|_| true));
    }

    #[test]
    fn seed_002_only_where_the_app_allows_it() {
        check(|_| {}, Ok("read"));
        check(
            |c| c.sample.app.settings.basic_authentication = BasicAuthentication::Off,
            Err(BasicDenial::Off),
        );
    }

    #[test]
    fn what_stops_the_app_or_the_user_stops_it() {
        check(|c| c.sample.app.state = AppState::Disabled, Err(BasicDenial::App(TokenDenial::AppDisabled)));
        check(|c| c.user = None, Err(BasicDenial::WrongCredentials));
        check(|c| c.password_matches = false, Err(BasicDenial::WrongCredentials));
        check(|c| c.has_second_factor = true, Err(BasicDenial::SecondFactor));
        check(
            |c| c.user.as_mut().unwrap().state = UserState::Disabled,
            Err(BasicDenial::SignIn(SignInDenial::UserDisabled)),
        );
        check(
            |c| c.user = Some(samples::user(UserKind::System)),
            Err(BasicDenial::SignIn(SignInDenial::SystemUser)),
        );
        check(
            |c| c.sample.app.settings.sign_in = SignIn::Community,
            Err(BasicDenial::SignIn(SignInDenial::KindNotAdmitted)),
        );
    }
}
