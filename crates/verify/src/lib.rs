//! Verification of access tokens (RFC 9068 §4), for resource servers and for this server itself.
//!
//! Pure without its features: keys, kill marks and the time come in as arguments. Nothing that a token names is ever
//! fetched (RFC 8725 §3.10). The feature `http` adds a gate that keeps keys and kill marks of pinned issuers up to
//! date; `actix` and `tower` put the gate before handlers and services.
//!
//! # Examples
//!
//! The pure part. Most resource servers want the gate instead; `examples/resource-server` is one.
//!
//! ```
//! use turnkeep_domain::resource::Audience;
//! use turnkeep_domain::time::Timestamp;
//! use turnkeep_verify::access_token::{AccessTokenVerifier, VerifiedAccessToken};
//! use turnkeep_verify::key_set::KeySet;
//! use turnkeep_verify::rejection::TokenRejection;
//!
//! /// Lets a request in if its token is for this API and grants `read`.
//! fn admit(
//!     verifier: &AccessTokenVerifier,
//!     keys: &KeySet,
//!     token: &str,
//!     now: Timestamp,
//! ) -> Result<Option<VerifiedAccessToken>, TokenRejection> {
//!     let token = verifier.verify(keys, token, now)?;
//!     let may_read = token.scopes.iter().any(|scope| scope.as_str() == "read");
//!     Ok(may_read.then_some(token))
//! }
//!
//! // Once: the issuer, and this API's own audience.
//! let verifier = AccessTokenVerifier::new("https://id.example.com")
//!     .with_audience(Audience::parse("TrueParser.API")?);
//! // At the start, and again after `UnknownKey`: the document at `/.well-known/jwks.json`.
//! let keys = KeySet::from_jwks(br#"{"keys":[]}"#)?;
//! // At every request: the token and the time.
//! let now = Timestamp::from_secs(1_795_256_176);
//! assert_eq!(admit(&verifier, &keys, "no.token.atall", now), Err(TokenRejection::Malformed));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod strict_json;

pub mod key_set;
pub mod verification_key;

pub mod access_token;
mod compact_jws;
pub mod id_token;
pub mod limits;
mod raw_claims;
pub mod rejection;
pub mod seen_tokens;
pub mod token_person;

pub mod kill_marks;

pub mod credentials;
pub mod origin;
pub mod refusal;
pub mod requirements;

#[cfg(feature = "http")]
pub mod gate;
#[cfg(feature = "http")]
pub mod meter;

#[cfg(feature = "actix")]
pub mod actix;
#[cfg(feature = "tower")]
pub mod tower;

#[cfg(test)]
mod sample_issuer;
