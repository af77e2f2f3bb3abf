//! What an issuer says about itself: authorization server metadata (RFC 8414 §2) and OpenID Provider metadata
//! (OpenID Connect Discovery §3). Only what is there is listed.

use serde::Serialize;
use turnkeep_domain::authentication::AssuranceLevel;

use crate::authorization_request::{PROMPT_VALUES, ResponseMode};

/// What public apps do: they name themselves.
const NO_CLIENT_AUTHENTICATION: &str = "none";

/// What the endpoints of a server take, by the names in the registries of RFC 8414 §7.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportedParts {
    /// Grants of the token endpoint.
    pub grant_types: Vec<&'static str>,
    /// How apps that have a secret authenticate.
    pub client_authentication_methods: Vec<&'static str>,
}

/// The document at `/.well-known/oauth-authorization-server`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuthorizationServerMetadata {
    /// Byte-equal to `iss` in the issuer's tokens.
    pub issuer: String,
    /// Where people sign in.
    pub authorization_endpoint: String,
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
    /// What an authorization request may ask for.
    pub response_types_supported: Vec<&'static str>,
    /// How the answer to one gets to the app.
    pub response_modes_supported: Vec<&'static str>,
    /// Grants.
    pub grant_types_supported: Vec<&'static str>,
    /// `plain` proves nothing (RFC 9700 §2.1.1).
    pub code_challenge_methods_supported: Vec<&'static str>,
    /// Each answer to an authorization request says whose it is (RFC 9207 §3).
    pub authorization_response_iss_parameter_supported: bool,
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
    pub fn new(issuer: &str, scopes: Vec<String>, supported: SupportedParts) -> Self {
        let SupportedParts { grant_types, client_authentication_methods } = supported;
        let mut methods_and_none = client_authentication_methods.clone();
        methods_and_none.push(NO_CLIENT_AUTHENTICATION);
        Self {
            issuer: issuer.to_owned(),
            authorization_endpoint: format!("{issuer}/connect/authorize"),
            token_endpoint: format!("{issuer}/connect/token"),
            introspection_endpoint: format!("{issuer}/connect/introspect"),
            revocation_endpoint: format!("{issuer}/connect/revoke"),
            jwks_uri: format!("{issuer}/.well-known/jwks.json"),
            kill_marks_uri: format!("{issuer}/.well-known/kill-marks"),
            response_types_supported: vec!["code"],
            response_modes_supported: ResponseMode::ALL.map(ResponseMode::as_str).to_vec(),
            grant_types_supported: grant_types,
            code_challenge_methods_supported: vec!["S256"],
            authorization_response_iss_parameter_supported: true,
            scopes_supported: scopes,
            token_endpoint_auth_methods_supported: methods_and_none.clone(),
            introspection_endpoint_auth_methods_supported: client_authentication_methods,
            revocation_endpoint_auth_methods_supported: methods_and_none,
        }
    }
}

/// The document at `/.well-known/openid-configuration`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenIdProviderMetadata {
    /// Everything that the other document says.
    #[serde(flatten)]
    pub authorization_server: AuthorizationServerMetadata,
    /// Where apps learn who a token acts as.
    pub userinfo_endpoint: String,
    /// Where apps have people signed out (RP-Initiated Logout §2.1).
    pub end_session_endpoint: String,
    /// Everybody is known by the same name to every app.
    pub subject_types_supported: Vec<&'static str>,
    /// What ID tokens are signed with.
    pub id_token_signing_alg_values_supported: Vec<&'static str>,
    /// Of ID tokens and the UserInfo endpoint.
    pub claims_supported: Vec<&'static str>,
    /// How sure it can be who signed in.
    pub acr_values_supported: Vec<&'static str>,
    /// What an app may ask to be shown.
    pub prompt_values_supported: Vec<&'static str>,
    /// Single claims cannot be asked for.
    pub claims_parameter_supported: bool,
    /// Nor can a request be an object (RFC 9101)
    pub request_parameter_supported: bool,
    /// or be fetched.
    pub request_uri_parameter_supported: bool,
    /// Apps are told when a session is over (Back-Channel Logout §2.1)
    pub backchannel_logout_supported: bool,
    /// and which.
    pub backchannel_logout_session_supported: bool,
}

impl OpenIdProviderMetadata {
    /// The same issuer for OpenID Connect clients.
    pub fn new(authorization_server: AuthorizationServerMetadata) -> Self {
        let issuer = authorization_server.issuer.as_str();
        Self {
            userinfo_endpoint: format!("{issuer}/connect/userinfo"),
            end_session_endpoint: format!("{issuer}/connect/endsession"),
            authorization_server,
            subject_types_supported: vec!["public"],
            id_token_signing_alg_values_supported: vec!["RS256"],
            claims_supported: vec![
                "iss",
                "sub",
                "aud",
                "azp",
                "exp",
                "iat",
                "auth_time",
                "acr",
                "amr",
                "nonce",
                "sid",
                "at_hash",
                "name",
                "preferred_username",
                "email",
                "email_verified",
            ],
            acr_values_supported: AssuranceLevel::ALL.map(AssuranceLevel::acr).to_vec(),
            prompt_values_supported: PROMPT_VALUES.to_vec(),
            claims_parameter_supported: false,
            request_parameter_supported: false,
            request_uri_parameter_supported: false,
            backchannel_logout_supported: true,
            backchannel_logout_session_supported: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn supported() -> SupportedParts {
        SupportedParts {
            grant_types: vec!["client_credentials", "authorization_code"],
            client_authentication_methods: vec!["client_secret_basic", "client_secret_post"],
        }
    }

    #[test]
    fn endpoints_lie_below_the_issuer() {
        let document = AuthorizationServerMetadata::new(
            "https://id.example/i/acme",
            vec!["read".to_owned()],
            supported(),
        );
        let with_secret = json!(["client_secret_basic", "client_secret_post"]);
        let with_or_without = json!(["client_secret_basic", "client_secret_post", "none"]);
        assert_eq!(
            serde_json::to_value(document).unwrap(),
            json!({
                "issuer": "https://id.example/i/acme",
                "authorization_endpoint": "https://id.example/i/acme/connect/authorize",
                "token_endpoint": "https://id.example/i/acme/connect/token",
                "introspection_endpoint": "https://id.example/i/acme/connect/introspect",
                "revocation_endpoint": "https://id.example/i/acme/connect/revoke",
                "jwks_uri": "https://id.example/i/acme/.well-known/jwks.json",
                "kill_marks_uri": "https://id.example/i/acme/.well-known/kill-marks",
                "response_types_supported": ["code"],
                "response_modes_supported": ["query", "form_post"],
                "grant_types_supported": ["client_credentials", "authorization_code"],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": true,
                "scopes_supported": ["read"],
                "token_endpoint_auth_methods_supported": with_or_without,
                "introspection_endpoint_auth_methods_supported": with_secret,
                "revocation_endpoint_auth_methods_supported": with_or_without,
            })
        );
    }

    #[test]
    fn an_openid_provider_says_who_it_is_for_and_what_it_does_not_do() {
        let document = OpenIdProviderMetadata::new(AuthorizationServerMetadata::new(
            "https://id.example",
            vec![],
            supported(),
        ));
        let document = serde_json::to_value(document).unwrap();
        assert_eq!(document.get("scopes_supported"), None, "what is empty is absent");
        assert_eq!(document["subject_types_supported"], json!(["public"]));
        assert_eq!(document["id_token_signing_alg_values_supported"], json!(["RS256"]));
        assert_eq!(document["acr_values_supported"], json!(["urn:turnkeep:acr:1", "urn:turnkeep:acr:2"]));
        for (member, path) in [
            ("issuer", ""),
            ("authorization_endpoint", "/connect/authorize"),
            ("userinfo_endpoint", "/connect/userinfo"),
            ("end_session_endpoint", "/connect/endsession"),
        ] {
            assert_eq!(document[member], format!("https://id.example{path}"));
        }
        for (member, expected) in [
            ("claims_parameter_supported", false),
            ("request_parameter_supported", false),
            // Discovery §3: it would default to true.
            ("request_uri_parameter_supported", false),
            ("backchannel_logout_supported", true),
            ("backchannel_logout_session_supported", true),
        ] {
            assert_eq!(document[member], expected, "{member}");
        }
    }

    #[test]
    fn every_prompt_that_is_understood_is_listed() {
        let document = OpenIdProviderMetadata::new(AuthorizationServerMetadata::new(
            "https://id.example",
            vec![],
            supported(),
        ));
        assert_eq!(document.prompt_values_supported, ["none", "login", "consent", "select_account"]);
    }
}
