//! May this app have a token that acts as this person? The ordered checks of `decide_token`, with the person in the place
//! of service access. Asked when a code or a refresh token is redeemed, and again wherever such a token is used.

use turnkeep_domain::app::App;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::user::{UserKind, UserState};

use crate::decide_person_scope::{PersonGrantScope, decide_person_scope};
use crate::decide_sign_in::{SignInDenial, decide_sign_in};
use crate::decide_token::{AppFacts, Authentication, first_denial_but_service_access};
use crate::decide_token_scope::{ScopeRequest, may_be_granted};
use crate::protocol_scopes::ProtocolScope;
use crate::token_denial::TokenDenial;

/// What is known of the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonFacts {
    /// What kind of user.
    pub kind: UserKind,
    /// Whether they may act.
    pub state: UserState,
}

/// Everything the decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct PersonTokenFacts<'a> {
    /// The app; `None` if the client id is unknown.
    pub app: Option<AppFacts<'a>>,
    /// How the client authenticated. [`Authentication::NotAttempted`] says that it only named itself, which is all that a
    /// public app can do (RFC 6749 §2.1).
    pub authentication: Authentication,
    /// The person; `None` if they are gone.
    pub person: Option<PersonFacts>,
    /// What is asked for, and what there is to ask for.
    pub scope_request: ScopeRequest<'a>,
    /// The issuer's URL, which as an audience stands for no resource.
    pub issuer: &'a str,
}

/// Why there is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum PersonTokenDenial {
    /// The app may not have one, whoever signed in.
    #[error(transparent)]
    App(#[from] TokenDenial),
    /// The person is gone.
    #[error("the user does not exist")]
    UserMissing,
    /// The person may not act, or not by this app.
    #[error(transparent)]
    SignIn(#[from] SignInDenial),
}

impl PersonTokenDenial {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::App(denial) => denial.code(),
            Self::UserMissing => "user_missing",
            Self::SignIn(denial) => denial.code(),
        }
    }
}

/// What the token is for, or the first denial.
pub fn decide_person_token<'a>(
    facts: &PersonTokenFacts<'a>,
) -> Result<PersonGrantScope<'a>, PersonTokenDenial> {
    let app = first_denial_but_service_access(facts.app.as_ref(), facts.identified())?.app;
    let person = facts.person.ok_or(PersonTokenDenial::UserMissing)?;
    decide_sign_in(app.settings.sign_in, person.kind, person.state)?;
    Ok(decide_person_scope(app, &facts.scope_request, facts.issuer)?)
}

/// Whether the client is the one that it says: one that has a secret presented it, a public one has none.
pub fn identify_client(app: Option<&App>, authentication: Authentication) -> Authentication {
    match (app.map(|app| app.client_type), authentication) {
        (Some(ClientType::Public), Authentication::NotAttempted) => Authentication::Verified,
        (Some(ClientType::Public | ClientType::Confidential) | None, authentication) => authentication,
    }
}

impl PersonTokenFacts<'_> {
    fn identified(&self) -> Authentication {
        identify_client(self.app.as_ref().map(|facts| facts.app), self.authentication)
    }
}

/// Of what a person granted, what the app may still have: its registration may have shrunk since. What is left of a
/// resource's scopes may be nothing; the decision says what that means.
pub fn still_grantable(app: &App, granted: &ScopeSet, request: &ScopeRequest<'_>) -> ScopeSet {
    granted.filtered(|name| ProtocolScope::of(name).is_some() || may_be_granted(app, request, name))
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::app::AppState;
    use turnkeep_domain::plan::PlanState;
    use turnkeep_domain::resource::Audience;
    use turnkeep_domain::service_access::ServiceAccess;
    use turnkeep_domain::sign_in::SignIn;

    use super::*;
    use crate::decide_person_scope::PersonAudience;
    use crate::samples::{self, Sample};

    const ADA: PersonFacts = PersonFacts { kind: UserKind::Internal, state: UserState::Active };

    fn signed_in() -> Sample {
        let mut sample = samples::usable();
        sample.app.settings.sign_in = SignIn::Internal;
        sample.app.settings.service_access = ServiceAccess::Disabled;
        sample.requested = Some(ScopeSet::parse("openid read").unwrap());
        sample
    }

    fn decide(sample: &Sample, person: Option<PersonFacts>) -> Result<String, PersonTokenDenial> {
        let facts = sample.facts();
        let decided = decide_person_token(&PersonTokenFacts {
            app: facts.app,
            authentication: facts.authentication,
            person,
            scope_request: facts.scope_request,
            issuer: "https://id.example.com",
        });
        decided.map(|granted| match granted.audience {
            PersonAudience::Issuer => "issuer".to_owned(),
            PersonAudience::Resource(resource) => format!("{} {}", resource.audience, granted.scopes),
        })
    }

    #[test]
    fn a_person_makes_up_for_service_access() {
        assert_eq!(decide(&signed_in(), Some(ADA)), Ok("Example.API openid read".to_owned()));
    }

    #[test]
    fn seed_002_the_apps_flags_and_the_users_state_decide_about_the_person() {
        let person = |kind, state| Some(PersonFacts { kind, state });
        for (sign_in, person, expected) in [
            (SignIn::Internal, None, Some(PersonTokenDenial::UserMissing)),
            (SignIn::Nobody, Some(ADA), Some(PersonTokenDenial::SignIn(SignInDenial::KindNotAdmitted))),
            (SignIn::Community, Some(ADA), Some(PersonTokenDenial::SignIn(SignInDenial::KindNotAdmitted))),
            (SignIn::InternalAndCommunity, Some(ADA), None),
            (
                SignIn::Internal,
                person(UserKind::Community, UserState::Active),
                Some(PersonTokenDenial::SignIn(SignInDenial::KindNotAdmitted)),
            ),
            (
                SignIn::Internal,
                person(UserKind::Internal, UserState::Disabled),
                Some(PersonTokenDenial::SignIn(SignInDenial::UserDisabled)),
            ),
            (
                SignIn::InternalAndCommunity,
                person(UserKind::System, UserState::Active),
                Some(PersonTokenDenial::SignIn(SignInDenial::SystemUser)),
            ),
        ] {
            let mut sample = signed_in();
            sample.app.settings.sign_in = sign_in;
            assert_eq!(decide(&sample, person).err(), expected, "{sign_in:?} {person:?}");
        }
    }

    #[test]
    fn a_public_app_names_itself_and_a_confidential_one_has_to_authenticate() {
        let failed = Err(PersonTokenDenial::App(TokenDenial::ClientAuthenticationFailed));
        let passed = Ok("Example.API openid read".to_owned());
        for (client_type, authentication, expected) in [
            (ClientType::Public, Authentication::NotAttempted, &passed),
            (ClientType::Public, Authentication::Verified, &passed),
            (ClientType::Public, Authentication::Failed, &failed),
            (ClientType::Confidential, Authentication::Verified, &passed),
            (ClientType::Confidential, Authentication::NotAttempted, &failed),
            (ClientType::Confidential, Authentication::Failed, &failed),
        ] {
            let mut sample = signed_in();
            sample.app.client_type = client_type;
            sample.authentication = authentication;
            assert_eq!(decide(&sample, Some(ADA)), *expected, "{client_type:?} {authentication:?}");
        }
    }

    #[test]
    fn every_state_around_the_app_counts_in_its_order_and_before_the_person() {
        let mut sample = signed_in();
        sample.break_everything();
        sample.app.settings.sign_in = SignIn::Nobody;
        let mut met = Vec::new();
        while let Err(denial) = decide(&sample, Some(ADA)) {
            met.push(denial.code());
            match denial {
                PersonTokenDenial::App(TokenDenial::ScopeNotAllowed) => {
                    sample.requested = Some(ScopeSet::parse("openid").unwrap());
                }
                PersonTokenDenial::App(denial) => sample.mend(denial),
                PersonTokenDenial::UserMissing | PersonTokenDenial::SignIn(_) => {
                    sample.app.settings.sign_in = SignIn::Internal;
                }
            }
        }
        assert_eq!(
            met,
            [
                "app_unknown",
                "client_authentication_failed",
                "app_disabled",
                "tenant_suspended",
                "instance_disabled",
                "region_missing",
                "db_code_missing",
                "plan_retired",
                "plan_on_hold",
                "user_not_admitted",
                "scope_not_allowed",
            ]
        );
    }

    #[test]
    fn a_retired_plan_stops_people_too() {
        let mut sample = signed_in();
        sample.plan.as_mut().unwrap().state = PlanState::Retired;
        assert_eq!(decide(&sample, Some(ADA)), Err(TokenDenial::PlanRetired.into()));
        sample.app.state = AppState::Disabled;
        assert_eq!(decide(&sample, Some(ADA)), Err(TokenDenial::AppDisabled.into()));
    }

    #[test]
    fn what_the_app_is_no_longer_registered_for_drops_out_of_a_grant() {
        let (known_resources, known_scopes) = samples::two_resources();
        let audience = Audience::parse("Example.API").unwrap();
        let request = ScopeRequest {
            scopes: None,
            audience: Some(&audience),
            known_resources: &known_resources,
            known_scopes: &known_scopes,
        };
        let granted = ScopeSet::parse("openid offline_access read update").unwrap();
        let left = still_grantable(&samples::app(), &granted, &request);
        assert_eq!(left.to_string(), "offline_access openid read");
    }

    #[test]
    fn codes_are_distinct() {
        let mut codes: Vec<_> = TokenDenial::ALL.iter().map(|denial| denial.code()).collect();
        codes.extend(
            [
                PersonTokenDenial::UserMissing,
                PersonTokenDenial::SignIn(SignInDenial::UserDisabled),
                PersonTokenDenial::SignIn(SignInDenial::SystemUser),
                PersonTokenDenial::SignIn(SignInDenial::KindNotAdmitted),
            ]
            .map(PersonTokenDenial::code),
        );
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }
}
