//! A secret in the one answer that shows it.

use std::fmt;

use serde::{Serialize, Serializer};
use zeroize::Zeroize;

/// A new client secret on its way out: serialised once, never printed, wiped when dropped.
pub struct RevealedSecret(String);

impl RevealedSecret {
    /// Takes over a secret that was just made.
    pub fn new(secret: String) -> Self {
        Self(secret)
    }
}

impl Serialize for RevealedSecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Drop for RevealedSecret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for RevealedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RevealedSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_serialised_but_not_printed() {
        let secret = RevealedSecret::new("hunter2".to_owned());
        assert_eq!(serde_json::to_string(&secret).unwrap(), r#""hunter2""#);
        assert_eq!(format!("{secret:?}"), "RevealedSecret(…)");
    }
}
