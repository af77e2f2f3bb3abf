//! People: members of tenants, operators of instances, invitations, and the tokens that people use the management
//! API with.

pub mod who_am_i;

pub mod list_members;
pub mod remove_member;
pub mod set_member;

pub mod instance_operators;
pub mod manage_operators;

pub mod acting_person;
pub mod actor_names;

pub mod accept_invitation;
pub mod cancel_invitation;
pub mod invite;
pub mod list_invitations;
pub mod look_at_invitation;
pub mod mail_invitation;
pub mod resend_invitation;

pub mod update_user;

pub mod welcome_user;

pub mod issue_management_token;
pub mod list_management_tokens;
pub mod revoke_management_token;

mod attributes;
mod membership_facts;
pub(crate) mod operators_left;
pub(crate) mod user_identifiers;
