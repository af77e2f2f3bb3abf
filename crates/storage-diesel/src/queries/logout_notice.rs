//! Queries of logout tokens that have to be delivered.

use diesel::prelude::*;
use turnkeep_domain::id::{InstanceId, LogoutNoticeId};
use turnkeep_domain::logout_notice::LogoutNotice;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::logout_notice::{LogoutNoticeKeeping, LogoutNoticeWrites};

use crate::records::logout_notice::LogoutNoticeRow;
use crate::schema::logout_notices;
use crate::session::Session;

impl LogoutNoticeWrites for Session<'_> {
    fn insert_logout_notice(&mut self, notice: &LogoutNotice) -> StoreResult<()> {
        let row = LogoutNoticeRow::from(notice);
        self.run(|c| diesel::insert_into(logout_notices::table).values(&row).execute(c)).map(|_| ())
    }
}

impl LogoutNoticeKeeping for Session<'_> {
    fn take_logout_notices(
        &mut self,
        now: Timestamp,
        retry_at: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<LogoutNotice>> {
        let due = logout_notices::table
            .filter(logout_notices::due_at.le(now.as_micros()))
            .order((logout_notices::due_at, logout_notices::id))
            .limit(i64::from(limit))
            .select(LogoutNoticeRow::as_select());
        let due: Vec<LogoutNoticeRow> = self.run(|c| due.load(c))?;
        let mut taken = Vec::with_capacity(due.len());
        for row in due {
            let notice = row.into_domain()?;
            // Another node may have taken it in between, and put it off by that.
            let still_due = logout_notices::table
                .filter(logout_notices::instance_id.eq(notice.instance_id.as_bytes().to_vec()))
                .filter(logout_notices::id.eq(notice.id.as_bytes().to_vec()))
                .filter(logout_notices::attempts.eq(i64::from(notice.attempts)))
                .filter(logout_notices::due_at.eq(notice.due_at.as_micros()));
            let attempts = notice.attempts.saturating_add(1);
            let put_off = (
                logout_notices::due_at.eq(retry_at.as_micros()),
                logout_notices::attempts.eq(i64::from(attempts)),
            );
            if self.run(|c| diesel::update(still_due).set(put_off).execute(c))? == 1 {
                taken.push(LogoutNotice { attempts, due_at: retry_at, ..notice });
            }
        }
        Ok(taken)
    }

    fn put_off_logout_notice(
        &mut self,
        instance_id: InstanceId,
        id: LogoutNoticeId,
        due_at: Timestamp,
    ) -> StoreResult<()> {
        let stored = logout_notices::table
            .filter(logout_notices::instance_id.eq(instance_id.as_bytes()))
            .filter(logout_notices::id.eq(id.as_bytes()));
        let due = logout_notices::due_at.eq(due_at.as_micros());
        self.run(|c| diesel::update(stored).set(due).execute(c)).map(|_| ())
    }

    fn delete_logout_notice(&mut self, instance_id: InstanceId, id: LogoutNoticeId) -> StoreResult<()> {
        let stored = logout_notices::table
            .filter(logout_notices::instance_id.eq(instance_id.as_bytes()))
            .filter(logout_notices::id.eq(id.as_bytes()));
        self.run(|c| diesel::delete(stored).execute(c)).map(|_| ())
    }
}
