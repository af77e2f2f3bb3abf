//! Answers of the introspection endpoint (RFC 7662 §2.2).

use serde::Serialize;
use turnkeep_domain::time::Timestamp;

use crate::token_response::TokenType;

/// What is told of a token.
#[derive(Debug, Clone, PartialEq)]
pub enum IntrospectionResponse {
    /// It is dead, not for the caller to know of, or no token at all. Exactly `{"active":false}`.
    Inactive,
    /// It is alive.
    Active(Box<ActiveToken>),
    /// So is this refresh token of the caller's own.
    ActiveRefreshToken(Box<ActiveRefreshToken>),
}

/// What an app is told of a refresh token of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActiveRefreshToken {
    /// The issuer.
    pub iss: String,
    /// The person.
    pub sub: String,
    /// The client it was issued to.
    pub client_id: String,
    /// What was granted, space-delimited.
    pub scope: String,
    /// When it dies, unused.
    #[serde(serialize_with = "numeric_date")]
    pub exp: Timestamp,
    /// When it was issued.
    #[serde(serialize_with = "numeric_date")]
    pub iat: Timestamp,
}

/// The claims of a live token. Times are whole seconds since the epoch (RFC 7519 §2).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActiveToken {
    /// The issuer.
    pub iss: String,
    /// The principal.
    pub sub: String,
    /// The resource.
    pub aud: String,
    /// The client it was issued to.
    pub client_id: String,
    /// Always `Bearer`.
    pub token_type: TokenType,
    /// What it allows, space-delimited.
    pub scope: String,
    /// When it dies.
    #[serde(serialize_with = "numeric_date")]
    pub exp: Timestamp,
    /// When it was issued.
    #[serde(serialize_with = "numeric_date")]
    pub iat: Timestamp,
    /// From when on it counts.
    #[serde(serialize_with = "numeric_date")]
    pub nbf: Timestamp,
    /// Its identifier.
    pub jti: String,
    /// What a token of this server says beyond the standard (RFC 7662 §2.2 allows further members).
    #[serde(flatten)]
    pub app: AppClaims,
}

/// The claims about the app that a token was issued to, as the token itself carries them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AppClaims {
    /// The tenant's id.
    pub tenant_id: String,
    /// The app's id.
    pub app_id: String,
    /// The code of its license region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license_region: Option<String>,
    /// The code of its database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub db_code: Option<String>,
    /// The first allowed domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_domain_1: Option<String>,
    /// The second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_domain_2: Option<String>,
    /// The third.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_domain_3: Option<String>,
    /// The plan's limits, if the resource calls them so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<serde_json::Value>,
    /// The plan's limits, if the resource calls them so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entitlements: Option<serde_json::Value>,
    /// The change that the token was issued as of.
    pub seq: i64,
    /// What it says of the person, if one signed in.
    #[serde(flatten)]
    pub person: Option<PersonClaims>,
}

/// The claims about the person that a token acts as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonClaims {
    /// `internal` or `community`.
    pub user_kind: &'static str,
    /// When the person last proved who they are (RFC 9470 §6.2).
    #[serde(serialize_with = "numeric_date")]
    pub auth_time: Timestamp,
    /// How sure it is (RFC 9470 §6.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<&'static str>,
}

impl Serialize for IntrospectionResponse {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Body<'a, T> {
            active: bool,
            #[serde(flatten)]
            token: Option<&'a T>,
        }
        match self {
            Self::Inactive => Body::<ActiveToken> { active: false, token: None }.serialize(serializer),
            Self::Active(token) => Body { active: true, token: Some(&**token) }.serialize(serializer),
            Self::ActiveRefreshToken(token) => {
                Body { active: true, token: Some(&**token) }.serialize(serializer)
            }
        }
    }
}

fn numeric_date<S: serde::Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(time.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inactive_token_tells_nothing_else() {
        assert_eq!(serde_json::to_string(&IntrospectionResponse::Inactive).unwrap(), r#"{"active":false}"#);
    }

    #[test]
    fn an_active_token_shows_its_claims_in_whole_seconds() {
        let response = IntrospectionResponse::Active(Box::new(ActiveToken {
            iss: "https://id.example".to_owned(),
            sub: "tk_1".to_owned(),
            aud: "TrueParser.API".to_owned(),
            client_id: "tk_1".to_owned(),
            token_type: TokenType::Bearer,
            scope: "read".to_owned(),
            exp: Timestamp::from_micros(1_900_999_999),
            iat: Timestamp::from_secs(1_000),
            nbf: Timestamp::from_secs(1_000),
            jti: "tok_1".to_owned(),
            app: AppClaims {
                tenant_id: "ten_1".to_owned(),
                app_id: "app_1".to_owned(),
                license_region: Some("eu-west".to_owned()),
                db_code: Some("EU1".to_owned()),
                allowed_domain_1: None,
                allowed_domain_2: Some("localhost:3000".to_owned()),
                allowed_domain_3: None,
                limits: Some(serde_json::json!({ "plan": "pro" })),
                entitlements: None,
                seq: 7,
                person: None,
            },
        }));
        assert_eq!(
            serde_json::to_value(response).unwrap(),
            serde_json::json!({
                "active": true, "iss": "https://id.example", "sub": "tk_1", "aud": "TrueParser.API",
                "client_id": "tk_1", "token_type": "Bearer", "scope": "read", "exp": 1900, "iat": 1000,
                "nbf": 1000, "jti": "tok_1", "tenant_id": "ten_1", "app_id": "app_1", "license_region": "eu-west",
                "db_code": "EU1", "allowed_domain_2": "localhost:3000", "limits": { "plan": "pro" }, "seq": 7
            })
        );
    }

    #[test]
    fn a_refresh_token_shows_what_was_granted_and_by_whom() {
        let response = IntrospectionResponse::ActiveRefreshToken(Box::new(ActiveRefreshToken {
            iss: "https://id.example".to_owned(),
            sub: "usr_1".to_owned(),
            client_id: "tk_1".to_owned(),
            scope: "openid read".to_owned(),
            exp: Timestamp::from_secs(1_900),
            iat: Timestamp::from_secs(1_000),
        }));
        assert_eq!(
            serde_json::to_value(response).unwrap(),
            serde_json::json!({
                "active": true, "iss": "https://id.example", "sub": "usr_1", "client_id": "tk_1",
                "scope": "openid read", "exp": 1900, "iat": 1000
            })
        );
    }
}
