//! The secret key of storage settings in the clear: on its way in, or on its way to the provider. It is never shown.

use turnkeep_secret::plaintext::PlaintextSecret;

/// The text is not a secret key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have 1 to {} visible ASCII characters", StorageSecretKey::MAX_LENGTH)]
pub struct StorageSecretKeyError;

/// What a provider knows an access key by. It cannot be printed or compared, and is wiped when dropped.
#[derive(Debug, Clone)]
pub struct StorageSecretKey(PlaintextSecret);

impl StorageSecretKey {
    /// The longest secret key, in characters.
    pub const MAX_LENGTH: usize = 256;

    /// Accepts 1 to 256 visible ASCII characters.
    pub fn parse(text: PlaintextSecret) -> Result<Self, StorageSecretKeyError> {
        let visible = text.expose().bytes().all(|b| b.is_ascii_graphic());
        if text.expose().is_empty() || Self::MAX_LENGTH < text.expose().len() || !visible {
            return Err(StorageSecretKeyError);
        }
        Ok(Self(text))
    }

    /// The secret. Whoever calls this answers for where it goes.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<StorageSecretKey, StorageSecretKeyError> {
        StorageSecretKey::parse(PlaintextSecret::new(text.to_owned()))
    }

    #[test]
    fn secret_keys_are_bounded_and_visible() {
        for good in ["k", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", &"k".repeat(256)] {
            assert_eq!(parse(good).unwrap().expose(), good);
        }
        for bad in ["", "a b", "a\n", "\u{e9}", "a\0", "\u{7f}", &"k".repeat(257)] {
            assert_eq!(parse(bad).err(), Some(StorageSecretKeyError), "{bad:?}");
        }
    }

    #[test]
    fn it_cannot_be_printed() {
        assert!(!format!("{:?}", parse("hunter2").unwrap()).contains("hunter2"));
    }
}
