//! Issuing: claims and an active key make a compact JWS (RFC 7515 §7.1) of type `at+jwt` (RFC 9068 §2.1).

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;
use turnkeep_domain::id::SigningKeyId;
use turnkeep_domain::signing_key::SigningAlgorithm;

use crate::claims::{ClaimsTemplate, TokenIssue};
use crate::private_key::PrivateKey;
use crate::signer::{SignError, TokenSigner, signer_for};

/// Why there is no token. Always our fault, never the caller's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MintError {
    /// The claims cannot be written as JSON.
    #[error("the claims cannot be serialised")]
    Claims,
    /// There is no signature.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// A key that signs, with everything that is the same for each of its tokens made once.
pub struct ActiveSigner {
    kid: SigningKeyId,
    /// The protected header in base64url and the dot after it.
    encoded_header: String,
    signer: Box<dyn TokenSigner>,
}

impl ActiveSigner {
    /// Prepares a key for the hot path.
    pub fn new(kid: SigningKeyId, key: &PrivateKey) -> Result<Self, SignError> {
        Ok(Self::with_signer(kid, signer_for(key)?))
    }

    /// The same with a signer of one's own.
    pub fn with_signer(kid: SigningKeyId, signer: Box<dyn TokenSigner>) -> Self {
        // Neither the algorithm's name nor the key id has a character that JSON escapes.
        let header = format!(r#"{{"alg":"{}","typ":"at+jwt","kid":"{kid}"}}"#, signer.algorithm());
        let mut encoded_header = BASE64URL_NOPAD.encode(header.as_bytes());
        encoded_header.push('.');
        Self { kid, encoded_header, signer }
    }

    /// The key's id.
    pub const fn kid(&self) -> SigningKeyId {
        self.kid
    }

    /// What it signs with.
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.signer.algorithm()
    }
}

impl fmt::Debug for ActiveSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActiveSigner").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// How long the claims of one token are at most, in bytes: numbers and ids.
const ISSUE_BYTES: usize = 256;

/// Longest signature in base64url: RSA with 4096 bits.
const SIGNATURE_CHARACTERS: usize = 684;

/// Signs a token.
pub fn mint(
    signer: &ActiveSigner,
    template: &ClaimsTemplate,
    issue: &TokenIssue,
) -> Result<String, MintError> {
    let mut claims = String::with_capacity(ISSUE_BYTES);
    issue.write_claims(&mut claims).map_err(|_| MintError::Claims)?;
    let (header, common) = (signer.encoded_header.as_str(), template.as_base64url());
    let length = header.len() + common.len() + claims.len() * 4 / 3 + SIGNATURE_CHARACTERS;
    let mut token = String::with_capacity(length);
    token.push_str(header);
    token.push_str(common);
    BASE64URL_NOPAD.encode_append(claims.as_bytes(), &mut token);
    let mut signature = claims.into_bytes();
    signer.signer.sign(token.as_bytes(), &mut signature)?;
    token.push('.');
    BASE64URL_NOPAD.encode_append(&signature, &mut token);
    Ok(token)
}

/// Signs a payload that is no access token, with the type that its readers expect (RFC 8725 §3.11).
pub fn sign_document(
    signer: &ActiveSigner,
    document_type: &'static str,
    payload: &impl Serialize,
) -> Result<String, MintError> {
    let payload = serde_json::to_vec(payload).map_err(|_| MintError::Claims)?;
    let (algorithm, kid) = (signer.algorithm(), signer.kid);
    let header = format!(r#"{{"alg":"{algorithm}","typ":"{document_type}","kid":"{kid}"}}"#);
    let mut document = BASE64URL_NOPAD.encode(header.as_bytes());
    document.push('.');
    BASE64URL_NOPAD.encode_append(&payload, &mut document);
    let mut signature = Vec::new();
    signer.signer.sign(document.as_bytes(), &mut signature)?;
    document.push('.');
    BASE64URL_NOPAD.encode_append(&signature, &mut document);
    Ok(document)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use josekit::jwk::Jwk;
    use josekit::jws::EdDSA;
    use turnkeep_domain::allowed_domain::AllowedDomains;
    use turnkeep_domain::change::ChangeSequence;
    use turnkeep_domain::client_id::ClientId;
    use turnkeep_domain::id::{AppId, TenantId, TokenId};
    use turnkeep_domain::placement::Placement;
    use turnkeep_domain::resource::Audience;
    use turnkeep_domain::scope::ScopeSet;
    use turnkeep_domain::time::Timestamp;

    use super::*;
    use crate::claims::TokenSubject;

    #[test]
    fn a_token_is_a_jws_that_another_library_reads() {
        let (audience, client_id) = (Audience::parse("api").unwrap(), ClientId::parse("app").unwrap());
        let (scopes, allowed_domains) = (ScopeSet::default(), AllowedDomains::default());
        let template = ClaimsTemplate::new(&TokenSubject {
            iss: "https://id.example.com",
            sub: "app",
            audience: &audience,
            client_id: &client_id,
            scopes: &scopes,
            tenant_id: TenantId::from_bytes([1; 16]),
            app_id: AppId::from_bytes([2; 16]),
            placement: &Placement::Unplaced,
            allowed_domains: &allowed_domains,
            plan: None,
            person: None,
        })
        .unwrap();
        let issue = TokenIssue {
            issued_at: Timestamp::from_secs(1_795_000_000),
            lifetime: Duration::from_secs(60),
            token_id: TokenId::from_bytes([3; 16]),
            sequence: ChangeSequence::ZERO,
            secret_id: None,
        };
        let kid = SigningKeyId::from_bytes([4; 16]);
        let key = PrivateKey::generate(SigningAlgorithm::EdDsa).unwrap();
        let token = mint(&ActiveSigner::new(kid, &key).unwrap(), &template, &issue).unwrap();

        let jwk = Jwk::from_bytes(key.public_jwk(kid).unwrap().as_json()).unwrap();
        let verifier = EdDSA.verifier_from_jwk(&jwk).unwrap();
        let (payload, header) = josekit::jws::deserialize_compact(&token, &verifier).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&payload).unwrap();
        assert_eq!((&claims["client_id"], &claims["exp"]), (&"app".into(), &1_795_000_060.into()));
        let expected = format!(r#"{{"alg":"EdDSA","typ":"at+jwt","kid":"{kid}"}}"#);
        assert_eq!(
            BASE64URL_NOPAD.decode(token.split('.').next().unwrap().as_bytes()).unwrap(),
            expected.as_bytes()
        );
        assert_eq!(header.claims_set().len(), 3);
        assert!(!token.contains('='));
    }
}
