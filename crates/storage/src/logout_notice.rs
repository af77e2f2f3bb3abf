//! Logout tokens that have to be delivered.

use turnkeep_domain::id::{InstanceId, LogoutNoticeId};
use turnkeep_domain::logout_notice::LogoutNotice;
use turnkeep_domain::time::Timestamp;

use crate::error::StoreResult;

/// Notes of logouts to come.
pub trait LogoutNoticeWrites {
    /// To be delivered.
    fn insert_logout_notice(&mut self, notice: &LogoutNotice) -> StoreResult<()>;
}

/// How many notices are taken at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeLimits {
    /// Altogether.
    pub all: u32,
    /// Of any one app.
    pub of_an_app: u32,
}

/// Working them off.
pub trait LogoutNoticeKeeping {
    /// Takes some of the notices that are due, and puts them off until `retry_at`, so that no other node takes them
    /// meanwhile. Their attempts are counted.
    ///
    /// Apps take turns, so that one with many notices keeps nobody waiting: the oldest notice of each app, then the second
    /// oldest, and so on. Apps that have notices which are not due come last: they did not take them, or are being told.
    fn take_logout_notices(
        &mut self,
        now: Timestamp,
        retry_at: Timestamp,
        limits: NoticeLimits,
    ) -> StoreResult<Vec<LogoutNotice>>;
    /// Says when to try again.
    fn put_off_logout_notice(
        &mut self,
        instance_id: InstanceId,
        id: LogoutNoticeId,
        due_at: Timestamp,
    ) -> StoreResult<()>;
    /// It was delivered, or given up.
    fn delete_logout_notice(&mut self, instance_id: InstanceId, id: LogoutNoticeId) -> StoreResult<()>;
}
