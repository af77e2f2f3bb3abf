//! What the use cases ask of whoever sends mail. This crate itself sends nothing.

use turnkeep_domain::email_address::EmailAddress;
use turnkeep_secret::plaintext::PlaintextSecret;

/// Sends mail. Returns at once; whether somebody ever reads it is not known.
pub trait SendMail: Send + Sync {
    /// Takes a message to send soon: one line of subject, and a plain text, which may hold a link that nobody else may
    /// see.
    fn send(&self, to: &EmailAddress, subject: &str, text: &PlaintextSecret);
}

/// For an authority that sends nothing.
#[derive(Debug, Clone, Copy)]
pub struct NoMail;

impl SendMail for NoMail {
    fn send(&self, _: &EmailAddress, _: &str, _: &PlaintextSecret) {}
}
