//! The compact serialisation (RFC 7515 §7.1), taken apart without trusting any of it.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use crate::rejection::TokenRejection;
use crate::strict_json::parse_object;

/// Members that change how a token is to be read, or bring their own key. None of them is ever followed
/// (RFC 8725 §3.10); a token that has one is not from this server.
const FORBIDDEN: [&str; 8] = ["crit", "b64", "jku", "jwk", "x5u", "x5c", "zip", "enc"];

/// A token in its parts, the header read and the signature not yet checked.
pub(crate) struct CompactJws<'a> {
    header: Map<String, Value>,
    signing_input: &'a str,
    encoded_payload: &'a str,
    signature: Vec<u8>,
}

impl<'a> CompactJws<'a> {
    pub(crate) fn parse(token: &'a str) -> Result<Self, TokenRejection> {
        let (signing_input, encoded_signature) = token.rsplit_once('.').ok_or(TokenRejection::Malformed)?;
        let (encoded_header, encoded_payload) =
            signing_input.split_once('.').ok_or(TokenRejection::Malformed)?;
        if encoded_payload.contains('.') {
            return Err(TokenRejection::Malformed);
        }
        let header = parse_object(&decode(encoded_header)?).ok_or(TokenRejection::Malformed)?;
        let signature = decode(encoded_signature)?;
        if FORBIDDEN.iter().any(|member| header.contains_key(*member)) {
            return Err(TokenRejection::ForbiddenHeader);
        }
        Ok(Self { header, signing_input, encoded_payload, signature })
    }

    /// A text member of the header.
    pub(crate) fn header(&self, member: &str) -> Option<&str> {
        self.header.get(member)?.as_str()
    }

    pub(crate) fn signing_input(&self) -> &[u8] {
        self.signing_input.as_bytes()
    }

    pub(crate) fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The payload's bytes, for when the signature was checked.
    pub(crate) fn payload(&self) -> Result<Vec<u8>, TokenRejection> {
        decode(self.encoded_payload)
    }
}

/// Base64url without padding, white space or stray bits (RFC 7515 §2).
fn decode(part: &str) -> Result<Vec<u8>, TokenRejection> {
    BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| TokenRejection::Malformed)
}
