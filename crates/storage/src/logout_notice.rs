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

/// Working them off.
pub trait LogoutNoticeKeeping {
    /// Takes up to `limit` notices that are due, the oldest first, and puts them off until `retry_at`, so that no other
    /// node takes them meanwhile. Their attempts are counted.
    fn take_logout_notices(
        &mut self,
        now: Timestamp,
        retry_at: Timestamp,
        limit: u32,
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
