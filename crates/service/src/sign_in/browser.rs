//! The browser of a person who signs in.

use std::fmt;
use std::net::IpAddr;

use turnkeep_domain::id::UserId;
use turnkeep_domain::slug::Slug;
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::sign_in::device::known_device;

/// Where a request of a person comes from.
#[derive(Clone)]
pub struct Browser {
    /// The address, as far as it can be believed.
    pub address: IpAddr,
    /// What the browser says it is.
    pub user_agent: String,
    /// What it was given when somebody signed in with it before ([`NewSession::device`]), if it shows that.
    ///
    /// [`NewSession::device`]: crate::sign_in::session::NewSession::device
    pub device: Option<String>,
    /// The handle of the session that it has at present, live or not.
    pub present_session: Option<String>,
}

impl Browser {
    /// What this browser is known by as one that this user has signed in with before.
    pub(crate) fn known_by(
        &self,
        authority: &Authority,
        issuer: &Slug,
        user_id: UserId,
    ) -> Result<Option<String>, Fault> {
        match &self.device {
            Some(device) => known_device(authority, issuer, user_id, device),
            None => Ok(None),
        }
    }

    /// The handle of the present session, which does not print.
    pub(crate) fn present_session(&self) -> Option<PlaintextSecret> {
        self.present_session.clone().map(PlaintextSecret::new)
    }
}

impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Browser").field("address", &self.address).finish_non_exhaustive()
    }
}
