//! Rows of `logout_notices`.

use diesel::prelude::*;
use turnkeep_domain::id::{AppId, InstanceId, LogoutNoticeId, SessionId, TenantId, UserId};
use turnkeep_domain::logout_notice::LogoutNotice;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use crate::schema::logout_notices;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = logout_notices)]
pub(crate) struct LogoutNoticeRow {
    instance_id: Vec<u8>,
    id: Vec<u8>,
    tenant_id: Vec<u8>,
    app_id: Vec<u8>,
    user_id: Vec<u8>,
    session_id: Vec<u8>,
    attempts: i64,
    due_at: i64,
    created_at: i64,
}

impl From<&LogoutNotice> for LogoutNoticeRow {
    fn from(notice: &LogoutNotice) -> Self {
        Self {
            instance_id: notice.instance_id.as_bytes().to_vec(),
            id: notice.id.as_bytes().to_vec(),
            tenant_id: notice.tenant_id.as_bytes().to_vec(),
            app_id: notice.app_id.as_bytes().to_vec(),
            user_id: notice.user_id.as_bytes().to_vec(),
            session_id: notice.session_id.as_bytes().to_vec(),
            attempts: notice.attempts.into(),
            due_at: notice.due_at.as_micros(),
            created_at: notice.created_at.as_micros(),
        }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("logout_notices", column)
}

impl LogoutNoticeRow {
    pub(crate) fn into_domain(self) -> StoreResult<LogoutNotice> {
        Ok(LogoutNotice {
            id: LogoutNoticeId::from_bytes(at("id").bytes(&self.id)?),
            instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
            tenant_id: TenantId::from_bytes(at("tenant_id").bytes(&self.tenant_id)?),
            app_id: AppId::from_bytes(at("app_id").bytes(&self.app_id)?),
            user_id: UserId::from_bytes(at("user_id").bytes(&self.user_id)?),
            session_id: SessionId::from_bytes(at("session_id").bytes(&self.session_id)?),
            attempts: at("attempts").number(self.attempts)?,
            due_at: Timestamp::from_micros(self.due_at),
            created_at: Timestamp::from_micros(self.created_at),
        })
    }
}
