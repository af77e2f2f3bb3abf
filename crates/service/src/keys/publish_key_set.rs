//! What verifiers and clients read about an issuer: its key set and the facts for its metadata.

use std::sync::Arc;

use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::slug::Slug;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::snapshot::cached_issuer::CachedIssuer;
use crate::snapshot::look_up::LookUp;

/// There is no such issuer, or it is off: the two cannot be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such issuer")]
pub struct UnknownIssuer;

/// A JWK Set (RFC 7517 §5) as it goes out.
#[derive(Clone)]
pub struct PublishedKeySet {
    json: String,
    etag: String,
}

impl PublishedKeySet {
    /// The JSON text.
    pub fn as_json(&self) -> &str {
        &self.json
    }

    /// A strong entity tag, quotes included.
    pub fn etag(&self) -> &str {
        &self.etag
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
    look_up: LookUp,
) -> Result<PublishedKeySet, Failure<UnknownIssuer>> {
    let issuer = known_issuer(authority, issuer, look_up)?;
    let key_set = &issuer.ring()?.key_set;
    Ok(PublishedKeySet { json: key_set.as_json().to_owned(), etag: key_set.etag().to_owned() })
}

/// The facts for the metadata of an issuer.
pub fn describe_issuer(
    authority: &Authority,
    issuer: &Slug,
    look_up: LookUp,
) -> Result<IssuerFacts, Failure<UnknownIssuer>> {
    let issuer = known_issuer(authority, issuer, look_up)?;
    let grantable = issuer.catalogue.scopes.iter().filter(|scope| !scope.is_reserved());
    Ok(IssuerFacts {
        issuer: issuer.url.clone(),
        scopes: grantable.map(|scope| scope.name.clone()).collect(),
        algorithms: issuer.ring()?.algorithms().collect(),
    })
}

/// An issuer as of the latest changes.
pub(crate) fn known_issuer(
    authority: &Authority,
    issuer: &Slug,
    look_up: LookUp,
) -> Result<Arc<CachedIssuer>, Failure<UnknownIssuer>> {
    authority.in_step(look_up)?;
    let known = authority.snapshot.issuer(authority, issuer, look_up)?;
    known.ok_or(Failure::Denied(UnknownIssuer))
}
