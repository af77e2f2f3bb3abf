//! Tells apps of logouts (OpenID Connect Back-Channel Logout §2.5): one form to an address that the app chose. What was
//! wrong stays in our log.

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::allow_list::AllowList;
use crate::client::{FetchError, GuardedClient, Limits};
use crate::resolver::{Resolver, SystemResolver};
use crate::target::{Origin, TargetError};

/// Why an app was not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotTold {
    /// There was no answer.
    #[error(transparent)]
    NoAnswer(#[from] FetchError),
    /// The answer was another one than 200 or 204.
    #[error("the app answered with status {0}")]
    Status(u16),
}

/// Posts logout tokens. Blocks, and may be used on many threads at once.
pub struct LogoutClient(GuardedClient);

impl LogoutClient {
    /// How long an app may take for everything.
    pub const TIME_LIMIT: Duration = Duration::from_secs(5);

    /// How much it may answer, in bytes; all of it is thrown away.
    pub const BODY_LIMIT: usize = 64 * 1024;

    /// Reaches the public internet, and what the operator has listed.
    pub fn new(allow_list: AllowList) -> Self {
        Self::with_resolver(allow_list, Arc::new(SystemResolver), Self::TIME_LIMIT)
    }

    /// The same with another resolver and another limit of time.
    pub fn with_resolver(allow_list: AllowList, resolver: Arc<dyn Resolver>, time_limit: Duration) -> Self {
        let limits = Limits { connect: time_limit, total: time_limit, body_bytes: Self::BODY_LIMIT };
        Self(GuardedClient::new(allow_list, resolver, limits))
    }

    /// Whether an address may be told, as far as its text shows.
    pub fn may_reach(&self, uri: &str) -> bool {
        Url::parse(uri).is_ok_and(|url| Origin::judge(&url, self.0.allow_list()).is_ok())
    }

    /// Posts a logout token, a compact JWS. 200 means that the app has taken it, 204 does in practice (§2.8); a redirect is
    /// not followed.
    pub fn tell(&self, uri: &str, logout_token: &str) -> Result<(), NotTold> {
        let url = Url::parse(uri).map_err(|_| FetchError::Target(TargetError::NotAUrl))?;
        // Nothing in a compact JWS needs to be encoded in a form (RFC 7515 §3.1).
        let answer = self.0.post_form(&url, &format!("logout_token={logout_token}"))?;
        match answer.status {
            200 | 204 => Ok(()),
            status => Err(NotTold::Status(status)),
        }
    }
}
