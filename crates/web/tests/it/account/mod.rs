//! Pages of people, as a browser meets them.

pub(crate) mod browser;
pub(crate) mod pages;
pub(crate) mod persons;
pub(crate) mod walk;

mod consents;
mod forgery;
mod history;
mod invitations;
mod leaks;
mod links;
mod overview;
mod passkeys;
mod password_turns;
mod second_factor;
mod session_end;
mod sign_in;
mod tokens;
mod under_load;
