//! Invitations into tenants, as the invited person meets them. Looking at one uses nothing up.

pub(crate) mod show;
pub(crate) mod submit;
