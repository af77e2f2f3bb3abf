//! What verifiers and clients read about an issuer: its key set and the facts for its metadata.

use std::sync::Arc;

use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::slug::Slug;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::keys::key_rings::{KeyRing, ring_of_issuer};

/// There is no such issuer, or it is off: the two cannot be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such issuer")]
pub struct UnknownIssuer;

/// A JWK Set (RFC 7517 §5) as it goes out.
#[derive(Clone)]
pub struct PublishedKeySet(Arc<KeyRing>);

impl PublishedKeySet {
    /// The JSON text.
    pub fn as_json(&self) -> &str {
        self.0.key_set.as_json()
    }

    /// A strong entity tag, quotes included.
    pub fn etag(&self) -> &str {
        self.0.key_set.etag()
    }
}

/// What the metadata documents of an issuer say (RFC 8414 §2), as far as it depends on the instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerFacts {
    /// The issuer identifier.
    pub issuer: String,
    /// The scopes that apps can be granted, without the reserved ones.
    pub scopes: Vec<ScopeName>,
    /// What tokens are signed with.
    pub algorithms: Vec<SigningAlgorithm>,
}

/// The key set of an issuer.
pub fn publish_key_set(
    authority: &Authority,
    issuer: &Slug,
) -> Result<PublishedKeySet, Failure<UnknownIssuer>> {
    let (_, ring) = ring_of_issuer(authority, issuer)?.ok_or(Failure::Denied(UnknownIssuer))?;
    Ok(PublishedKeySet(ring))
}

/// The facts for the metadata of an issuer.
pub fn describe_issuer(authority: &Authority, issuer: &Slug) -> Result<IssuerFacts, Failure<UnknownIssuer>> {
    let (instance, ring) = ring_of_issuer(authority, issuer)?.ok_or(Failure::Denied(UnknownIssuer))?;
    let scopes = authority.store.read(|reads| reads.list_scopes(instance.id))?;
    Ok(IssuerFacts {
        issuer: authority.base_url.issuer_of(issuer),
        scopes: scopes.into_iter().filter(|scope| !scope.is_reserved()).map(|scope| scope.name).collect(),
        algorithms: ring.algorithms().collect(),
    })
}
