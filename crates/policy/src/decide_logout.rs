//! An app wants a person signed out: does their session end, are they asked, and where does their browser go then?
//! (OpenID Connect RP-Initiated Logout §2 to §4, §6.)
//!
//! A link can be put anywhere, so it ends a session only if it brings an ID token of just that session; else the person
//! is asked. Nothing is ever sent to a place that is not known to be the app's.

use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::SessionId;

use crate::decide_token::{AppFacts, Authentication, decide_client};

/// What an ID token says that came along as a hint; it may have expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoutHint<'a> {
    /// There is none.
    Missing,
    /// It is no ID token of this issuer.
    Invalid,
    /// It is one.
    Valid {
        /// The app that it was issued to.
        client_id: &'a ClientId,
        /// The session in which the person had signed in.
        session_id: SessionId,
    },
}

/// Everything the decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct LogoutFacts<'a> {
    /// `id_token_hint`.
    pub hint: LogoutHint<'a>,
    /// `client_id`, as the request has it.
    pub client_id: Option<&'a str>,
    /// The app that `client_id` names or, without one, the hint was issued to.
    pub app: Option<AppFacts<'a>>,
    /// `post_logout_redirect_uri`, as the request has it.
    pub redirect_uri: Option<&'a str>,
    /// The live session of the browser.
    pub session: Option<SessionId>,
    /// The session that the person has just agreed to end.
    pub agreed: Option<SessionId>,
}

/// Why the person sees an error page. Their session goes on, and nobody is sent anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogoutDenial {
    /// The hint is no ID token of this issuer (§4).
    #[error("the hint is no ID token of this issuer")]
    HintInvalid,
    /// The hint was issued to another app (§2).
    #[error("the hint was issued to another app")]
    OtherApp,
    /// There is no app of this client id, or it is switched off.
    #[error("there is no such app")]
    AppUnknown,
    /// Nothing says whose the place is where the browser is to be sent (§3).
    #[error("the redirect URI is nobody's")]
    RedirectUriOfNobody,
    /// The app has not registered it (§3).
    #[error("the redirect URI is not registered")]
    RedirectUriMismatch,
}

impl LogoutDenial {
    /// The stable code, for the audit trail.
    pub const fn code(self) -> &'static str {
        match self {
            Self::HintInvalid => "hint_invalid",
            Self::OtherApp => "hint_of_other_app",
            Self::AppUnknown => "app_unknown",
            Self::RedirectUriOfNobody => "redirect_uri_of_nobody",
            Self::RedirectUriMismatch => "redirect_uri_mismatch",
        }
    }
}

/// What becomes of the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoutOutcome {
    /// The person is asked whether to end it.
    Ask(SessionId),
    /// It ends.
    End(SessionId),
    /// There is none.
    SignedOutAlready,
}

/// What happens, and where the browser goes when the session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogoutDecision<'a> {
    /// What becomes of the session.
    pub outcome: LogoutOutcome,
    /// Registered for the app; `None` is a page of ours.
    pub redirect_uri: Option<&'a str>,
}

/// Decides about a request to sign out.
pub fn decide_logout<'a>(facts: &LogoutFacts<'a>) -> Result<LogoutDecision<'a>, LogoutDenial> {
    judge_hint(facts)?;
    let app = live_app(facts)?;
    let redirect_uri = match facts.redirect_uri {
        None => None,
        Some(requested) => Some(registered(app, requested)?),
    };
    let outcome = match facts.session {
        None => LogoutOutcome::SignedOutAlready,
        Some(present) if is_meant(facts, present) => LogoutOutcome::End(present),
        Some(present) => LogoutOutcome::Ask(present),
    };
    Ok(LogoutDecision { outcome, redirect_uri })
}

fn judge_hint(facts: &LogoutFacts<'_>) -> Result<(), LogoutDenial> {
    match (facts.hint, facts.client_id) {
        (LogoutHint::Invalid, _) => Err(LogoutDenial::HintInvalid),
        (LogoutHint::Valid { client_id, .. }, Some(stated)) if client_id.as_str() != stated => {
            Err(LogoutDenial::OtherApp)
        }
        (LogoutHint::Missing | LogoutHint::Valid { .. }, _) => Ok(()),
    }
}

/// The app, if it may send anybody anywhere. One that is named has to be there; one that is switched off since its ID
/// token was issued only has nowhere to send its people any more.
fn live_app<'a>(facts: &LogoutFacts<'a>) -> Result<Option<AppFacts<'a>>, LogoutDenial> {
    let is_live = decide_client(facts.app.as_ref(), Authentication::Verified).is_ok();
    match facts.app.filter(|_| is_live) {
        None if facts.client_id.is_some() => Err(LogoutDenial::AppUnknown),
        app => Ok(app),
    }
}

/// Byte for byte (§3): what natively installed apps may vary at sign-in, their port, they have no use for here.
fn registered<'a>(app: Option<AppFacts<'a>>, requested: &'a str) -> Result<&'a str, LogoutDenial> {
    let app = app.ok_or(LogoutDenial::RedirectUriOfNobody)?;
    let is_registered = app.app.settings.logout_redirect_uris.iter().any(|uri| uri.as_str() == requested);
    if is_registered { Ok(requested) } else { Err(LogoutDenial::RedirectUriMismatch) }
}

fn is_meant(facts: &LogoutFacts<'_>, present: SessionId) -> bool {
    let is_hinted = matches!(facts.hint, LogoutHint::Valid { session_id, .. } if session_id == present);
    is_hinted || facts.agreed == Some(present)
}

#[cfg(test)]
mod tests;
