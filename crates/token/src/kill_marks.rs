//! What the signed feed of kill marks says to resource servers: which unexpired tokens are dead before their time.

use serde::Serialize;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::{AppId, GrantId, SecretId, TenantId, TokenId, UserId};
use turnkeep_domain::time::Timestamp;

/// The `typ` of the feed, so that nobody takes an access token for one (RFC 8725 §3.11).
pub const KILL_MARKS_TYPE: &str = "kill-marks+jwt";

/// The payload of the feed.
#[derive(Debug, Serialize)]
pub struct KillMarksClaims<'a> {
    iss: &'a str,
    iat: i64,
    seq: i64,
    marks: Vec<MarkClaims>,
    revoked: Vec<RevokedClaims>,
    /// Apart from the other marks, since a reader that does not know them would refuse the whole feed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    people: Vec<PersonMarkClaims>,
}

/// Tokens with a lower `seq` are dead: those of the one that is named, or without a name all of the issuer's.
#[derive(Debug, Serialize)]
pub struct MarkClaims {
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_id: Option<String>,
    dead_below: i64,
}

/// Tokens with a lower `seq` are dead: those that act as a user, or those that came of a grant.
#[derive(Debug, Serialize)]
pub struct PersonMarkClaims {
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grant_id: Option<String>,
    dead_below: i64,
}

/// One token that is dead.
#[derive(Debug, Serialize)]
pub struct RevokedClaims {
    jti: String,
    exp: i64,
}

impl<'a> KillMarksClaims<'a> {
    /// Everything that an issuer has killed up to a change and that an unexpired token can still be concerned by.
    pub fn new(
        iss: &'a str,
        at: Timestamp,
        up_to: ChangeSequence,
        marks: Vec<MarkClaims>,
        revoked: Vec<RevokedClaims>,
    ) -> Self {
        Self { iss, iat: at.as_secs(), seq: up_to.as_number(), marks, revoked, people: Vec::new() }
    }

    /// With what was killed of people.
    #[must_use]
    pub fn with_people(mut self, people: Vec<PersonMarkClaims>) -> Self {
        self.people = people;
        self
    }
}

impl MarkClaims {
    /// Every token of the issuer.
    pub fn of_instance(dead_below: ChangeSequence) -> Self {
        Self { tenant_id: None, app_id: None, secret_id: None, dead_below: dead_below.as_number() }
    }

    /// Those of a tenant's apps.
    pub fn of_tenant(id: TenantId, dead_below: ChangeSequence) -> Self {
        Self { tenant_id: Some(id.to_string()), ..Self::of_instance(dead_below) }
    }

    /// Those of an app.
    pub fn of_app(id: AppId, dead_below: ChangeSequence) -> Self {
        Self { app_id: Some(id.to_string()), ..Self::of_instance(dead_below) }
    }

    /// Those that a secret obtained.
    pub fn of_secret(id: SecretId, dead_below: ChangeSequence) -> Self {
        Self { secret_id: Some(id.to_string()), ..Self::of_instance(dead_below) }
    }
}

impl PersonMarkClaims {
    /// Those that act as a user.
    pub fn of_user(id: UserId, dead_below: ChangeSequence) -> Self {
        Self { user_id: Some(id.to_string()), grant_id: None, dead_below: dead_below.as_number() }
    }

    /// Those that came of a grant.
    pub fn of_grant(id: GrantId, dead_below: ChangeSequence) -> Self {
        Self { user_id: None, grant_id: Some(id.to_string()), dead_below: dead_below.as_number() }
    }
}

impl RevokedClaims {
    /// A token, and when nobody need remember it any more.
    pub fn new(id: TokenId, until: Timestamp) -> Self {
        Self { jti: id.to_string(), exp: until.as_secs() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_names_whom_it_is_about_and_nobody_else() {
        let n = ChangeSequence::from_number;
        let (tenant, app) = (TenantId::from_bytes([1; 16]), AppId::from_bytes([2; 16]));
        let (secret, token) = (SecretId::from_bytes([3; 16]), TokenId::from_bytes([4; 16]));
        let marks = vec![
            MarkClaims::of_instance(n(42)),
            MarkClaims::of_tenant(tenant, n(41)),
            MarkClaims::of_app(app, n(40)),
            MarkClaims::of_secret(secret, n(39)),
        ];
        let at = Timestamp::from_micros(1_795_256_176_900_000);
        let revoked = vec![RevokedClaims::new(token, Timestamp::from_secs(1_795_257_076))];
        let claims = KillMarksClaims::new("https://id.example.com", at, n(43), marks, revoked);
        assert_eq!(
            serde_json::to_value(claims).unwrap(),
            serde_json::json!({
                "iss": "https://id.example.com",
                "iat": 1_795_256_176,
                "seq": 43,
                "marks": [
                    {"dead_below": 42},
                    {"tenant_id": tenant.to_string(), "dead_below": 41},
                    {"app_id": app.to_string(), "dead_below": 40},
                    {"secret_id": secret.to_string(), "dead_below": 39},
                ],
                "revoked": [{"jti": token.to_string(), "exp": 1_795_257_076}],
            })
        );
    }
    #[test]
    fn marks_of_people_stand_apart_and_are_absent_where_there_are_none() {
        let (user, grant) = (UserId::from_bytes([5; 16]), GrantId::from_bytes([6; 16]));
        let at = Timestamp::from_secs(1);
        let claims = || {
            KillMarksClaims::new("https://id.example.com", at, ChangeSequence::ZERO, Vec::new(), Vec::new())
        };
        let n = ChangeSequence::from_number;
        let people = vec![PersonMarkClaims::of_user(user, n(7)), PersonMarkClaims::of_grant(grant, n(8))];
        assert_eq!(
            serde_json::to_value(claims().with_people(people)).unwrap()["people"],
            serde_json::json!([
                {"user_id": user.to_string(), "dead_below": 7},
                {"grant_id": grant.to_string(), "dead_below": 8},
            ])
        );
        assert_eq!(serde_json::to_value(claims()).unwrap().get("people"), None);
    }
}
