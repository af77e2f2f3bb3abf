//! The bytes that hashes and seals are made of. Every message starts with a label of its own, and no two messages
//! have the same bytes: what varies in length says how long it is, what may be absent says whether it is there.

use hmac::digest::Update;

/// Writes values in their canonical form:
///
/// - *fixed*: the bytes as they are, for what always has the same length;
/// - *number*: 8 bytes, big endian (a time: microseconds since 1970 as a signed number);
/// - *text*: its length in bytes as a *number*, then its UTF-8;
/// - *option*: the byte 0 if there is none, else the byte 1 and the value.
pub(crate) struct Canonical<D>(D);

impl<D: Update> Canonical<D> {
    /// Starts a message. The label, written as *text*, keeps different kinds of messages apart.
    pub(crate) fn labelled(output: D, label: &'static str) -> Self {
        Self(output).text(label)
    }

    pub(crate) fn fixed<const N: usize>(mut self, bytes: &[u8; N]) -> Self {
        self.0.update(bytes);
        self
    }

    pub(crate) fn number(self, number: u64) -> Self {
        self.fixed(&number.to_be_bytes())
    }

    pub(crate) fn micros(self, micros: i64) -> Self {
        self.fixed(&micros.to_be_bytes())
    }

    pub(crate) fn length(self, length: usize) -> Self {
        self.number(u64::try_from(length).unwrap_or(u64::MAX))
    }

    pub(crate) fn text(self, text: &str) -> Self {
        let mut this = self.length(text.len());
        this.0.update(text.as_bytes());
        this
    }

    pub(crate) fn option<T>(self, value: Option<T>, write: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            None => self.fixed(&[0]),
            Some(value) => write(self.fixed(&[1]), value),
        }
    }

    pub(crate) fn optional_text(self, text: Option<&str>) -> Self {
        self.option(text, Self::text)
    }

    pub(crate) fn into_inner(self) -> D {
        self.0
    }
}
