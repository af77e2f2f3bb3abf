//! Rows of `person_grants`, `authorization_codes` and `refresh_tokens`; of the latter two without the hashes of what
//! apps present.

use diesel::prelude::*;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::{AppId, GrantId, InstanceId, SessionId, TenantId, UserId};
use turnkeep_domain::person_grant::{AuthorizationCode, Offline, PersonGrant, RefreshToken};
use turnkeep_domain::pkce::CodeChallenge;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use super::granted::{read_authentication, read_scopes, scopes_column};
use crate::schema::{authorization_codes, person_grants, refresh_tokens};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = person_grants)]
pub(crate) struct PersonGrantRow {
    instance_id: Vec<u8>,
    id: Vec<u8>,
    tenant_id: Vec<u8>,
    app_id: Vec<u8>,
    user_id: Vec<u8>,
    session_id: Vec<u8>,
    offline: bool,
    scopes: String,
    audience: String,
    methods: String,
    authenticated_at: i64,
    sequence: i64,
    created_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
}

impl From<&PersonGrant> for PersonGrantRow {
    fn from(grant: &PersonGrant) -> Self {
        Self {
            instance_id: grant.instance_id.as_bytes().to_vec(),
            id: grant.id.as_bytes().to_vec(),
            tenant_id: grant.tenant_id.as_bytes().to_vec(),
            app_id: grant.app_id.as_bytes().to_vec(),
            user_id: grant.user_id.as_bytes().to_vec(),
            session_id: grant.session_id.as_bytes().to_vec(),
            offline: grant.offline == Offline::Yes,
            scopes: scopes_column(&grant.scopes),
            audience: grant.audience.as_str().to_owned(),
            methods: grant.authentication.methods_text(),
            authenticated_at: grant.authentication.at().as_micros(),
            sequence: grant.sequence.as_number(),
            created_at: grant.created_at.as_micros(),
            expires_at: grant.expires_at.as_micros(),
            revoked_at: grant.revoked_at.map(Timestamp::as_micros),
        }
    }
}

impl PersonGrantRow {
    pub(crate) fn into_domain(self) -> StoreResult<PersonGrant> {
        let at = |column| cell("person_grants", column);
        Ok(PersonGrant {
            id: GrantId::from_bytes(at("id").bytes(&self.id)?),
            instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
            tenant_id: TenantId::from_bytes(at("tenant_id").bytes(&self.tenant_id)?),
            app_id: AppId::from_bytes(at("app_id").bytes(&self.app_id)?),
            user_id: UserId::from_bytes(at("user_id").bytes(&self.user_id)?),
            session_id: SessionId::from_bytes(at("session_id").bytes(&self.session_id)?),
            offline: if self.offline { Offline::Yes } else { Offline::No },
            scopes: read_scopes(at("scopes"), &self.scopes)?,
            audience: at("audience").valid(Audience::parse(&self.audience))?,
            authentication: read_authentication(at("methods"), &self.methods, self.authenticated_at)?,
            sequence: ChangeSequence::from_number(self.sequence),
            created_at: Timestamp::from_micros(self.created_at),
            expires_at: Timestamp::from_micros(self.expires_at),
            revoked_at: self.revoked_at.map(Timestamp::from_micros),
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = authorization_codes)]
pub(crate) struct AuthorizationCodeRow {
    grant_id: Vec<u8>,
    app_id: Vec<u8>,
    redirect_uri: String,
    was_redirect_uri_sent: bool,
    challenge: Option<String>,
    nonce: Option<String>,
    expires_at: i64,
    redeemed_at: Option<i64>,
}

impl From<&AuthorizationCode> for AuthorizationCodeRow {
    fn from(code: &AuthorizationCode) -> Self {
        Self {
            grant_id: code.grant_id.as_bytes().to_vec(),
            app_id: code.app_id.as_bytes().to_vec(),
            redirect_uri: code.redirect_uri.clone(),
            was_redirect_uri_sent: code.was_redirect_uri_sent,
            challenge: code.challenge.as_ref().map(|challenge| challenge.as_str().to_owned()),
            nonce: code.nonce.clone(),
            expires_at: code.expires_at.as_micros(),
            redeemed_at: code.redeemed_at.map(Timestamp::as_micros),
        }
    }
}

impl AuthorizationCodeRow {
    pub(crate) fn into_domain(self) -> StoreResult<AuthorizationCode> {
        let at = |column| -> Cell { cell("authorization_codes", column) };
        let challenge = self.challenge.as_deref().map(CodeChallenge::parse).transpose();
        Ok(AuthorizationCode {
            grant_id: GrantId::from_bytes(at("grant_id").bytes(&self.grant_id)?),
            app_id: AppId::from_bytes(at("app_id").bytes(&self.app_id)?),
            redirect_uri: self.redirect_uri,
            was_redirect_uri_sent: self.was_redirect_uri_sent,
            challenge: at("challenge").valid(challenge)?,
            nonce: self.nonce,
            expires_at: Timestamp::from_micros(self.expires_at),
            redeemed_at: self.redeemed_at.map(Timestamp::from_micros),
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = refresh_tokens)]
pub(crate) struct RefreshTokenRow {
    grant_id: Vec<u8>,
    issued_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
}

impl From<&RefreshToken> for RefreshTokenRow {
    fn from(token: &RefreshToken) -> Self {
        Self {
            grant_id: token.grant_id.as_bytes().to_vec(),
            issued_at: token.issued_at.as_micros(),
            expires_at: token.expires_at.as_micros(),
            used_at: token.used_at.map(Timestamp::as_micros),
        }
    }
}

impl RefreshTokenRow {
    pub(crate) fn into_domain(self) -> StoreResult<RefreshToken> {
        Ok(RefreshToken {
            grant_id: GrantId::from_bytes(cell("refresh_tokens", "grant_id").bytes(&self.grant_id)?),
            issued_at: Timestamp::from_micros(self.issued_at),
            expires_at: Timestamp::from_micros(self.expires_at),
            used_at: self.used_at.map(Timestamp::from_micros),
        })
    }
}
