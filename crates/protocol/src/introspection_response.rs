//! Answers of the introspection endpoint (RFC 7662 §2.2).

use serde::Serialize;
use turnkeep_domain::time::Timestamp;

use crate::token_response::TokenType;

/// What is told of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IntrospectionResponse {
    /// It is dead, not for the caller to know of, or no token at all. Exactly `{"active":false}`.
    Inactive,
    /// It is alive.
    Active(Box<ActiveToken>),
}

/// The claims of a live token. Times are whole seconds since the epoch (RFC 7519 §2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
}

impl Serialize for IntrospectionResponse {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Body<'a> {
            active: bool,
            #[serde(flatten)]
            token: Option<&'a ActiveToken>,
        }
        match self {
            Self::Inactive => Body { active: false, token: None },
            Self::Active(token) => Body { active: true, token: Some(token) },
        }
        .serialize(serializer)
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
        }));
        assert_eq!(
            serde_json::to_value(response).unwrap(),
            serde_json::json!({
                "active": true, "iss": "https://id.example", "sub": "tk_1", "aud": "TrueParser.API",
                "client_id": "tk_1", "token_type": "Bearer", "scope": "read", "exp": 1900, "iat": 1000,
                "nbf": 1000, "jti": "tok_1"
            })
        );
    }
}
