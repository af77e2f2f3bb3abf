//! The brake on guessing at people's secrets from one address, over many accounts. How often one account may be guessed at
//! is counted by the use cases.

use std::time::Duration;

use turnkeep_guard::failure_guard::{Admission, Attempt};

use crate::account::cookies::CookieKind;
use crate::account::page_request::PageRequest;

/// Tries of one browser at the secrets of one account.
pub(crate) struct Guessing<'a> {
    page: &'a PageRequest,
    subject: String,
}

impl<'a> Guessing<'a> {
    /// At the account with this name or id, whether or not there is one. No client id has a space.
    pub(crate) fn at(page: &'a PageRequest, account: &str) -> Self {
        // A browser that is known is not slowed down by others at its address; whoever makes up that it is known still
        // has only what all have at this address together.
        let device = CookieKind::Device.read(&page.request, &page.issuer).unwrap_or_default();
        Self { page, subject: format!("person {device} {}", account.to_lowercase()) }
    }

    /// How long to wait before the next try, if it has to wait.
    pub(crate) fn wait(&self) -> Option<Duration> {
        match self.page.state.failure_guard.admit(self.attempt()) {
            Admission::Admitted => None,
            Admission::Wait(wait) => Some(wait),
        }
    }

    /// Counts a failure.
    pub(crate) fn failed(&self) {
        self.page.state.failure_guard.charge_failure(self.attempt());
    }

    fn attempt(&self) -> Attempt<'_> {
        Attempt {
            address: self.page.context.address,
            issuer: self.page.issuer.as_str(),
            client_id: &self.subject,
        }
    }
}
