//! A secret in the clear, between the request and the check, or between its making and the one time it is shown.

use std::fmt;

use zeroize::Zeroize;

/// The longest secret that is looked at, in bytes; what is longer is refused before it costs anything.
pub const MAX_PRESENTED_BYTES: usize = 512;

/// A presented secret has more than [`MAX_PRESENTED_BYTES`] bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret has at most {MAX_PRESENTED_BYTES} bytes")]
pub struct TooLong;

/// A secret in the clear. It cannot be printed or compared; it and each of its clones are wiped when dropped.
#[derive(Clone)]
pub struct PlaintextSecret(String);

impl PlaintextSecret {
    /// Takes over a secret that this server made.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Takes over what a request presents. Nothing is trimmed or normalised: secrets are byte strings
    /// (RFC 6749 Appendix A.2).
    pub fn presented(text: String) -> Result<Self, TooLong> {
        let secret = Self(text);
        if MAX_PRESENTED_BYTES < secret.0.len() { Err(TooLong) } else { Ok(secret) }
    }

    /// The secret. Whoever calls this answers for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Drop for PlaintextSecret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for PlaintextSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlaintextSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_counts_bytes() {
        assert!(PlaintextSecret::presented("x".repeat(512)).is_ok());
        assert_eq!(PlaintextSecret::presented("x".repeat(513)).err(), Some(TooLong));
        assert_eq!(PlaintextSecret::presented("é".repeat(257)).err(), Some(TooLong));
    }

    #[test]
    fn what_is_presented_stays_as_it_is() {
        let text = " \0a\u{301} ";
        assert_eq!(PlaintextSecret::presented(text.to_owned()).unwrap().expose(), text);
    }
}
