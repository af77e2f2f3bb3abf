//! One message to one person: plain text, often with a link in it that works once.

use std::fmt;

use turnkeep_domain::email_address::EmailAddress;
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::plaintext::PlaintextSecret;

/// Why something cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailMessageError {
    /// The subject is empty or has more than [`MailMessage::MAX_SUBJECT_LENGTH`] characters.
    #[error("a subject has 1 to {} characters", MailMessage::MAX_SUBJECT_LENGTH)]
    SubjectLength,
    /// The subject has a line break or another control character: it could begin a header of its own.
    #[error("a subject has no control characters")]
    SubjectCharacter,
    /// The text has more than [`MailMessage::MAX_TEXT_BYTES`] bytes.
    #[error("a text has at most {} bytes", MailMessage::MAX_TEXT_BYTES)]
    TextLength,
    /// The text has control characters other than line feeds and tabs.
    #[error("a text has no control characters but line feeds and tabs")]
    TextCharacter,
}

/// A message that can be sent. It does not print what it says, and wipes it when dropped.
#[derive(Clone)]
pub struct MailMessage {
    pub(crate) at: Timestamp,
    pub(crate) to: EmailAddress,
    pub(crate) subject: String,
    pub(crate) text: PlaintextSecret,
}

impl MailMessage {
    /// The longest subject, in characters.
    pub const MAX_SUBJECT_LENGTH: usize = 200;
    /// The longest text, in bytes.
    pub const MAX_TEXT_BYTES: usize = 64 * 1024;

    /// A message that is made `at` this time. Lines of `text` end with a line feed.
    pub fn new(
        at: Timestamp,
        to: EmailAddress,
        subject: String,
        text: PlaintextSecret,
    ) -> Result<Self, MailMessageError> {
        if subject.is_empty() || Self::MAX_SUBJECT_LENGTH < subject.chars().count() {
            return Err(MailMessageError::SubjectLength);
        }
        if subject.chars().any(|c| c.is_control() || is_line_separator(c)) {
            return Err(MailMessageError::SubjectCharacter);
        }
        if Self::MAX_TEXT_BYTES < text.expose().len() {
            return Err(MailMessageError::TextLength);
        }
        if text.expose().chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(MailMessageError::TextCharacter);
        }
        Ok(Self { at, to, subject, text })
    }

    /// Whom it is for.
    pub fn to(&self) -> &EmailAddress {
        &self.to
    }

    /// What it is about.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// What it says. Whoever exposes it answers for where it goes.
    pub fn text(&self) -> &PlaintextSecret {
        &self.text
    }
}

fn is_line_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

impl fmt::Debug for MailMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailMessage(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(subject: &str, text: &str) -> Result<MailMessage, MailMessageError> {
        let to = EmailAddress::parse("ada@example.com").unwrap();
        let text = PlaintextSecret::new(text.to_owned());
        MailMessage::new(Timestamp::from_secs(1), to, subject.to_owned(), text)
    }

    #[test]
    fn nothing_can_begin_a_header_of_its_own() {
        for subject in
            ["Hello\r\nBcc: eve@example.com", "Hello\nX: y", "Hello\rX: y", "a\0b", "a\u{85}b", "a\u{2028}b"]
        {
            assert_eq!(
                message(subject, "text").err(),
                Some(MailMessageError::SubjectCharacter),
                "{subject:?}"
            );
        }
        assert_eq!(message("Hello", "a\r\n.\r\nb").err(), Some(MailMessageError::TextCharacter));
        assert!(message("Hello", "line\n\tline\n").is_ok());
    }

    #[test]
    fn lengths_are_bounded() {
        assert!(message(&"é".repeat(200), &"x".repeat(65_536)).is_ok());
        assert_eq!(message(&"é".repeat(201), "x").err(), Some(MailMessageError::SubjectLength));
        assert_eq!(message("", "x").err(), Some(MailMessageError::SubjectLength));
        assert_eq!(message("x", &"x".repeat(65_537)).err(), Some(MailMessageError::TextLength));
    }

    #[test]
    fn a_message_does_not_print_what_it_says() {
        let printed = format!("{:?}", message("canary-subject", "canary-text").unwrap());
        assert_eq!(printed, "MailMessage(…)");
    }
}
