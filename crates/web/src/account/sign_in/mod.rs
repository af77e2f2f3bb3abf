//! Signing in: a password, perhaps a second factor, or a passkey. What comes of it is a session, a cookie, and the way
//! back to where the person wanted to go.

pub(crate) mod admitted;
pub(crate) mod browser;
pub(crate) mod destination;
pub(crate) mod guessing;
pub(crate) mod second_factor;
pub(crate) mod show;
pub(crate) mod with_passkey;
pub(crate) mod with_password;
