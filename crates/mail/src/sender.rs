//! Whom messages are from.

use lettre::message::Mailbox;
use turnkeep_domain::email_address::EmailAddress;

/// The text is not a sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a sender: expected an e-mail address, or a name with an e-mail address in angle brackets")]
pub struct SenderError;

/// The address in `From`, with or without a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(pub(crate) Mailbox);

impl Sender {
    /// Reads `no-reply@example.com` or `Example <no-reply@example.com>`.
    pub fn parse(text: &str) -> Result<Self, SenderError> {
        if text.chars().any(char::is_control) || 400 < text.len() {
            return Err(SenderError);
        }
        let mailbox: Mailbox = text.trim().parse().map_err(|_| SenderError)?;
        EmailAddress::parse(mailbox.email.as_ref()).map_err(|_| SenderError)?;
        Ok(Self(mailbox))
    }

    /// The host of the address.
    pub(crate) fn host(&self) -> &str {
        self.0.email.domain()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_an_address_with_or_without_a_name() {
        for text in ["no-reply@example.com", "Example <no-reply@example.com>", "Börse <a@localhost>"] {
            assert!(Sender::parse(text).is_ok(), "{text}");
        }
        for text in ["", "Example", "a@b\r\nBcc: c@d", "a@b, c@d", "Example <>", &"a".repeat(401)] {
            assert_eq!(Sender::parse(text), Err(SenderError), "{text:?}");
        }
    }
}
