//! The compact serialisation (RFC 7515 §7.1), taken apart without trusting any of it.

use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use turnkeep_domain::signing_key::SigningAlgorithm;

use crate::key_set::KeySet;
use crate::rejection::TokenRejection;
use crate::strict_json::{MaybeText, parse_object};
use crate::verification_key::VerificationKey;

/// Members that change how a token is to be read, or bring their own key. None of them is ever followed
/// (RFC 8725 §3.10); a token that has one is not from this server.
const FORBIDDEN: [&str; 8] = ["crit", "b64", "jku", "jwk", "x5u", "x5c", "zip", "enc"];

/// The `typ` of access tokens (RFC 9068 §2.1).
pub(crate) const ACCESS_TOKEN: &str = "at+jwt";

/// The parts of a token, not yet checked.
pub(crate) struct CompactJws<'a> {
    encoded_header: &'a str,
    signing_input: &'a str,
    encoded_payload: &'a str,
    encoded_signature: &'a str,
}

/// The members of a header that count.
#[derive(Deserialize)]
struct JoseHeader<'a> {
    #[serde(borrow)]
    typ: Option<MaybeText<'a>>,
    #[serde(borrow)]
    alg: Option<MaybeText<'a>>,
    #[serde(borrow)]
    kid: Option<MaybeText<'a>>,
}

impl<'a> CompactJws<'a> {
    pub(crate) fn split(token: &'a str) -> Result<Self, TokenRejection> {
        let (signing_input, encoded_signature) = token.rsplit_once('.').ok_or(TokenRejection::Malformed)?;
        let (encoded_header, encoded_payload) =
            signing_input.split_once('.').ok_or(TokenRejection::Malformed)?;
        if encoded_payload.contains('.') {
            return Err(TokenRejection::Malformed);
        }
        Ok(Self { encoded_header, signing_input, encoded_payload, encoded_signature })
    }

    /// Checks the header's form, `typ`, `alg`, the key and the signature, in this order. Returns the id of the key that
    /// signed.
    pub(crate) fn verify<'k>(
        &self,
        typ: &str,
        algorithms: &[SigningAlgorithm],
        keys: &'k KeySet,
    ) -> Result<&'k str, TokenRejection> {
        let usual = keys.find_by_usual_header(self.encoded_header);
        let key = match usual.filter(|key| typ == ACCESS_TOKEN && algorithms.contains(&key.algorithm())) {
            Some(key) => key,
            None => self.key_named_in_header(typ, algorithms, keys)?,
        };
        if !key.verify(self.signing_input.as_bytes(), &decode(self.encoded_signature)?) {
            return Err(TokenRejection::BadSignature);
        }
        Ok(key.kid())
    }

    fn key_named_in_header<'k>(
        &self,
        typ: &str,
        algorithms: &[SigningAlgorithm],
        keys: &'k KeySet,
    ) -> Result<&'k VerificationKey, TokenRejection> {
        let header = decode(self.encoded_header)?;
        let (header, names) = parse_object::<JoseHeader<'_>>(&header).ok_or(TokenRejection::Malformed)?;
        if names.iter().any(|name| FORBIDDEN.contains(&name)) {
            return Err(TokenRejection::ForbiddenHeader);
        }
        let [given_typ, alg, kid] =
            [&header.typ, &header.alg, &header.kid].map(|member| member.as_ref().and_then(MaybeText::as_str));
        if !given_typ.is_some_and(|given| is_media_type(given, typ)) {
            return Err(TokenRejection::WrongType);
        }
        let algorithm = alg
            .and_then(|name| name.parse::<SigningAlgorithm>().ok())
            .filter(|algorithm| algorithms.contains(algorithm))
            .ok_or(TokenRejection::AlgorithmNotAllowed)?;
        let key = kid.and_then(|kid| keys.find(kid)).ok_or(TokenRejection::UnknownKey)?;
        if key.algorithm() == algorithm { Ok(key) } else { Err(TokenRejection::KeyAlgorithmMismatch) }
    }

    /// The payload's bytes, for when the signature was checked.
    pub(crate) fn payload(&self) -> Result<Vec<u8>, TokenRejection> {
        decode(self.encoded_payload)
    }
}

/// Media types are compared without regard to case, and `application/` may be left out (RFC 7515 §4.1.9).
fn is_media_type(given: &str, typ: &str) -> bool {
    let prefix = "application/";
    let named = match given.split_at_checked(prefix.len()) {
        Some((head, rest)) if head.eq_ignore_ascii_case(prefix) => rest,
        Some(_) | None => given,
    };
    named.eq_ignore_ascii_case(typ)
}

/// Base64url without padding, white space or stray bits (RFC 7515 §2).
fn decode(part: &str) -> Result<Vec<u8>, TokenRejection> {
    BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| TokenRejection::Malformed)
}
