//! May this reference token be used? Asked when it is made and again at every use (seed 002), by the same function: so
//! a policy that was tightened, or a user that was disabled, reaches tokens made before.

use turnkeep_domain::reference_token::{ReferenceToken, ReferenceTokenKind, ReferenceTokenState};
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::User;

use crate::decide_reference_token::{ReferenceTokenDenial, ReferenceTokenHolder, decide_reference_token};
use crate::decide_sign_in::{SignInDenial, decide_sign_in};
use crate::decide_token::{
    AppFacts, Authentication, TokenFacts, decide_token, first_denial_but_service_access,
};
use crate::decide_token_scope::{ScopeRequest, TokenGrant, decide_token_scope};
use crate::token_denial::TokenDenial;

/// Everything the decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct ReferenceTokenFacts<'a> {
    /// The token.
    pub token: &'a ReferenceToken,
    /// Its app; `None` if it is gone.
    pub app: Option<AppFacts<'a>>,
    /// The user it acts as, if there is one.
    pub user: Option<&'a User>,
    /// What that user may do at this moment; of a service token, an administrator made it.
    pub holder: ReferenceTokenHolder,
    /// What there is to ask for.
    pub scope_request: ScopeRequest<'a>,
    /// Now.
    pub now: Timestamp,
}

/// Why it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceTokenRefusal {
    /// It has expired or was revoked.
    #[error("the token is expired or revoked")]
    NotLive,
    /// The app's policy does not allow it.
    #[error(transparent)]
    Policy(#[from] ReferenceTokenDenial),
    /// The app could not have a token of its own either.
    #[error(transparent)]
    App(#[from] TokenDenial),
    /// The user may not sign in to the app.
    #[error(transparent)]
    SignIn(#[from] SignInDenial),
    /// It acts as a user that is gone, or is not the app's system user any more.
    #[error("the user it acts as is not the app's any more")]
    OtherUser,
}

impl ReferenceTokenRefusal {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotLive => "reference_token_ended",
            Self::Policy(ReferenceTokenDenial::PolicyNone) => "reference_tokens_off",
            Self::Policy(ReferenceTokenDenial::AdministratorsOnly) => "administrators_only",
            Self::App(denial) => denial.code(),
            Self::SignIn(_) => "user_not_admitted",
            Self::OtherUser => "other_user",
        }
    }

    /// The stable code where one is to be made: what is wrong with the app is not told apart.
    pub const fn registry_code(self) -> &'static str {
        match self {
            Self::App(TokenDenial::NoScope | TokenDenial::ScopeNotAllowed) => "scope_not_allowed",
            Self::App(TokenDenial::AudienceNotAllowed) => "audience_not_allowed",
            Self::App(_) => "app_not_usable",
            Self::OtherUser => "user_not_admitted",
            Self::NotLive | Self::Policy(_) | Self::SignIn(_) => self.code(),
        }
    }
}

/// What the token is good for, or the first refusal: itself, the app's policy, the app with everything around it, the
/// user, the scopes.
pub fn decide_reference_token_use<'a>(
    facts: &ReferenceTokenFacts<'a>,
) -> Result<TokenGrant<'a>, ReferenceTokenRefusal> {
    let token = facts.token;
    match token.state(facts.now) {
        ReferenceTokenState::Live => {}
        ReferenceTokenState::Expired | ReferenceTokenState::Revoked => {
            return Err(ReferenceTokenRefusal::NotLive);
        }
    }
    let app = facts.app.ok_or(TokenDenial::AppUnknown)?;
    decide_reference_token(app.app.settings.reference_tokens, facts.holder)?;
    match token.kind {
        ReferenceTokenKind::Service => {
            let acts_as = match app.app.settings.service_access {
                ServiceAccess::AsUser(user_id) => Some(user_id),
                ServiceAccess::AsApp | ServiceAccess::Disabled => None,
            };
            if acts_as != token.user_id {
                return Err(ReferenceTokenRefusal::OtherUser);
            }
            Ok(decide_token(&TokenFacts {
                app: Some(app),
                authentication: Authentication::Verified,
                scope_request: facts.scope_request,
            })?)
        }
        ReferenceTokenKind::Personal => {
            first_denial_but_service_access(Some(&app), Authentication::Verified)?;
            let user = facts.user.filter(|user| Some(user.id) == token.user_id);
            let user = user.ok_or(ReferenceTokenRefusal::OtherUser)?;
            decide_sign_in(app.app.settings.sign_in, user.kind, user.state)?;
            Ok(decide_token_scope(app.app, &facts.scope_request)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::app::AppState;
    use turnkeep_domain::audit::Actor;
    use turnkeep_domain::client_secret::SecretHint;
    use turnkeep_domain::display_name::DisplayName;
    use turnkeep_domain::id::{ReferenceTokenId, UserId};
    use turnkeep_domain::reference_token::ReferenceTokenPolicy;
    use turnkeep_domain::resource::Audience;
    use turnkeep_domain::scope::ScopeSet;
    use turnkeep_domain::sign_in::SignIn;
    use turnkeep_domain::user::{UserKind, UserState};

    use super::*;
    use crate::samples::{self, Sample};

    struct Case {
        sample: Sample,
        token: ReferenceToken,
        user: Option<User>,
        holder: ReferenceTokenHolder,
        now: Timestamp,
    }

    fn personal() -> Case {
        let mut sample = samples::usable();
        sample.app.settings.reference_tokens = ReferenceTokenPolicy::AuthenticatedUsers;
        sample.app.settings.sign_in = SignIn::Internal;
        sample.app.settings.service_access = ServiceAccess::Disabled;
        let user = samples::user(UserKind::Internal);
        let token = ReferenceToken {
            id: ReferenceTokenId::from_bytes([1; 16]),
            instance_id: sample.app.instance_id,
            tenant_id: sample.app.tenant_id,
            app_id: sample.app.id,
            kind: ReferenceTokenKind::Personal,
            user_id: Some(user.id),
            name: DisplayName::parse("laptop").unwrap(),
            hint: SecretHint::parse("abcd").unwrap(),
            scopes: ScopeSet::parse("read").unwrap(),
            audience: Audience::parse("Example.API").unwrap(),
            made_by: Actor::User(user.id),
            created_at: Timestamp::from_secs(0),
            expires_at: Timestamp::from_secs(100),
            revoked_at: None,
            last_used_at: None,
        };
        let (holder, now) = (ReferenceTokenHolder::User, Timestamp::from_secs(50));
        Case { sample, token, user: Some(user), holder, now }
    }

    fn service() -> Case {
        let mut case = personal();
        case.sample.app.settings.service_access = ServiceAccess::AsApp;
        case.token.kind = ReferenceTokenKind::Service;
        (case.token.user_id, case.user) = (None, None);
        case.holder = ReferenceTokenHolder::Administrator;
        case
    }

    fn check(
        make: fn() -> Case,
        change: impl FnOnce(&mut Case),
        expected: Result<&str, ReferenceTokenRefusal>,
    ) {
        let mut case = make();
        change(&mut case);
        let facts = case.sample.facts();
        let decided = decide_reference_token_use(&ReferenceTokenFacts {
            token: &case.token,
            app: facts.app,
            user: case.user.as_ref(),
            holder: case.holder,
            scope_request: ScopeRequest {
                scopes: Some(&case.token.scopes),
                audience: Some(&case.token.audience),
                ..facts.scope_request
            },
            now: case.now,
        });
        assert_eq!(decided.map(|grant| grant.scopes.to_string()), expected.map(str::to_owned));
    }

    #[test]
    fn both_kinds_are_good_for_their_scopes() {
        check(personal, |_| {}, Ok("read"));
        check(service, |_| {}, Ok("read"));
    }

    #[test]
    fn a_token_ends_by_time_and_by_revocation() {
        for make in [personal, service] {
            check(make, |c| c.now = Timestamp::from_secs(100), Err(ReferenceTokenRefusal::NotLive));
            check(
                make,
                |c| c.token.revoked_at = Some(Timestamp::from_secs(1)),
                Err(ReferenceTokenRefusal::NotLive),
            );
        }
    }

    #[test]
    fn seed_002_the_policy_counts_at_every_use() {
        use ReferenceTokenPolicy::{AdministratorsOnly, None};
        let off = Err(ReferenceTokenRefusal::Policy(ReferenceTokenDenial::PolicyNone));
        let admins = Err(ReferenceTokenRefusal::Policy(ReferenceTokenDenial::AdministratorsOnly));
        check(personal, |c| c.sample.app.settings.reference_tokens = None, off);
        check(service, |c| c.sample.app.settings.reference_tokens = None, off);
        check(personal, |c| c.sample.app.settings.reference_tokens = AdministratorsOnly, admins);
        check(service, |c| c.sample.app.settings.reference_tokens = AdministratorsOnly, Ok("read"));
        check(
            personal,
            |c| {
                c.sample.app.settings.reference_tokens = AdministratorsOnly;
                c.holder = ReferenceTokenHolder::Administrator;
            },
            Ok("read"),
        );
    }

    #[test]
    fn whatever_stops_the_app_stops_its_reference_tokens() {
        for make in [personal, service] {
            check(
                make,
                |c| c.sample.app.state = AppState::Disabled,
                Err(ReferenceTokenRefusal::App(TokenDenial::AppDisabled)),
            );
            check(
                make,
                |c| c.token.scopes = ScopeSet::parse("sec").unwrap(),
                Err(ReferenceTokenRefusal::App(TokenDenial::ScopeNotAllowed)),
            );
        }
        check(
            service,
            |c| c.sample.app.settings.service_access = ServiceAccess::Disabled,
            Err(ReferenceTokenRefusal::App(TokenDenial::ServiceAccessOff)),
        );
    }

    #[test]
    fn the_user_has_to_be_alive_admitted_and_still_the_same() {
        check(
            personal,
            |c| c.user.as_mut().unwrap().state = UserState::Disabled,
            Err(ReferenceTokenRefusal::SignIn(SignInDenial::UserDisabled)),
        );
        check(
            personal,
            |c| c.sample.app.settings.sign_in = SignIn::Community,
            Err(ReferenceTokenRefusal::SignIn(SignInDenial::KindNotAdmitted)),
        );
        check(personal, |c| c.user = None, Err(ReferenceTokenRefusal::OtherUser));
        check(
            service,
            |c| {
                c.sample.app.settings.service_access = ServiceAccess::AsUser(UserId::from_bytes([9; 16]));
            },
            Err(ReferenceTokenRefusal::OtherUser),
        );
    }
}
