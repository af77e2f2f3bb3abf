//! How people prove who they are, and what they are given for it.

pub mod account_denial;
pub mod browser;
pub mod device;
pub mod form_token;
pub mod issuer_look;
pub mod refusal;

pub mod end_sessions;
pub mod session;
mod start_session;

pub mod pending_sign_in;
pub mod sign_in_with_passkey;
pub mod sign_in_with_password;
pub mod sign_in_with_second_factor;

pub mod change_password;
pub mod credentials;
pub mod passkeys;
pub mod recovery_codes;
pub mod second_factors;

pub mod account_links;
pub mod make_first_operator;
pub mod request_reset;
pub mod use_link;

pub mod mail;
pub(crate) mod mail_texts;

pub(crate) mod events;
pub(crate) mod guess_count;
mod new_password;
pub mod password_hash;
pub mod password_turn;
pub(crate) mod person;
mod present_password;
pub(crate) mod throttle;
pub(crate) mod totp;
