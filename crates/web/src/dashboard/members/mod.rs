//! The members of a tenant and the invitations into it.

pub(crate) mod cancel_invitation;
pub(crate) mod invite;
pub(crate) mod remove;
pub(crate) mod resend_invitation;
pub(crate) mod role;
pub(crate) mod show;

mod invitation_once;
mod items;
mod page;
mod role_field;
