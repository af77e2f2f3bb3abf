//! What an issuer says about itself: authorization server metadata (RFC 8414 §2) and OpenID Provider metadata
//! (OpenID Connect Discovery §3). Only what is there is listed.

use serde::Serialize;

const CLIENT_AUTHENTICATION_METHODS: [&str; 2] = ["client_secret_basic", "client_secret_post"];

/// The document at `/.well-known/oauth-authorization-server`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuthorizationServerMetadata {
    /// Byte-equal to `iss` in the issuer's tokens.
    pub issuer: String,
    /// Where tokens are issued.
    pub token_endpoint: String,
    /// Where tokens are looked at.
    pub introspection_endpoint: String,
    /// Where tokens are revoked.
    pub revocation_endpoint: String,
    /// Where the public keys are.
    pub jwks_uri: String,
    /// Where resource servers learn which tokens are dead before their time. A member of our own (RFC 8414 §2 allows
    /// more than it names).
    pub kill_marks_uri: String,
    /// Required by RFC 8414 §2, even when it is empty.
    pub response_types_supported: Vec<&'static str>,
    /// Grants.
    pub grant_types_supported: Vec<&'static str>,
    /// Scopes that external apps may be granted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes_supported: Vec<String>,
    /// Of the token endpoint.
    pub token_endpoint_auth_methods_supported: Vec<&'static str>,
    /// Of the introspection endpoint.
    pub introspection_endpoint_auth_methods_supported: Vec<&'static str>,
    /// Of the revocation endpoint.
    pub revocation_endpoint_auth_methods_supported: Vec<&'static str>,
}

impl AuthorizationServerMetadata {
    /// Describes an issuer, given without a trailing slash. Reserved scopes are left out by the caller.
    pub fn new(issuer: &str, scopes: Vec<String>) -> Self {
        Self {
            issuer: issuer.to_owned(),
            token_endpoint: format!("{issuer}/connect/token"),
            introspection_endpoint: format!("{issuer}/connect/introspect"),
            revocation_endpoint: format!("{issuer}/connect/revoke"),
            jwks_uri: format!("{issuer}/.well-known/jwks.json"),
            kill_marks_uri: format!("{issuer}/.well-known/kill-marks"),
            response_types_supported: Vec::new(),
            grant_types_supported: vec!["client_credentials"],
            scopes_supported: scopes,
            token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION_METHODS.to_vec(),
            introspection_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION_METHODS.to_vec(),
            revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION_METHODS.to_vec(),
        }
    }
}

/// The document at `/.well-known/openid-configuration`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenIdProviderMetadata {
    /// Everything that the other document says.
    #[serde(flatten)]
    pub authorization_server: AuthorizationServerMetadata,
    /// Required by OpenID Connect Discovery §3.
    pub subject_types_supported: Vec<&'static str>,
}

impl OpenIdProviderMetadata {
    /// The same issuer for OpenID Connect clients.
    pub fn new(authorization_server: AuthorizationServerMetadata) -> Self {
        Self { authorization_server, subject_types_supported: vec!["public"] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_lie_below_the_issuer() {
        let document = AuthorizationServerMetadata::new("https://id.example/i/acme", vec!["read".to_owned()]);
        assert_eq!(
            serde_json::to_value(document).unwrap(),
            serde_json::json!({
                "issuer": "https://id.example/i/acme",
                "token_endpoint": "https://id.example/i/acme/connect/token",
                "introspection_endpoint": "https://id.example/i/acme/connect/introspect",
                "revocation_endpoint": "https://id.example/i/acme/connect/revoke",
                "jwks_uri": "https://id.example/i/acme/.well-known/jwks.json",
                "kill_marks_uri": "https://id.example/i/acme/.well-known/kill-marks",
                "response_types_supported": [],
                "grant_types_supported": ["client_credentials"],
                "scopes_supported": ["read"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            })
        );
    }

    #[test]
    fn an_issuer_without_scopes_lists_none() {
        let document =
            OpenIdProviderMetadata::new(AuthorizationServerMetadata::new("https://id.example", vec![]));
        let document = serde_json::to_value(document).unwrap();
        assert_eq!(document.get("scopes_supported"), None);
        assert_eq!(document["subject_types_supported"], serde_json::json!(["public"]));
        assert_eq!(document["issuer"], "https://id.example");
    }
}
