//! Rows of `reference_tokens`, without the hash of the token.

use diesel::prelude::*;
use turnkeep_domain::client_secret::SecretHint;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{AppId, InstanceId, ReferenceTokenId, TenantId, UserId};
use turnkeep_domain::reference_token::{ReferenceToken, ReferenceTokenKind};
use turnkeep_domain::resource::Audience;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use super::granted::{read_scopes, scopes_column};
use super::word::Word;
use crate::schema::reference_tokens;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = reference_tokens)]
pub(crate) struct ReferenceTokenRow {
    instance_id: Vec<u8>,
    tenant_id: Vec<u8>,
    app_id: Vec<u8>,
    id: Vec<u8>,
    kind: String,
    user_id: Option<Vec<u8>>,
    name: String,
    hint: String,
    scopes: String,
    audience: String,
    made_by: String,
    created_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
}

impl From<&ReferenceToken> for ReferenceTokenRow {
    fn from(token: &ReferenceToken) -> Self {
        Self {
            instance_id: token.instance_id.as_bytes().to_vec(),
            tenant_id: token.tenant_id.as_bytes().to_vec(),
            app_id: token.app_id.as_bytes().to_vec(),
            id: token.id.as_bytes().to_vec(),
            kind: token.kind.word().to_owned(),
            user_id: token.user_id.map(|user_id| user_id.as_bytes().to_vec()),
            name: token.name.as_str().to_owned(),
            hint: token.hint.as_str().to_owned(),
            scopes: scopes_column(&token.scopes),
            audience: token.audience.as_str().to_owned(),
            made_by: token.made_by.to_string(),
            created_at: token.created_at.as_micros(),
            expires_at: token.expires_at.as_micros(),
            revoked_at: token.revoked_at.map(Timestamp::as_micros),
        }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("reference_tokens", column)
}

/// Reads a token, with when it was last used.
pub(crate) fn read_token(
    (row, last_used_at): (ReferenceTokenRow, Option<i64>),
) -> StoreResult<ReferenceToken> {
    let kind: ReferenceTokenKind = at("kind").word(&row.kind)?;
    let user_id = row.user_id.map(|id| at("user_id").bytes(&id)).transpose()?;
    Ok(ReferenceToken {
        id: ReferenceTokenId::from_bytes(at("id").bytes(&row.id)?),
        instance_id: InstanceId::from_bytes(at("instance_id").bytes(&row.instance_id)?),
        tenant_id: TenantId::from_bytes(at("tenant_id").bytes(&row.tenant_id)?),
        app_id: AppId::from_bytes(at("app_id").bytes(&row.app_id)?),
        kind,
        user_id: user_id.map(UserId::from_bytes),
        name: at("name").valid(DisplayName::parse(&row.name))?,
        hint: at("hint").present(SecretHint::parse(&row.hint))?,
        scopes: read_scopes(at("scopes"), &row.scopes)?,
        audience: at("audience").valid(Audience::parse(&row.audience))?,
        made_by: at("made_by").valid(row.made_by.parse())?,
        created_at: Timestamp::from_micros(row.created_at),
        expires_at: Timestamp::from_micros(row.expires_at),
        revoked_at: row.revoked_at.map(Timestamp::from_micros),
        last_used_at: last_used_at.map(Timestamp::from_micros),
    })
}
