//! The account page: what somebody has open, allowed and set up, and how to end it.

pub mod consent;
pub mod message;
pub mod page;
pub mod passkey;
pub mod session;
pub mod token;
pub mod totp;
