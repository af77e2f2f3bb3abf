//! The logout endpoint (RP-Initiated Logout §2): a request ends the session of the browser, or comes to a question or an
//! error. Called when an app asks, and again when the person has agreed; nothing that was found out before counts.

use std::fmt;

use turnkeep_domain::audit::Actor;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{RequestId, SessionId};
use turnkeep_domain::session::Session;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::user::UserName;
use turnkeep_policy::decide_logout::{
    LogoutDecision, LogoutDenial, LogoutFacts, LogoutHint, LogoutOutcome, decide_logout,
};

use crate::authority::Authority;
use crate::failure::{Failure, Fault};
use crate::handles::handle_hash;
use crate::keys::publish_key_set::UnknownIssuer;
use crate::logout::logout_request::LogoutRequest;
use crate::person_tokens::id_token_hint::{Hint, read_hint};
use crate::sign_in::end_sessions::sign_out;
use crate::sign_in::events::Deed;
use crate::sign_in::session::{SignedIn, find_signed_in};
use crate::snapshot::look_up::{LookUp, while_overtaken};
use crate::tokens::registration::Registration;

/// A request, with what is known of the browser that brings it.
#[derive(Clone)]
pub struct EndSessionCommand {
    /// The instance that is asked.
    pub issuer: Slug,
    /// What the app asks.
    pub request: LogoutRequest,
    /// What the browser presents as the handle of a session.
    pub session_handle: Option<String>,
    /// The session that the person has just agreed to end.
    pub agreed: Option<SessionId>,
    /// The request, for the audit trail.
    pub request_id: Option<RequestId>,
}

impl fmt::Debug for EndSessionCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndSessionCommand").field("request", &self.request).finish_non_exhaustive()
    }
}

/// Why the person sees an error page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndSessionDenial {
    /// The issuer does not exist, or is off.
    #[error(transparent)]
    UnknownIssuer(#[from] UnknownIssuer),
    /// The request cannot be trusted.
    #[error(transparent)]
    Request(#[from] LogoutDenial),
}

/// How it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutStep {
    /// Where the browser goes when the session is over: this is registered for the app. `None` is a page of ours.
    pub redirect_uri: Option<String>,
    /// What the person is asked first; `None` if the session is over.
    pub question: Option<LogoutQuestion>,
}

/// What a person is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutQuestion {
    /// The session that would end.
    pub session_id: SessionId,
    /// Who is signed in.
    pub user_name: UserName,
    /// The app that asks, if that is known.
    pub app_name: Option<DisplayName>,
}

/// What a request is about.
struct Found {
    registration: Registration,
    hint: Option<Option<Hint>>,
    signed_in: Option<SignedIn>,
    /// Live or not, but not ended.
    session: Option<Session>,
}

/// Ends the session, or says what the person has to be asked. Refusals are noted for the audit trail.
pub fn end_session(
    authority: &Authority,
    command: &EndSessionCommand,
) -> Result<LogoutStep, Failure<EndSessionDenial>> {
    while_overtaken(LookUp::Anywhere, || end_session_once(authority, command))
}

fn end_session_once(
    authority: &Authority,
    command: &EndSessionCommand,
) -> Result<LogoutStep, Failure<EndSessionDenial>> {
    let found = find(authority, command)?;
    let hint = match &found.hint {
        None => LogoutHint::Missing,
        Some(None) => LogoutHint::Invalid,
        Some(Some(Hint { client_id, session_id, .. })) => {
            LogoutHint::Valid { client_id, session_id: *session_id }
        }
    };
    let facts = LogoutFacts {
        hint,
        client_id: command.request.client_id.as_deref(),
        app: found.registration.app_facts(),
        redirect_uri: command.request.redirect_uri.as_deref(),
        session: found.session_that_counts(),
        agreed: command.agreed,
    };
    let LogoutDecision { outcome, redirect_uri } =
        decide_logout(&facts).map_err(|denial| refused(authority, command, &found, denial))?;
    found.registration.confirm(authority, LookUp::Anywhere)?;
    let question = match (outcome, &found.signed_in) {
        (LogoutOutcome::Ask(session_id), Some(signed_in)) => Some(LogoutQuestion {
            session_id,
            user_name: signed_in.user.name.clone(),
            app_name: found.registration.app_facts().map(|app| app.app.settings.name.clone()),
        }),
        (LogoutOutcome::End(_), _) => {
            if let Some(handle) = &command.session_handle {
                sign_out(authority, &command.issuer, handle, command.request_id)?;
            }
            None
        }
        // Nobody is asked about a session that is not live.
        (LogoutOutcome::Ask(_) | LogoutOutcome::SignedOutAlready, _) => None,
    };
    Ok(LogoutStep { redirect_uri: redirect_uri.map(str::to_owned), question })
}

fn find(authority: &Authority, command: &EndSessionCommand) -> Result<Found, Failure<EndSessionDenial>> {
    let EndSessionCommand { issuer, request, session_handle, .. } = command;
    let hint = match &request.id_token_hint {
        Some(text) => Some(read_hint(authority, issuer, text)?),
        None => None,
    };
    let hinted = hint.as_ref().and_then(Option::as_ref).map(|hint| hint.client_id.as_str());
    let client_id = request.client_id.as_deref().or(hinted).unwrap_or_default();
    let registration = Registration::of_client(authority, issuer, client_id, LookUp::Anywhere)?
        .ok_or(Failure::Denied(EndSessionDenial::UnknownIssuer(UnknownIssuer)))?;
    let (signed_in, session) = match session_handle {
        Some(handle) => {
            let instance_id = registration.issuer.catalogue.instance.id;
            let hash = handle_hash(handle);
            let session =
                authority.store.read(|reads| reads.find_session(instance_id, &hash)).map_err(Fault::from)?;
            (find_signed_in(authority, issuer, handle)?, session.filter(|session| session.ended_at.is_none()))
        }
        None => (None, None),
    };
    Ok(Found { registration, hint, signed_in, session })
}

impl Found {
    /// The live session or, since people use apps for hours without being seen here, the one that the hint names: the
    /// other apps of it are told also if it has expired.
    fn session_that_counts(&self) -> Option<SessionId> {
        let hint = self.hint.as_ref().and_then(Option::as_ref);
        let is_hinted = |session: &&Session| hint.is_some_and(|hint| hint.session_id == session.id);
        let hinted = self.session.as_ref().filter(is_hinted);
        self.signed_in.as_ref().map(|signed_in| &signed_in.session).or(hinted).map(|session| session.id)
    }
}

fn refused(
    authority: &Authority,
    command: &EndSessionCommand,
    found: &Found,
    denial: LogoutDenial,
) -> Failure<EndSessionDenial> {
    let actor = found.signed_in.as_ref().map_or(Actor::Anonymous, |signed_in| Actor::User(signed_in.user.id));
    let instance_id = found.registration.issuer.catalogue.instance.id;
    let deed = Deed { authority, instance_id, actor, request_id: command.request_id };
    let session = found.signed_in.as_ref().map(|signed_in| signed_in.session.id.to_string());
    deed.note_refusal("session.end", session, denial.code());
    Failure::Denied(denial.into())
}
