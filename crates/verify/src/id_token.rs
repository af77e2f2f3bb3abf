//! ID tokens as hints (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2): whom an app once heard of. Good for telling
//! who is meant, never for access: they are no access tokens, and no access token is taken for one.

use serde::Deserialize;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::{SessionId, UserId};
use turnkeep_domain::signing_key::SigningAlgorithm;

use crate::access_token::MAX_TOKEN_BYTES;
use crate::compact_jws::CompactJws;
use crate::key_set::KeySet;
use crate::rejection::TokenRejection;
use crate::strict_json::{Text, parse_object};

/// The `typ` of ID tokens. Those of other tokens of the issuer differ (RFC 8725 §3.11).
const ID_TOKEN: &str = "JWT";

/// What ID tokens are signed with.
const ALGORITHMS: [SigningAlgorithm; 1] = [SigningAlgorithm::Rs256];

/// An ID token whose signature and issuer were checked, and nothing of its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedIdToken {
    /// `sub`.
    pub user_id: UserId,
    /// `aud`: the app that it was issued to.
    pub client_id: ClientId,
    /// `sid`.
    pub session_id: SessionId,
}

#[derive(Deserialize)]
struct RawIdToken<'a> {
    #[serde(borrow)]
    iss: Text<'a>,
    #[serde(borrow)]
    sub: Text<'a>,
    #[serde(borrow)]
    aud: Text<'a>,
    #[serde(borrow)]
    sid: Text<'a>,
}

/// Verifies an ID token of this issuer, whether it has expired or not.
pub fn verify_id_token_at_any_time(
    issuer: &str,
    keys: &KeySet,
    token: &str,
) -> Result<VerifiedIdToken, TokenRejection> {
    if MAX_TOKEN_BYTES < token.len() {
        return Err(TokenRejection::TooLong);
    }
    let jws = CompactJws::split(token)?;
    jws.verify(ID_TOKEN, &ALGORITHMS, keys)?;
    let payload = jws.payload()?;
    let (claims, _) = parse_object::<RawIdToken<'_>>(&payload).ok_or(TokenRejection::MalformedClaims)?;
    if claims.iss.0 != issuer {
        return Err(TokenRejection::WrongIssuer);
    }
    typed(&claims).ok_or(TokenRejection::MalformedClaims)
}

fn typed(claims: &RawIdToken<'_>) -> Option<VerifiedIdToken> {
    Some(VerifiedIdToken {
        user_id: claims.sub.0.parse().ok()?,
        client_id: ClientId::parse(&claims.aud.0).ok()?,
        session_id: claims.sid.0.parse().ok()?,
    })
}

#[cfg(test)]
mod tests;
