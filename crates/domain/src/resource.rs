//! Protected resources: the audiences of tokens, and the scopes they define.

use std::fmt;

use crate::display_name::DisplayName;
use crate::id::{InstanceId, ResourceId};
use crate::scope::ScopeName;
use crate::signing_key::SigningAlgorithm;
use crate::time::Timestamp;
use crate::version::RecordVersion;

/// Why a text is not an audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an audience has 1 to 200 visible ASCII characters and no fragment")]
pub struct AudienceError;

/// The `aud` of tokens for a resource, for example `TrueParser.API` or an absolute URI.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Audience(String);

impl Audience {
    /// Accepts visible ASCII without quotes, backslashes and `#` (RFC 8707 §2 allows no fragment).
    pub fn parse(text: &str) -> Result<Self, AudienceError> {
        let allowed = |b: u8| b.is_ascii_graphic() && !matches!(b, b'"' | b'\\' | b'#');
        if text.is_empty() || 200 < text.len() || !text.bytes().all(allowed) {
            return Err(AudienceError);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name under which a resource wants the plan's limits (seed 000 says `limits`, seed 001 `entitlements`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LimitsClaims {
    /// `limits` only.
    Limits,
    /// `entitlements` only.
    Entitlements,
    /// Both, with the same content.
    #[default]
    Both,
}

/// A protected resource of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Identifier.
    pub id: ResourceId,
    /// The instance it belongs to.
    pub instance_id: InstanceId,
    /// The `aud` of its tokens; unique in the instance, never changes.
    pub audience: Audience,
    /// Name for people.
    pub name: DisplayName,
    /// What its tokens call the plan's limits.
    pub limits_claims: LimitsClaims,
    /// What its tokens are signed with.
    pub signing_algorithm: SigningAlgorithm,
    /// When it was created.
    pub created_at: Timestamp,
    /// Optimistic lock.
    pub version: RecordVersion,
}

/// Who a scope may be granted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeGrant {
    /// Any app that is registered for it; a new app that names no scopes is registered for all of these.
    Default,
    /// Any app that is registered for it.
    AnyApp,
    /// Apps of the platform itself, never an external one (seed 002: `sec`).
    Reserved,
}

/// A scope that a resource defines. Its name is unique in the instance, so that a request need not name the
/// resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The resource it belongs to.
    pub resource_id: ResourceId,
    /// The name.
    pub name: ScopeName,
    /// What it allows, for people.
    pub description: String,
    /// Who may have it.
    pub grant: ScopeGrant,
}

/// Scopes that are reserved by their name in every instance, whatever their record says (seed 002).
pub const RESERVED_SCOPE_NAMES: [&str; 1] = ["sec"];

impl Scope {
    /// Whether external apps can never have it.
    pub fn is_reserved(&self) -> bool {
        self.grant == ScopeGrant::Reserved || RESERVED_SCOPE_NAMES.contains(&self.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audiences() {
        for good in ["TrueParser.API", "https://api.example.com/v1", "urn:example:api"] {
            assert!(Audience::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "https://api.example.com/#x", "é", &"x".repeat(201)] {
            assert_eq!(Audience::parse(bad), Err(AudienceError), "{bad}");
        }
    }

    #[test]
    fn sec_is_reserved_whatever_its_record_says() {
        let scope = |name: &str, grant| Scope {
            resource_id: ResourceId::from_bytes([0; 16]),
            name: ScopeName::parse(name).unwrap(),
            description: String::new(),
            grant,
        };
        assert!(scope("sec", ScopeGrant::AnyApp).is_reserved());
        assert!(scope("infra", ScopeGrant::Reserved).is_reserved());
        assert!(!scope("read", ScopeGrant::AnyApp).is_reserved());
    }
}
