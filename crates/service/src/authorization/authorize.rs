//! The authorization endpoint (RFC 6749 §4.1.1): a request comes to an error, a question, or a code. Called when an app
//! asks, and again whenever a person has answered a question; nothing that was found out before counts.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use turnkeep_domain::authentication::AssuranceLevel;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{RequestId, UserId};
use turnkeep_domain::pkce::CodeChallenge;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::{ScopeName, ScopeSet};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::UserName;
use turnkeep_policy::authorization_denial::{AuthorizationDenial, PageDenial};
use turnkeep_policy::authorization_facts::{
    AuthorizationFacts, ConsentAnswer, ExpectedPerson, MalformedRequest, Prompts, RequestedAuthorization,
    SignedInFacts, Stated,
};
use turnkeep_policy::decide_authorization::{
    AuthorizationDecision, AuthorizationOutcome, SignInReason, decide_authorization,
};
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::authority::Authority;
use crate::authorization::expected_person::expected_person;
use crate::authorization::issue_code::{CodeIssue, issue_code};
use crate::authorization::note_refusal::{Asker, note_page, note_refused};
use crate::failure::{Failure, Fault};
use crate::keys::publish_key_set::UnknownIssuer;
use crate::sign_in::session::{SignedIn, find_signed_in};
use crate::snapshot::catalogue::Catalogue;
use crate::snapshot::look_up::{LookUp, while_overtaken};
use crate::tokens::registration::Registration;

/// A parameter that says who asks, or where the answer goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatedParameter {
    /// It is not there.
    Never,
    /// It is there.
    Once(String),
    /// It is there more than once.
    Ambiguously,
}

impl StatedParameter {
    fn as_stated(&self) -> Stated<'_> {
        match self {
            Self::Never => Stated::Never,
            Self::Once(value) => Stated::Once(value),
            Self::Ambiguously => Stated::Ambiguously,
        }
    }

    fn value(&self) -> Option<&str> {
        match self {
            Self::Once(value) => Some(value),
            Self::Never | Self::Ambiguously => None,
        }
    }
}

/// What an app asks for.
#[derive(Clone)]
pub struct AuthorizationRequest {
    /// The challenge (RFC 7636 §4.3).
    pub challenge: Option<CodeChallenge>,
    /// The scopes.
    pub scopes: Option<ScopeSet>,
    /// The resource (RFC 8707 §2).
    pub audience: Option<Audience>,
    /// To be repeated in the ID token.
    pub nonce: Option<String>,
    /// What the person may be asked.
    pub prompts: Prompts,
    /// How long ago the person may have signed in.
    pub max_age: Option<Duration>,
    /// How sure it should be who the person is.
    pub assurance: Option<AssuranceLevel>,
    /// Whom the app expects, not verified.
    pub id_token_hint: Option<String>,
}

impl AuthorizationRequest {
    fn facts(&self) -> RequestedAuthorization<'_> {
        RequestedAuthorization {
            has_challenge: self.challenge.is_some(),
            scopes: self.scopes.as_ref(),
            audience: self.audience.as_ref(),
            prompts: self.prompts,
            max_age: self.max_age,
            assurance: self.assurance,
        }
    }
}

/// The hint is a token, and the nonce ties an ID token to a browser.
impl fmt::Debug for AuthorizationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRequest").field("scopes", &self.scopes).finish_non_exhaustive()
    }
}

/// A request, with what is known of the browser that brings it.
pub struct AuthorizeCommand {
    /// The instance that is asked.
    pub issuer: Slug,
    /// Which app asks.
    pub client_id: StatedParameter,
    /// Where the answer is to go.
    pub redirect_uri: StatedParameter,
    /// The rest of the request.
    pub request: Result<AuthorizationRequest, MalformedRequest>,
    /// What the browser presents as the handle of a session.
    pub session_handle: Option<String>,
    /// When the app first asked, if the person has been sent to sign in since.
    pub began_at: Option<Timestamp>,
    /// What the person answered, if they were asked.
    pub answer: Option<ConsentAnswer>,
    /// The request, for the audit trail.
    pub request_id: Option<RequestId>,
}

/// Why nothing is sent to the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizeDenial {
    /// The issuer does not exist, or is off.
    #[error(transparent)]
    UnknownIssuer(#[from] UnknownIssuer),
    /// The person sees an error page.
    #[error(transparent)]
    Page(#[from] PageDenial),
}

/// How it goes on.
#[derive(Debug)]
pub struct Authorized {
    /// Where the answer goes: this is registered for the app.
    pub redirect_uri: String,
    /// What happens now.
    pub next: NextStep,
}

/// What happens now.
#[derive(Debug)]
pub enum NextStep {
    /// The app gets an error.
    Refuse(AuthorizationDenial),
    /// Somebody signs in.
    SignIn(SignInReason),
    /// The person is asked.
    Ask(ConsentQuestion),
    /// The app gets a code.
    Answer(PlaintextSecret),
}

/// What a person is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentQuestion {
    /// The name of the app.
    pub app_name: DisplayName,
    /// Whose app it is.
    pub tenant_name: DisplayName,
    /// Who is asked.
    pub user_id: UserId,
    /// Their name.
    pub user_name: UserName,
    /// What the app asks for.
    pub scopes: ScopeSet,
    /// What the instance says that these scopes mean; those of OpenID Connect are not among them.
    pub descriptions: Vec<(ScopeName, String)>,
}

/// Looks at a request. Refusals are noted for the audit trail.
pub fn authorize(
    authority: &Authority,
    command: &AuthorizeCommand,
) -> Result<Authorized, Failure<AuthorizeDenial>> {
    while_overtaken(LookUp::Anywhere, || authorize_once(authority, command))
}

fn authorize_once(
    authority: &Authority,
    command: &AuthorizeCommand,
) -> Result<Authorized, Failure<AuthorizeDenial>> {
    let now = authority.now();
    let client_id = command.client_id.value().unwrap_or_default();
    let registration = Registration::of_client(authority, &command.issuer, client_id, LookUp::Anywhere)?
        .ok_or(Failure::Denied(AuthorizeDenial::UnknownIssuer(UnknownIssuer)))?;
    let signed_in = match &command.session_handle {
        Some(handle) => find_signed_in(authority, &command.issuer, handle)?,
        None => None,
    };
    let remembered = remembered_scopes(authority, &registration, signed_in.as_ref())?;
    let hint = command.request.as_ref().ok().and_then(|request| request.id_token_hint.as_deref());
    let facts = AuthorizationFacts {
        expected: expected_person(authority, &command.issuer, hint)?,
        ..facts(command, &registration, signed_in.as_ref(), remembered.as_ref(), now)
    };
    let asker = Asker {
        user_id: signed_in.as_ref().map(|signed_in| signed_in.user.id),
        request_id: command.request_id,
    };
    let AuthorizationDecision { redirect_uri, outcome } = decide_authorization(&facts)
        .inspect_err(|denial| note_page(authority, &registration, &asker, *denial))
        .map_err(|denial| Failure::Denied(denial.into()))?;
    let next = match (outcome, &registration.app, &signed_in, &command.request) {
        (AuthorizationOutcome::Refused(denial), ..) => {
            note_refused(authority, &registration, &asker, denial);
            NextStep::Refuse(denial)
        }
        (AuthorizationOutcome::NeedsSignIn(reason), ..) => NextStep::SignIn(reason),
        (AuthorizationOutcome::NeedsConsent(scopes), Some(app), Some(signed_in), _) => {
            let catalogue = &registration.issuer.catalogue;
            NextStep::Ask(ConsentQuestion {
                app_name: app.live.app.settings.name.clone(),
                tenant_name: app.live.tenant.name.clone(),
                user_id: signed_in.user.id,
                user_name: signed_in.user.name.clone(),
                descriptions: descriptions(catalogue, &scopes),
                scopes,
            })
        }
        (AuthorizationOutcome::Granted(grant), Some(app), Some(signed_in), Ok(request)) => {
            registration.confirm(authority, LookUp::Anywhere)?;
            let code = issue_code(
                authority,
                &CodeIssue {
                    registration: &registration,
                    app,
                    signed_in,
                    request,
                    grant,
                    redirect_uri: &redirect_uri,
                    was_redirect_uri_sent: command.redirect_uri.value().is_some(),
                    remembered: remembered.as_ref(),
                    remember: to_remember(command.answer.as_ref(), remembered.as_ref()),
                    request_id: command.request_id,
                    now,
                },
            )?;
            NextStep::Answer(code)
        }
        // Nobody decides so without an app, a person and a request.
        (AuthorizationOutcome::NeedsConsent(_) | AuthorizationOutcome::Granted(_), ..) => {
            return Err(Fault::Overtaken.into());
        }
    };
    Ok(Authorized { redirect_uri, next })
}

fn facts<'a>(
    command: &'a AuthorizeCommand,
    registration: &'a Registration,
    signed_in: Option<&'a SignedIn>,
    remembered: Option<&'a ScopeSet>,
    now: Timestamp,
) -> AuthorizationFacts<'a> {
    let issuer = &registration.issuer;
    AuthorizationFacts {
        client_id: command.client_id.as_stated(),
        app: registration.app_facts(),
        redirect_uri: command.redirect_uri.as_stated(),
        request: command.request.as_ref().map(AuthorizationRequest::facts).map_err(|malformed| *malformed),
        known_resources: &issuer.catalogue.resources,
        known_scopes: &issuer.catalogue.scopes,
        issuer: &issuer.url,
        signed_in: signed_in.map(|signed_in| SignedInFacts {
            user_id: signed_in.user.id,
            kind: signed_in.user.kind,
            state: signed_in.user.state,
            authentication: &signed_in.session.authentication,
            remembered,
        }),
        expected: ExpectedPerson::Anybody,
        began_at: command.began_at,
        answer: command.answer.as_ref(),
        now,
    }
}

fn remembered_scopes(
    authority: &Authority,
    registration: &Registration,
    signed_in: Option<&SignedIn>,
) -> Result<Option<ScopeSet>, Fault> {
    let (Some(app), Some(signed_in)) = (&registration.app, signed_in) else {
        return Ok(None);
    };
    let app = &app.live.app;
    let found =
        authority.store.read(|reads| reads.find_consent(app.instance_id, signed_in.user.id, app.id))?;
    Ok(found.map(|consent| consent.scopes))
}

/// What was allowed before stays allowed.
fn to_remember(answer: Option<&ConsentAnswer>, remembered: Option<&ScopeSet>) -> Option<ScopeSet> {
    match answer {
        Some(ConsentAnswer::Given(given)) => {
            let all: BTreeSet<ScopeName> =
                remembered.into_iter().flat_map(ScopeSet::iter).chain(given.scopes.iter()).cloned().collect();
            Some(ScopeSet::new(all).unwrap_or_else(|_| given.scopes.clone()))
        }
        Some(ConsentAnswer::Denied) | None => None,
    }
}

fn descriptions(catalogue: &Catalogue, scopes: &ScopeSet) -> Vec<(ScopeName, String)> {
    let asked = catalogue.scopes.iter().filter(|scope| scopes.contains(&scope.name));
    asked.map(|scope| (scope.name.clone(), scope.description.clone())).collect()
}
