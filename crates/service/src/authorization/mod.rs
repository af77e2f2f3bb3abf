//! The authorization endpoint: apps ask for codes, people sign in and consent.

pub mod authorize;
pub mod browser_mark;
pub mod consent_question;
pub mod interaction;
pub mod list_consents;
pub mod redirect_address;
pub mod revoke_consent;

mod expected_person;
mod issue_code;
mod note_refusal;
