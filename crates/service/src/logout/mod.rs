//! Signing out: an app asks for it, and every app of the session is told (OpenID Connect RP-Initiated Logout and
//! Back-Channel Logout).

pub mod deliver_logout;
pub mod deliver_notices;
pub mod end_session;
pub mod logout_request;
pub mod logout_totals;

pub(crate) mod bell;
pub(crate) mod check_logout_uri;
pub(crate) mod note_logouts;
