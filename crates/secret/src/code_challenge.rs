//! Whether a code verifier answers a challenge (RFC 7636 §4.6), by `S256`.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// BASE64URL(SHA256(verifier)), compared in constant time.
pub fn answers_challenge(verifier: &str, challenge: &str) -> bool {
    let answer = BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()));
    answer.as_bytes().ct_eq(challenge.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard() {
        // RFC 7636 Appendix B.
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(answers_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", challenge));
        // The challenge itself is no answer: `plain` is not spoken here.
        for wrong in ["dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK", challenge, ""] {
            assert!(!answers_challenge(wrong, challenge), "{wrong}");
        }
    }
}
