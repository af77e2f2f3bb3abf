//! People and what they may do.

mod invitations;
mod management_tokens;
mod members;
mod operators;
mod people_verbs;
mod racing;
mod role_walk;
mod strangers;
