//! The answer of the UserInfo endpoint (OpenID Connect Core §5.3.2).

use serde::Serialize;

/// Claims about a person; those that were not granted, or that nobody knows, are absent (§5.3.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserInfoResponse {
    /// The same as in the ID token.
    pub sub: String,
    /// By `profile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// By `profile`: the name the person signs in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    /// By `email`, with what is known of it.
    #[serde(flatten)]
    pub email: Option<EmailClaims>,
}

/// An address, and whether it is known to be the person's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmailClaims {
    /// The address.
    pub email: String,
    /// Whether the person was seen to read it.
    pub email_verified: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_granted_is_absent() {
        let all = UserInfoResponse {
            sub: "usr_1".to_owned(),
            name: Some("Ada".to_owned()),
            preferred_username: Some("ada".to_owned()),
            email: Some(EmailClaims { email: "ada@example.com".to_owned(), email_verified: false }),
        };
        assert_eq!(
            serde_json::to_value(&all).unwrap(),
            serde_json::json!({
                "sub": "usr_1", "name": "Ada", "preferred_username": "ada",
                "email": "ada@example.com", "email_verified": false
            })
        );
        let bare = UserInfoResponse { name: None, preferred_username: None, email: None, ..all };
        assert_eq!(serde_json::to_string(&bare).unwrap(), r#"{"sub":"usr_1"}"#);
    }
}
