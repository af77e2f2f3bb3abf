//! Reference tokens as the audit trail tells of them. The token itself is no attribute.

use turnkeep_domain::reference_token::ReferenceToken;

use crate::audit::attributes::{Attributes, utc_text};

/// A reference token.
pub(super) fn reference_token_attributes(token: &ReferenceToken) -> Attributes {
    vec![
        ("app_id", Some(token.app_id.to_string())),
        ("kind", Some(token.kind.as_str().to_owned())),
        ("user_id", token.user_id.map(|id| id.to_string())),
        ("name", Some(token.name.to_string())),
        ("scope", Some(token.scopes.to_string())),
        ("audience", Some(token.audience.to_string())),
        ("expires_at", Some(utc_text(token.expires_at))),
        ("revoked_at", token.revoked_at.map(utc_text)),
    ]
}
