//! The overview of somebody's own account, and everything that they can end, take back and set up there.

pub(crate) mod consents;
pub(crate) mod passkeys;
pub(crate) mod password;
pub(crate) mod recovery_codes;
pub(crate) mod sessions;
pub(crate) mod show;
pub(crate) mod tokens;
pub(crate) mod totp;

pub(crate) mod notice;
mod refused;
mod sent_form;
mod token_form;
