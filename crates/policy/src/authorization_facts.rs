//! What the decision about a code depends on: the request, the person, and what the person answered.

use std::time::Duration;

use turnkeep_domain::authentication::{AssuranceLevel, Authentication};
use turnkeep_domain::authorization_request::{Prompts, Stated};
use turnkeep_domain::id::UserId;
use turnkeep_domain::resource::{Audience, Resource, Scope};
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::{UserKind, UserState};

use crate::decide_token::AppFacts;

/// The request cannot be understood. What is wrong with it was found out by whoever read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedRequest;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct RequestedAuthorization<'a> {
    /// Whether there is a challenge that proves who redeems the code (RFC 7636).
    pub has_challenge: bool,
    /// The scopes.
    pub scopes: Option<&'a ScopeSet>,
    /// The resource.
    pub audience: Option<&'a Audience>,
    /// What the person may be asked.
    pub prompts: Prompts,
    /// How long ago the person may have signed in.
    pub max_age: Option<Duration>,
    /// How sure it should be who the person is.
    pub assurance: Option<AssuranceLevel>,
}

/// Whom the app expects (`id_token_hint`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedPerson {
    /// It does not say.
    Anybody,
    /// Somebody of whom nothing is known here.
    Unknown,
    /// This one.
    User(UserId),
}

/// Who is signed in.
#[derive(Debug, Clone, Copy)]
pub struct SignedInFacts<'a> {
    /// The person.
    pub user_id: UserId,
    /// What kind of user.
    pub kind: UserKind,
    /// Whether they may act.
    pub state: UserState,
    /// How and when they signed in.
    pub authentication: &'a Authentication,
    /// What they allowed the app before.
    pub remembered: Option<&'a ScopeSet>,
}

/// What a person has just allowed: nobody else, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenConsent {
    /// Who.
    pub user_id: UserId,
    /// What.
    pub scopes: ScopeSet,
}

/// What a person answers when they are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsentAnswer {
    /// Yes.
    Given(GivenConsent),
    /// No.
    Denied,
}

/// Everything the decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct AuthorizationFacts<'a> {
    /// `client_id`, as the request has it.
    pub client_id: Stated<&'a str>,
    /// The app of that id, if there is one.
    pub app: Option<AppFacts<'a>>,
    /// `redirect_uri`, as the request has it.
    pub redirect_uri: Stated<&'a str>,
    /// The rest of the request.
    pub request: Result<RequestedAuthorization<'a>, MalformedRequest>,
    /// Every resource of the instance.
    pub known_resources: &'a [Resource],
    /// Every scope of the instance.
    pub known_scopes: &'a [Scope],
    /// The issuer's URL, which as an audience stands for no resource.
    pub issuer: &'a str,
    /// Who is signed in.
    pub signed_in: Option<SignedInFacts<'a>>,
    /// Whom the app expects.
    pub expected: ExpectedPerson,
    /// When the app first asked, if this is not the first time that it is looked at.
    pub began_at: Option<Timestamp>,
    /// What the person answered on the consent page, if they were asked.
    pub answer: Option<&'a ConsentAnswer>,
    /// Now.
    pub now: Timestamp,
}
