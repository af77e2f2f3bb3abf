//! Rows of `change_log`.

use diesel::prelude::*;
use turnkeep_domain::change::{Change, ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::id::{AppId, GrantId, InstanceId, SecretId, TenantId, TokenId, UserId};
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use crate::schema::change_log;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = change_log)]
pub(crate) struct ChangeRow {
    sequence: i64,
    instance_id: Vec<u8>,
    tenant_id: Option<Vec<u8>>,
    app_id: Option<Vec<u8>>,
    tokens_dead: bool,
    at: i64,
    is_new: Option<bool>,
    secret_id: Option<Vec<u8>>,
    token_id: Option<Vec<u8>>,
    user_id: Option<Vec<u8>>,
    grant_id: Option<Vec<u8>>,
}

/// The columns of a scope.
#[derive(Default)]
struct ScopeColumns {
    tenant_id: Option<TenantId>,
    app_id: Option<AppId>,
    is_new: bool,
    secret_id: Option<SecretId>,
    token_id: Option<TokenId>,
    user_id: Option<UserId>,
    grant_id: Option<GrantId>,
}

impl From<ChangeScope> for ScopeColumns {
    fn from(scope: ChangeScope) -> Self {
        let none = Self::default();
        match scope {
            ChangeScope::Instance(_) => none,
            ChangeScope::Tenant(_, tenant_id) => Self { tenant_id: Some(tenant_id), ..none },
            ChangeScope::App(_, tenant_id, app_id) => {
                Self { tenant_id: Some(tenant_id), app_id: Some(app_id), ..none }
            }
            ChangeScope::NewApp(_, tenant_id, app_id) => {
                Self { tenant_id: Some(tenant_id), app_id: Some(app_id), is_new: true, ..none }
            }
            ChangeScope::Secret(_, tenant_id, app_id, secret_id) => {
                let secret_id = Some(secret_id);
                Self { tenant_id: Some(tenant_id), app_id: Some(app_id), secret_id, ..none }
            }
            ChangeScope::Token(_, tenant_id, app_id, token_id) => {
                let token_id = Some(token_id);
                Self { tenant_id: Some(tenant_id), app_id: Some(app_id), token_id, ..none }
            }
            ChangeScope::User(_, user_id) => Self { user_id: Some(user_id), ..none },
            ChangeScope::Grant(_, tenant_id, app_id, grant_id) => {
                let grant_id = Some(grant_id);
                Self { tenant_id: Some(tenant_id), app_id: Some(app_id), grant_id, ..none }
            }
        }
    }
}

impl From<&Change> for ChangeRow {
    fn from(change: &Change) -> Self {
        let columns = ScopeColumns::from(change.scope);
        Self {
            sequence: change.sequence.as_number(),
            instance_id: change.scope.instance_id().as_bytes().to_vec(),
            tenant_id: columns.tenant_id.map(|id| id.as_bytes().to_vec()),
            app_id: columns.app_id.map(|id| id.as_bytes().to_vec()),
            tokens_dead: change.tokens_before == TokensBefore::Dead,
            at: change.at.as_micros(),
            is_new: Some(columns.is_new),
            secret_id: columns.secret_id.map(|id| id.as_bytes().to_vec()),
            token_id: columns.token_id.map(|id| id.as_bytes().to_vec()),
            user_id: columns.user_id.map(|id| id.as_bytes().to_vec()),
            grant_id: columns.grant_id.map(|id| id.as_bytes().to_vec()),
        }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("change_log", column)
}

impl ChangeRow {
    pub(crate) fn into_domain(self) -> StoreResult<Change> {
        Ok(Change {
            sequence: ChangeSequence::from_number(self.sequence),
            scope: self.scope()?,
            tokens_before: if self.tokens_dead { TokensBefore::Dead } else { TokensBefore::Live },
            at: Timestamp::from_micros(self.at),
        })
    }

    fn scope(&self) -> StoreResult<ChangeScope> {
        let instance_id = InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?);
        let Some(tenant_id) = &self.tenant_id else {
            return match &self.user_id {
                None => Ok(ChangeScope::Instance(instance_id)),
                Some(user_id) => {
                    let user_id = UserId::from_bytes(at("user_id").bytes(user_id)?);
                    Ok(ChangeScope::User(instance_id, user_id))
                }
            };
        };
        let tenant_id = TenantId::from_bytes(at("tenant_id").bytes(tenant_id)?);
        let Some(app_id) = &self.app_id else {
            return Ok(ChangeScope::Tenant(instance_id, tenant_id));
        };
        let app_id = AppId::from_bytes(at("app_id").bytes(app_id)?);
        let is_about_app = self.secret_id.is_none() && self.token_id.is_none() && self.grant_id.is_none();
        // A version that does not say may run beside this one, and what it has changed may be a new app.
        let is_new = self.is_new.unwrap_or(is_about_app);
        match (&self.secret_id, &self.token_id, &self.grant_id, is_new) {
            (None, None, None, false) => Ok(ChangeScope::App(instance_id, tenant_id, app_id)),
            (None, None, None, true) => Ok(ChangeScope::NewApp(instance_id, tenant_id, app_id)),
            (Some(secret_id), None, None, false) => {
                let secret_id = SecretId::from_bytes(at("secret_id").bytes(secret_id)?);
                Ok(ChangeScope::Secret(instance_id, tenant_id, app_id, secret_id))
            }
            (None, Some(token_id), None, false) => {
                let token_id = TokenId::from_bytes(at("token_id").bytes(token_id)?);
                Ok(ChangeScope::Token(instance_id, tenant_id, app_id, token_id))
            }
            (None, None, Some(grant_id), false) => {
                let grant_id = GrantId::from_bytes(at("grant_id").bytes(grant_id)?);
                Ok(ChangeScope::Grant(instance_id, tenant_id, app_id, grant_id))
            }
            (Some(_), _, _, _) | (_, Some(_), _, _) | (_, _, Some(_), true) => Err(at("secret_id").corrupt()),
        }
    }
}
