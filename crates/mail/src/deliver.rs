//! What takes messages to where they are read.

use crate::message::MailMessage;

/// Why a message was not delivered. It says nothing of the message, its reader or what a server answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// It cannot be written as a message.
    #[error("the message cannot be written")]
    Unwritable,
    /// The folder has as many messages as it may have; somebody has to empty it.
    #[error("the outbox is full")]
    Full,
    /// The folder cannot be written to.
    #[error("the outbox cannot be written to: {0}")]
    Folder(std::io::ErrorKind),
    /// The server does not want it, now or ever (RFC 5321 §4.2.1, 5yz).
    #[error("the mail server refused the message with {0}")]
    Refused(u16),
    /// The server does not want it now (RFC 5321 §4.2.1, 4yz).
    #[error("the mail server put the message off with {0}")]
    PutOff(u16),
    /// The connection cannot be encrypted, or not as the settings want it.
    #[error("no encrypted connection to the mail server")]
    Tls,
    /// The server did not answer in time.
    #[error("the mail server did not answer in time")]
    Timeout,
    /// The server cannot be reached, or does not speak SMTP.
    #[error("the mail server cannot be reached")]
    Unreachable,
}

impl DeliveryError {
    /// Whether it may go better in a while.
    pub const fn is_transient(self) -> bool {
        match self {
            Self::Unwritable | Self::Full | Self::Refused(_) => false,
            Self::Folder(_) | Self::PutOff(_) | Self::Tls | Self::Timeout | Self::Unreachable => true,
        }
    }
}

/// A way for messages to take. It may block, for a bounded time.
pub trait Deliver: Send + Sync {
    /// Delivers one message, or nothing of it.
    fn deliver(&self, message: &MailMessage) -> Result<(), DeliveryError>;
}
