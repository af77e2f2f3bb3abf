//! What the use cases ask of whoever can connect: may this address be told of logouts, and has it heard of one? This
//! crate itself connects to nothing.

use turnkeep_domain::backchannel_logout_uri::BackchannelLogoutUri;

/// How a delivery ended. Why one failed, nobody is told: it would make us a port scanner (requirement C 62).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// The app has taken it: 200, or 204 (Back-Channel Logout §2.8).
    Delivered,
    /// It has not, for whatever reason.
    Failed,
}

/// Tells apps. Implementations answer for requirements C 59 to 62: which addresses may be asked, for how long, and that
/// no redirect is followed.
pub trait DeliverLogout: Send + Sync {
    /// Whether an address may be saved, by its text alone: no name is resolved.
    fn may_reach(&self, uri: &BackchannelLogoutUri) -> bool;

    /// Sends a logout token once, within a bounded time (§2.5). Blocks; is called on many threads at once.
    fn deliver(&self, uri: &BackchannelLogoutUri, logout_token: &str) -> DeliveryOutcome;
}

/// For an authority that connects to nothing: nobody is told.
#[derive(Debug, Clone, Copy)]
pub struct NoLogoutDelivery;

impl DeliverLogout for NoLogoutDelivery {
    /// What is encrypted: where it leads to is for a guard to judge, and there is none.
    fn may_reach(&self, uri: &BackchannelLogoutUri) -> bool {
        uri.as_str().starts_with("https://")
    }

    fn deliver(&self, _: &BackchannelLogoutUri, _: &str) -> DeliveryOutcome {
        DeliveryOutcome::Failed
    }
}
