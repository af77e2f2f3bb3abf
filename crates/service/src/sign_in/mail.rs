//! What the use cases ask of whoever sends mail. This crate itself sends nothing.

use turnkeep_domain::email_address::EmailAddress;
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::authority::Authority;

/// What has become of messages since the process started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MailCounts {
    /// Delivered to where mail goes; whether anybody has read them is not known.
    pub sent: u64,
    /// Given up.
    pub failed: u64,
    /// Not taken, as too many were waiting, or left over when the process stopped.
    pub dropped: u64,
    /// Waiting now.
    pub waiting: u64,
}

/// Sends mail. Returns at once; whether somebody ever reads it is not known.
pub trait SendMail: Send + Sync {
    /// Takes a message to send soon: one line of subject, and a plain text, which may hold a link that nobody else may
    /// see.
    fn send(&self, to: &EmailAddress, subject: &str, text: &PlaintextSecret);

    /// What has become of what was sent; `None` where nothing is sent at all.
    fn counts(&self) -> Option<MailCounts> {
        None
    }
}

/// For an authority that sends nothing.
#[derive(Debug, Clone, Copy)]
pub struct NoMail;

impl SendMail for NoMail {
    fn send(&self, _: &EmailAddress, _: &str, _: &PlaintextSecret) {}
}

impl Authority {
    /// What has become of mail of this node; `None` where it sends none.
    pub fn mail_counts(&self) -> Option<MailCounts> {
        self.mail.counts()
    }
}
