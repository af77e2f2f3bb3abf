//! A message as it is sent (RFC 5322).

use std::time::{Duration, UNIX_EPOCH};

use data_encoding::HEXLOWER;
use lettre::Message;
use lettre::message::header::{
    ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue, MIME_VERSION_1_0,
};
use lettre::message::{Body, Mailbox};
use sha2::{Digest, Sha256};

use crate::deliver::DeliveryError;
use crate::message::MailMessage;
use crate::sender::Sender;

/// How to write a text that is not only ASCII.
#[derive(Clone, Copy)]
pub(crate) enum Encoding {
    /// For every server: quoted-printable or base 64.
    SevenBit,
    /// For somebody who reads the file: as it is.
    EightBit,
}

/// That nobody wrote this by hand, so that no machine replies to it (RFC 3834 §5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

pub(crate) fn write(
    message: &MailMessage,
    from: &Sender,
    encoding: Encoding,
) -> Result<Message, DeliveryError> {
    let to = message.to.as_str().parse().map_err(|_| DeliveryError::Unwritable)?;
    let micros = u64::try_from(message.at.as_micros()).unwrap_or(0);
    Message::builder()
        .from(from.0.clone())
        .to(Mailbox::new(None, to))
        .subject(message.subject.clone())
        .date(UNIX_EPOCH + Duration::from_micros(micros))
        .message_id(Some(message_id(message, from)))
        .header(AutoSubmitted)
        .header(MIME_VERSION_1_0)
        .header(ContentType::TEXT_PLAIN)
        .body(body(message.text.expose().to_owned(), encoding))
        .map_err(|_| DeliveryError::Unwritable)
}

/// The longest line that every server takes, in bytes without its end (RFC 5322 §2.1.1).
const MAX_LINE_BYTES: usize = 998;

/// Leaves the text as it is wherever that can be sent: what encodes it breaks links into pieces, and somebody may have
/// to copy them out of a file. The library would do so from 76 characters on.
fn body(text: String, encoding: Encoding) -> Body {
    let as_it_is = match encoding {
        _ if text.is_ascii() => Some(ContentTransferEncoding::SevenBit),
        Encoding::EightBit => Some(ContentTransferEncoding::EightBit),
        Encoding::SevenBit => None,
    };
    match as_it_is {
        Some(encoding) if text.lines().all(|line| line.len() <= MAX_LINE_BYTES) => {
            Body::dangerous_pre_encoded(text.replace('\n', "\r\n").into_bytes(), encoding)
        }
        _ => Body::new(text),
    }
}

/// The same at every try, so that who gets a message twice can tell.
fn message_id(message: &MailMessage, from: &Sender) -> String {
    let mut hash = Sha256::new();
    hash.update(message.at.as_micros().to_be_bytes());
    for part in [message.to.as_str(), &message.subject, message.text.expose()] {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    let (id, _) = digest.split_at(16);
    format!("<{}@{}>", HEXLOWER.encode(id), from.host())
}
