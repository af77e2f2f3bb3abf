//! The authorization endpoint (RFC 6749 §4.1.1): a request comes to an error, a question, or a code. Called when an app
//! asks, and again whenever a person has answered a question; nothing that was found out before counts.

use std::collections::BTreeSet;

use turnkeep_domain::authorization_request::{AuthorizationRequest, Stated};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{RequestId, UserId};
use turnkeep_domain::scope::{ScopeName, ScopeSet};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::UserName;
use turnkeep_policy::authorization_denial::{AuthorizationDenial, PageDenial};
use turnkeep_policy::authorization_facts::{
    AuthorizationFacts, ConsentAnswer, ExpectedPerson, MalformedRequest, RequestedAuthorization,
    SignedInFacts,
};
use turnkeep_policy::decide_authorization::{
    AuthorizationDecision, AuthorizationOutcome, SignInReason, decide_authorization,
};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::outcome::Inserted;

use crate::authority::Authority;
use crate::authorization::consent_question::ConsentReply;
use crate::authorization::expected_person::expected_person;
use crate::authorization::issue_code::{CodeIssue, issue_code};
use crate::authorization::note_refusal::{Asker, note_page, note_refused};
use crate::failure::{Failure, Fault};
use crate::keys::publish_key_set::UnknownIssuer;
use crate::sign_in::session::{SignedIn, find_signed_in};
use crate::snapshot::catalogue::Catalogue;
use crate::snapshot::look_up::{LookUp, while_overtaken};
use crate::tokens::registration::Registration;

/// A request, with what is known of the browser that brings it.
pub struct AuthorizeCommand {
    /// The instance that is asked.
    pub issuer: Slug,
    /// Which app asks.
    pub client_id: Stated<String>,
    /// Where the answer is to go.
    pub redirect_uri: Stated<String>,
    /// The rest of the request.
    pub request: Result<AuthorizationRequest, MalformedRequest>,
    /// What the browser presents as the handle of a session.
    pub session_handle: Option<String>,
    /// When the app first asked in this browser, if the person has been sent to sign in since.
    pub began_at: Option<Timestamp>,
    /// What the person answered, if they were asked.
    pub reply: Option<ConsentReply>,
    /// The request, for the audit trail.
    pub request_id: Option<RequestId>,
}

impl AuthorizeCommand {
    fn answer(&self) -> Option<&ConsentAnswer> {
        self.reply.as_ref().map(|reply| &reply.answer)
    }
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
    /// The question was answered before.
    #[error("the question was answered before")]
    AnswerUsed,
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
    let client_id = command.client_id.as_deref().value().unwrap_or_default();
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
            if denial == AuthorizationDenial::ConsentDenied
                && !is_first_answer(authority, command, &registration, now)?
            {
                return Err(Failure::Denied(AuthorizeDenial::AnswerUsed));
            }
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
                    was_redirect_uri_sent: command.redirect_uri.as_deref().value().is_some(),
                    remembered: remembered.as_ref(),
                    remember: to_remember(command.answer(), remembered.as_ref()),
                    reply: command.reply.as_ref(),
                    request_id: command.request_id,
                    now,
                },
            )?;
            NextStep::Answer(code.ok_or(Failure::Denied(AuthorizeDenial::AnswerUsed))?)
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
        client_id: command.client_id.as_deref(),
        app: registration.app_facts(),
        redirect_uri: command.redirect_uri.as_deref(),
        request: command.request.as_ref().map(requested).map_err(|malformed| *malformed),
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
        answer: command.answer(),
        now,
    }
}

fn requested(request: &AuthorizationRequest) -> RequestedAuthorization<'_> {
    RequestedAuthorization {
        has_challenge: request.challenge.is_some(),
        scopes: request.scopes.as_ref(),
        audience: request.audience.as_ref(),
        prompts: request.prompts,
        max_age: request.max_age,
        assurance: request.assurance,
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

/// Whether a "no" is the first answer to its question. Of a "yes" this is found out where it takes effect.
fn is_first_answer(
    authority: &Authority,
    command: &AuthorizeCommand,
    registration: &Registration,
    now: Timestamp,
) -> Result<bool, Fault> {
    let Some(reply) = &command.reply else { return Ok(true) };
    let single_use = reply.single_use(registration.issuer.catalogue.instance.id, now);
    let inserted = authority.store.admit(|admits| admits.insert_single_use(&single_use))?;
    Ok(inserted == Inserted::Inserted)
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
