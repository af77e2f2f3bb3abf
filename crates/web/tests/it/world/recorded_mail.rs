//! Mail that nobody sends: a test reads it.

use std::sync::{Mutex, PoisonError};

use turnkeep_domain::email_address::EmailAddress;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::sign_in::mail::SendMail;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
}

/// All messages so far.
#[derive(Default)]
pub(crate) struct RecordedMail(Mutex<Vec<Mail>>);

impl RecordedMail {
    /// Those that were sent since this was asked last.
    pub(crate) fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl SendMail for RecordedMail {
    fn send(&self, to: &EmailAddress, subject: &str, text: &PlaintextSecret) {
        let mail = Mail { to: to.to_string(), subject: subject.to_owned(), text: text.expose().to_owned() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
    }
}
