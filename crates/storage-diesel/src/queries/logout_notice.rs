//! Queries of logout tokens that have to be delivered.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Bool};
use turnkeep_domain::id::{InstanceId, LogoutNoticeId};
use turnkeep_domain::logout_notice::LogoutNotice;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::logout_notice::{LogoutNoticeKeeping, LogoutNoticeWrites, NoticeLimits};

use crate::records::logout_notice::LogoutNoticeRow;
use crate::schema::logout_notices;
use crate::session::Session;

/// Apps that have notices which are due at `$1`, those first that have no others, then those that have waited longest; at
/// most `$2`. It goes from app to app by the index, however many notices each of them has.
const APPS_TO_TELL: &str = "\
    WITH RECURSIVE told (app_id) AS (\
     SELECT (SELECT app_id FROM logout_notices ORDER BY app_id LIMIT 1) \
     UNION ALL \
     SELECT (SELECT later.app_id FROM logout_notices later WHERE later.app_id > told.app_id \
     ORDER BY later.app_id LIMIT 1) FROM told WHERE told.app_id IS NOT NULL), \
    waiting AS (\
     SELECT told.app_id, \
     (SELECT oldest.due_at FROM logout_notices oldest WHERE oldest.app_id = told.app_id \
     ORDER BY oldest.due_at LIMIT 1) AS oldest_due_at, \
     EXISTS (SELECT 1 FROM logout_notices later WHERE later.app_id = told.app_id AND later.due_at > $1) \
     AS has_later FROM told WHERE told.app_id IS NOT NULL) \
    SELECT app_id, has_later FROM waiting WHERE oldest_due_at <= $1 \
    ORDER BY has_later, oldest_due_at, app_id LIMIT $2";

#[derive(QueryableByName)]
struct AppToTell {
    #[diesel(sql_type = Binary)]
    app_id: Vec<u8>,
    #[diesel(sql_type = Bool)]
    has_later: bool,
}

impl Session<'_> {
    /// The notices to take, in their order.
    fn due_logout_notices(
        &mut self,
        now: Timestamp,
        limits: NoticeLimits,
    ) -> StoreResult<Vec<LogoutNoticeRow>> {
        let apps = sql_query(APPS_TO_TELL)
            .bind::<BigInt, _>(now.as_micros())
            .bind::<BigInt, _>(i64::from(limits.all));
        let apps: Vec<AppToTell> = self.run(|c| apps.load(c))?;
        let mut due = Vec::new();
        for AppToTell { app_id, has_later } in apps {
            let of_app = logout_notices::table
                .filter(logout_notices::app_id.eq(app_id))
                .filter(logout_notices::due_at.le(now.as_micros()))
                .order((logout_notices::due_at, logout_notices::id))
                .limit(i64::from(limits.of_an_app))
                .select(LogoutNoticeRow::as_select());
            let of_app: Vec<LogoutNoticeRow> = self.run(|c| of_app.load(c))?;
            due.extend(of_app.into_iter().enumerate().map(|(turn, row)| (has_later, turn, row)));
        }
        // It keeps the order of the apps within each turn.
        due.sort_by_key(|(has_later, turn, _)| (*has_later, *turn));
        due.truncate(usize::try_from(limits.all).unwrap_or(usize::MAX));
        Ok(due.into_iter().map(|(.., row)| row).collect())
    }
}

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
        limits: NoticeLimits,
    ) -> StoreResult<Vec<LogoutNotice>> {
        let due = self.due_logout_notices(now, limits)?;
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
