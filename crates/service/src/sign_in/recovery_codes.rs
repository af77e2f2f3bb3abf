//! Codes for the case that the authenticator is lost: ten, shown once, each good for one sign-in.

use sha2::{Digest, Sha256};
use turnkeep_domain::id::UserId;
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::authority::Authority;

/// How many there are.
pub const RECOVERY_CODES: usize = 10;

/// Of five bits each: 60 in a code.
const CHARACTERS: usize = 12;

/// Crockford's alphabet in lower case.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// New codes, and what is stored of them.
pub(crate) fn make_recovery_codes(
    authority: &Authority,
    user_id: UserId,
) -> (Vec<PlaintextSecret>, Vec<[u8; 32]>) {
    let codes: Vec<PlaintextSecret> =
        (0..RECOVERY_CODES).map(|_| recovery_code(authority.random_bytes())).collect();
    let hashes = codes.iter().map(|code| recovery_code_hash(user_id, code.expose())).collect();
    (codes, hashes)
}

fn recovery_code(random: [u8; CHARACTERS]) -> PlaintextSecret {
    let mut text = String::with_capacity(CHARACTERS + 2);
    for (index, byte) in random.into_iter().enumerate() {
        if index != 0 && index % 4 == 0 {
            text.push('-');
        }
        let digit = ALPHABET.get(usize::from(byte & 31)).copied().unwrap_or(b'0');
        text.push(char::from(digit));
    }
    PlaintextSecret::new(text)
}

/// What is stored of a code, in whatever way it is typed. So many random bits need no slow hash; bound to the user, so
/// that it is nobody else's.
pub(crate) fn recovery_code_hash(user_id: UserId, typed: &str) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix("turnkeep recovery code v1");
    hash.update(user_id.as_bytes());
    for character in typed.bytes().filter(u8::is_ascii_alphanumeric) {
        let character = match character.to_ascii_lowercase() {
            b'i' | b'l' => b'1',
            b'o' => b'0',
            other => other,
        };
        hash.update([character]);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_in_every_spelling_and_one_users_only() {
        let user = UserId::from_bytes([1; 16]);
        let code = recovery_code(std::array::from_fn(|i| u8::try_from(i * 11).unwrap()));
        assert_eq!(code.expose(), "0bp1-cq2d-r3es");
        let hash = recovery_code_hash(user, code.expose());
        for typed in ["0BP1 CQ2D R3ES", "obplcq2dr3es", " 0bpi-cq2d-r3es "] {
            assert_eq!(recovery_code_hash(user, typed), hash, "{typed}");
        }
        assert_ne!(recovery_code_hash(user, "0bp1-cq2d-r3et"), hash);
        assert_ne!(recovery_code_hash(UserId::from_bytes([2; 16]), code.expose()), hash);
    }
}
