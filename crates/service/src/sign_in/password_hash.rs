//! Passwords between the form and the database: normalised, bounded, hashed on threads of their own.

use data_encoding::BASE64_NOPAD;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_secret::scrypt_hash::{ScryptHash, ScryptParams};
use turnkeep_storage::credential::StoredPassword;
use unicode_normalization::UnicodeNormalization;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::sign_in::password_turn::require_password_turn;

/// The longest password that is looked at, in bytes as it is sent; what is longer is refused before it costs anything.
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// A password as it is judged and hashed (NIST SP 800-63B §3.1.1.2: normalised before hashing).
pub(crate) struct NormalisedPassword(PlaintextSecret);

impl NormalisedPassword {
    /// NFC; `None` if it is too long.
    pub(crate) fn new(password: &PlaintextSecret) -> Option<Self> {
        let text = password.expose();
        (text.len() <= MAX_PASSWORD_BYTES).then(|| Self(PlaintextSecret::new(text.nfc().collect())))
    }

    /// The text. Whoever calls this answers for where it goes.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// Whose password is looked at. Whoever guesses cannot fill the queue of those who are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Anybody's.
    Stranger,
    /// Somebody's who has been here before.
    Known,
}

impl Standing {
    /// Of whoever is known by something, if so.
    pub(crate) fn known_by(what: Option<&str>) -> Self {
        what.map_or(Self::Stranger, |_| Self::Known)
    }
}

/// Whether it is the stored password. Without one, or for one that is too long, it costs the same and is wrong.
pub(crate) fn verify_password(
    authority: &Authority,
    standing: Standing,
    stored: Option<&StoredPassword>,
    password: Option<&NormalisedPassword>,
) -> Result<bool, Fault> {
    require_password_turn(standing)?;
    let is_possible = stored.is_some() && password.is_some();
    let hash = match stored {
        Some(stored) => stored.hash.clone(),
        None => nobodys_hash(authority.settings.password_scrypt)?,
    };
    let presented =
        password.map_or_else(|| PlaintextSecret::new(String::new()), |password| password.0.clone());
    let hashing = match standing {
        Standing::Stranger => &authority.password_hashing,
        Standing::Known => &authority.known_password_hashing,
    };
    let matches = hashing.run(move || hash.verify(presented.expose()))?;
    Ok(matches && is_possible)
}

/// Hashes a new password, of somebody who has proven who they are.
pub(crate) fn hash_password(
    authority: &Authority,
    password: &NormalisedPassword,
) -> Result<StoredPassword, Fault> {
    require_password_turn(Standing::Known)?;
    let params = authority.settings.password_scrypt;
    let (salt, password) = (authority.random_bytes(), password.0.clone());
    let made =
        authority.known_password_hashing.run(move || ScryptHash::make(password.expose(), params, salt))?;
    Ok(StoredPassword { hash: made?, changed_at: authority.now() })
}

/// A hash that nobody knows a password for, as costly as those of present passwords.
fn nobodys_hash(params: ScryptParams) -> Result<ScryptHash, Fault> {
    let (salt, hash) = (BASE64_NOPAD.encode(&[0; 16]), BASE64_NOPAD.encode(&[0; 32]));
    let (log_n, r, p) = (params.log_n(), params.r(), params.p());
    Ok(ScryptHash::parse(&format!("$scrypt$ln={log_n},r={r},p={p}${salt}${hash}"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_normalised_and_bounded() {
        let normalised = |text: &str| NormalisedPassword::new(&PlaintextSecret::new(text.to_owned()));
        assert_eq!(normalised("e\u{301}t\u{e9}").unwrap().expose(), "\u{e9}t\u{e9}");
        assert_eq!(normalised("  kept  ").unwrap().expose(), "  kept  ");
        assert!(normalised(&"x".repeat(1024)).is_some());
        assert!(normalised(&"x".repeat(1025)).is_none());
    }

    #[test]
    fn the_hash_of_nobody_costs_what_others_cost() {
        let hash = nobodys_hash(ScryptParams::PASSWORD).unwrap();
        assert_eq!(hash.params(), ScryptParams::PASSWORD);
    }
}
