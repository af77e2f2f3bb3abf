//! Tokens that were verified before, so that a token that comes again costs no signature check. Holds no clock: what
//! time does to a token is checked on every hit.

use std::fmt;
use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use turnkeep_domain::time::Timestamp;

use crate::access_token::{AccessTokenVerifier, VerifiedAccessToken};
use crate::key_set::KeySet;
use crate::rejection::TokenRejection;

/// What a token takes in memory beside its text, in bytes: its typed claims, of which those of limits are the largest.
const CLAIMS_BYTES: u64 = 5 * 1024;

/// What an ordinary token takes, in bytes.
const ORDINARY_BYTES: u64 = 1400 + CLAIMS_BYTES;

/// Verifies the tokens of one issuer, and remembers those that were right.
///
/// The whole text of a token is its key and is compared in full: there is no digest that two tokens could share. Only
/// tokens with a right signature are remembered, so nobody can fill it with nonsense.
pub struct RememberingVerifier {
    verifier: AccessTokenVerifier,
    seen: Cache<Box<str>, Seen, BytesWeighter>,
}

#[derive(Clone)]
struct Seen {
    token: Arc<VerifiedAccessToken>,
    /// The keys that it was verified with. With other keys it is verified again: its key may have been withdrawn.
    keys: Arc<KeySet>,
}

#[derive(Clone)]
struct BytesWeighter;

impl Weighter<Box<str>, Seen> for BytesWeighter {
    fn weight(&self, text: &Box<str>, _: &Seen) -> u64 {
        u64::try_from(text.len()).unwrap_or(u64::MAX / 2) + CLAIMS_BYTES
    }
}

impl RememberingVerifier {
    /// Remembers tokens in about so many bytes; none if that is zero.
    pub fn new(verifier: AccessTokenVerifier, bytes: u64) -> Self {
        let tokens = usize::try_from(bytes / ORDINARY_BYTES).unwrap_or(usize::MAX);
        Self { verifier, seen: Cache::with_weighter(tokens, bytes, BytesWeighter) }
    }

    /// The verifier behind it.
    pub fn verifier(&self) -> &AccessTokenVerifier {
        &self.verifier
    }

    /// The same checks as [`AccessTokenVerifier::verify`], with the signature and what cannot change looked up where
    /// possible.
    pub fn verify(
        &self,
        keys: &Arc<KeySet>,
        token: &str,
        now: Timestamp,
    ) -> Result<Arc<VerifiedAccessToken>, TokenRejection> {
        if let Some(seen) = self.seen.get(token)
            && Arc::ptr_eq(&seen.keys, keys)
        {
            return match self.verifier.check_again(&seen.token, now) {
                Ok(()) => Ok(seen.token),
                Err(rejection) => {
                    self.seen.remove(token);
                    Err(rejection)
                }
            };
        }
        let verified = Arc::new(self.verifier.verify(keys, token, now)?);
        self.seen.insert(token.into(), Seen { token: Arc::clone(&verified), keys: Arc::clone(keys) });
        Ok(verified)
    }

    /// How many tokens are remembered.
    pub fn len(&self) -> usize {
        self.seen.len()
    }

    /// Whether none is remembered.
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }
}

impl fmt::Debug for RememberingVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RememberingVerifier")
            .field("verifier", &self.verifier)
            .field("seen", &self.seen.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
