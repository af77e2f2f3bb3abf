//! Tokens of our own whose signature was checked before, so that asking about them again costs no signature.

use std::sync::Arc;

use quick_cache::sync::Cache;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::InstanceId;
use turnkeep_verify::access_token::VerifiedAccessToken;

use crate::snapshot::cached_issuer::CachedIssuer;

/// A verified token, by its whole text, so that no other one is ever taken for it.
#[derive(Clone)]
struct Seen {
    instance_id: InstanceId,
    /// The keys that it was verified with: other keys, and it is verified again.
    keys_as_of: ChangeSequence,
    token: Arc<VerifiedAccessToken>,
}

/// So many tokens at most.
pub(crate) struct SeenTokens(Cache<Box<str>, Seen>);

impl SeenTokens {
    /// Empty.
    pub(crate) fn new(capacity: usize) -> Self {
        Self(Cache::new(capacity.max(1)))
    }

    /// A token that this issuer's present keys have verified.
    pub(crate) fn find(&self, issuer: &CachedIssuer, token: &str) -> Option<Arc<VerifiedAccessToken>> {
        let seen = self.0.get(token)?;
        let is_same = seen.instance_id == issuer.catalogue.instance.id && seen.keys_as_of == issuer.as_of;
        is_same.then_some(seen.token)
    }

    /// Keeps a verified token.
    pub(crate) fn remember(
        &self,
        issuer: &CachedIssuer,
        text: &str,
        token: VerifiedAccessToken,
    ) -> Arc<VerifiedAccessToken> {
        let token = Arc::new(token);
        let instance_id = issuer.catalogue.instance.id;
        let seen = Seen { instance_id, keys_as_of: issuer.as_of, token: Arc::clone(&token) };
        self.0.insert(text.into(), seen);
        token
    }
}
