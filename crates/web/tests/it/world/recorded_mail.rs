//! Mail that nobody sends: a test reads it.

use std::sync::{Mutex, PoisonError};

use turnkeep_domain::email_address::EmailAddress;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::sign_in::mail::{MailCounts, SendMail};

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
}

/// All messages so far.
#[derive(Default)]
pub(crate) struct RecordedMail {
    messages: Mutex<Vec<Mail>>,
    counts: Mutex<Option<MailCounts>>,
}

impl RecordedMail {
    /// Those that were sent since this was asked last.
    pub(crate) fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut *self.messages.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Says from now on that this has become of mail.
    pub(crate) fn say(&self, counts: MailCounts) {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner) = Some(counts);
    }
}

impl SendMail for RecordedMail {
    fn send(&self, to: &EmailAddress, subject: &str, text: &PlaintextSecret) {
        let mail = Mail { to: to.to_string(), subject: subject.to_owned(), text: text.expose().to_owned() };
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
    }

    fn counts(&self) -> Option<MailCounts> {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
