//! One-time passwords of authenticator apps (RFC 6238): six digits, 30 seconds, one step of tolerance.

use std::fmt::Write;

use data_encoding::BASE32_NOPAD;
use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::Builder;
use turnkeep_domain::id::{InstanceId, UserId};
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::credential::StoredTotp;
use turnkeep_token::sealing::{SealError, SealedBytes, SealingPurpose, associated_data, open, seal};
use zeroize::Zeroizing;

use crate::authority::Authority;
use crate::failure::Fault;

/// 160 bits (RFC 4226 §4 R6).
pub(crate) const SECRET_BYTES: usize = 20;

/// The secret that an authenticator app shares with this server.
pub(crate) type TotpSecret = Zeroizing<[u8; SECRET_BYTES]>;

/// The time step whose code this is, if it is one of now or of a step next to it (RFC 6238 §5.2).
pub(crate) fn matching_step(secret: &TotpSecret, code: &str, now: Timestamp) -> Option<i64> {
    let seconds = u64::try_from(now.as_secs()).ok()?;
    let totp = Builder::new().with_secret(secret.to_vec()).build().ok()?;
    totp.check(code, seconds).and_then(|step| i64::try_from(step).ok())
}

/// Encrypts a secret for one user.
pub(crate) fn seal_totp(
    authority: &Authority,
    instance_id: InstanceId,
    user_id: UserId,
    secret: &TotpSecret,
) -> Result<Vec<u8>, Fault> {
    let place = place(instance_id, user_id);
    Ok(seal(&authority.master_keys, &*authority.random, &place, secret.as_slice())?.into_bytes())
}

/// Decrypts it under any of the master keys.
pub(crate) fn open_totp(
    authority: &Authority,
    instance_id: InstanceId,
    user_id: UserId,
    stored: &StoredTotp,
) -> Result<TotpSecret, Fault> {
    let sealed = SealedBytes::from_stored(stored.sealed_secret.clone());
    let opened = open(&authority.master_keys, &place(instance_id, user_id), &sealed)?;
    let secret = opened.as_slice().try_into().map_err(|_| SealError::Corrupt)?;
    Ok(Zeroizing::new(secret))
}

/// The same secret under the current master key; `None` if that is what it is under.
pub(crate) fn resealed_totp(
    authority: &Authority,
    instance_id: InstanceId,
    user_id: UserId,
    stored: &StoredTotp,
) -> Result<Option<StoredTotp>, Fault> {
    let sealed = SealedBytes::from_stored(stored.sealed_secret.clone());
    if sealed.master_key_id() == Some(authority.master_keys.current_id()) {
        return Ok(None);
    }
    let secret = open_totp(authority, instance_id, user_id, stored)?;
    let sealed_secret = seal_totp(authority, instance_id, user_id, &secret)?;
    Ok(Some(StoredTotp { sealed_secret, ..stored.clone() }))
}

fn place(instance_id: InstanceId, user_id: UserId) -> Vec<u8> {
    associated_data(SealingPurpose::TotpSecret, instance_id, user_id.as_bytes())
}

/// The secret as people type it, in groups of four.
pub(crate) fn typed_secret(secret: &TotpSecret) -> PlaintextSecret {
    let encoded = Zeroizing::new(BASE32_NOPAD.encode(secret.as_slice()));
    let mut text = String::with_capacity(encoded.len() + encoded.len() / 4);
    for (index, character) in encoded.chars().enumerate() {
        if index != 0 && index % 4 == 0 {
            text.push(' ');
        }
        text.push(character);
    }
    PlaintextSecret::new(text)
}

/// What authenticator apps read from the picture: `otpauth://totp/{issuer}:{account}?secret=…&issuer=…`. Every app
/// takes SHA-1, six digits and 30 seconds where nothing else is said.
pub(crate) fn otpauth_uri(issuer: &str, account: &str, secret: &TotpSecret) -> PlaintextSecret {
    let (issuer, account) = (percent_encoded(issuer), percent_encoded(account));
    let secret = Zeroizing::new(BASE32_NOPAD.encode(secret.as_slice()));
    PlaintextSecret::new(format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", *secret))
}

/// Everything but unreserved characters (RFC 3986 §2.3), the colon that parts the label among them.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// The picture of a text, as an SVG element. `None` for one that is too long for any picture, which no URI here is.
pub(crate) fn qr_svg(text: &PlaintextSecret) -> Option<PlaintextSecret> {
    let code = QrCode::new(text.expose().as_bytes()).ok()?;
    let document = Zeroizing::new(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build());
    let (_, element) = document.split_once("<svg")?;
    Some(PlaintextSecret::new(format!("<svg{element}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        Zeroizing::new(*b"12345678901234567890")
    }

    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        // The table has eight digits, of which these are the last six.
        for (secs, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            let step = matching_step(&secret(), code, Timestamp::from_secs(secs));
            assert_eq!(step, Some(secs / 30), "{secs}");
        }
    }

    #[test]
    fn a_code_counts_one_step_around_its_own() {
        for (secs, expected) in
            [(0, None), (29, None), (30, Some(2)), (60, Some(2)), (89, Some(2)), (119, Some(2)), (120, None)]
        {
            // The code of step 2.
            let totp = Builder::new().with_secret(secret().to_vec()).build().unwrap();
            let code = totp.generate(60).to_string();
            assert_eq!(matching_step(&secret(), &code, Timestamp::from_secs(secs)), expected, "{secs}");
        }
        for code in ["", "28708", "2870822", "28708x", "２８７０８２"] {
            assert_eq!(matching_step(&secret(), code, Timestamp::from_secs(59)), None, "{code}");
        }
    }

    #[test]
    fn the_uri_takes_every_name_and_fits_a_picture() {
        let uri = otpauth_uri("Größe & Co: x", "ada@example.com", &secret());
        assert_eq!(
            uri.expose(),
            "otpauth://totp/Gr%C3%B6%C3%9Fe%20%26%20Co%3A%20x:ada%40example.com\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Gr%C3%B6%C3%9Fe%20%26%20Co%3A%20x"
        );
        assert!(qr_svg(&uri).unwrap().expose().starts_with("<svg "));
        let longest = otpauth_uri(&"ü".repeat(100), &"x".repeat(100), &secret());
        assert!(qr_svg(&longest).is_some());
        assert_eq!(typed_secret(&secret()).expose(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }
}
