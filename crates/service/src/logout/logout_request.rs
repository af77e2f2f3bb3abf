//! What an app asks when it wants a person signed out. While the person is asked it goes through their browser, sealed;
//! nothing is stored, and when it comes back all of it is looked at anew.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use turnkeep_domain::id::SessionId;
use turnkeep_domain::slug::Slug;

use crate::authority::Authority;
use crate::failure::Fault;

/// How long a person may think about it.
const LIFETIME: Duration = Duration::from_secs(3_600);

const PURPOSE: &str = "logout";

/// The parameters (RP-Initiated Logout §2), not verified.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LogoutRequest {
    /// An ID token of the person.
    pub id_token_hint: Option<String>,
    /// The app.
    pub client_id: Option<String>,
    /// Where the browser is to go when the session is over.
    pub redirect_uri: Option<String>,
    /// To be returned there.
    pub state: Option<String>,
}

/// The hint is a token, and the state ties an answer to a browser.
impl fmt::Debug for LogoutRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogoutRequest").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// A request that is on its way through the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedLogout {
    /// The request.
    pub request: LogoutRequest,
    /// The session that the person is asked about, if they are.
    pub asked: Option<SessionId>,
}

#[derive(Serialize, Deserialize)]
struct StoredLogout {
    request: LogoutRequest,
    asked: Option<String>,
}

/// Seals a request.
pub fn seal_logout(authority: &Authority, issuer: &Slug, logout: SealedLogout) -> Result<String, Fault> {
    let SealedLogout { request, asked } = logout;
    let stored = StoredLogout { request, asked: asked.map(|id| id.to_string()) };
    authority.seal_state(PURPOSE, issuer, &stored, LIFETIME)
}

/// Opens it; `None` if it is not of this issuer, or too old.
pub fn open_logout(authority: &Authority, issuer: &Slug, text: &str) -> Result<Option<SealedLogout>, Fault> {
    let opened = authority.open_state::<StoredLogout>(PURPOSE, issuer, text)?;
    Ok(opened.map(|StoredLogout { request, asked }| SealedLogout {
        request,
        asked: asked.and_then(|id| id.parse().ok()),
    }))
}
