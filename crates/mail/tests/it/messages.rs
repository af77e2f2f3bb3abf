//! Messages for the other tests.

use turnkeep_domain::email_address::EmailAddress;
use turnkeep_domain::time::Timestamp;
use turnkeep_mail::message::MailMessage;
use turnkeep_mail::sender::Sender;
use turnkeep_secret::plaintext::PlaintextSecret;

/// 2023-11-14T22:13:20Z, in microseconds.
pub(crate) const MICROS: i64 = 1_700_000_000_000_000;

pub(crate) fn message(subject: &str, text: &str) -> MailMessage {
    let to = EmailAddress::parse("ada@example.com").unwrap();
    let text = PlaintextSecret::new(text.to_owned());
    MailMessage::new(Timestamp::from_micros(MICROS), to, subject.to_owned(), text).unwrap()
}

pub(crate) fn sender() -> Sender {
    Sender::parse("Example <no-reply@id.example.com>").unwrap()
}
