//! Queries of sessions of people.

use diesel::prelude::*;
use turnkeep_domain::authentication::Authentication;
use turnkeep_domain::id::{InstanceId, SessionId, UserId};
use turnkeep_domain::session::Session as PersonSession;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::session::{SessionEnds, SessionReads, SessionStarts};

use crate::per_backend::{insert_unless_conflict, inserted, updated};
use crate::records::session::SessionRow;
use crate::schema::sessions;
use crate::session::Session;

impl SessionReads for Session<'_> {
    fn find_session(
        &mut self,
        instance_id: InstanceId,
        handle_hash: &[u8; 32],
    ) -> StoreResult<Option<PersonSession>> {
        let query = sessions::table
            .filter(sessions::instance_id.eq(instance_id.as_bytes()))
            .filter(sessions::handle_hash.eq(handle_hash))
            .select(SessionRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(SessionRow::into_domain).transpose()
    }

    fn find_session_by_id(
        &mut self,
        instance_id: InstanceId,
        id: SessionId,
    ) -> StoreResult<Option<PersonSession>> {
        let query = sessions::table
            .filter(sessions::instance_id.eq(instance_id.as_bytes()))
            .filter(sessions::id.eq(id.as_bytes()))
            .select(SessionRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(SessionRow::into_domain).transpose()
    }

    fn list_sessions(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        now: Timestamp,
    ) -> StoreResult<Vec<PersonSession>> {
        let query = sessions::table
            .filter(sessions::instance_id.eq(instance_id.as_bytes()))
            .filter(sessions::user_id.eq(user_id.as_bytes()))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::expires_at.gt(now.as_micros()))
            .order(sessions::id.desc())
            .select(SessionRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(SessionRow::into_domain).collect()
    }
}

impl SessionStarts for Session<'_> {
    fn insert_session(&mut self, session: &PersonSession, handle_hash: &[u8; 32]) -> StoreResult<Inserted> {
        let row = (SessionRow::from(session), sessions::handle_hash.eq(handle_hash));
        self.run(|c| insert_unless_conflict!(c, sessions::table, row)).map(inserted)
    }

    fn renew_session(
        &mut self,
        instance_id: InstanceId,
        id: SessionId,
        handle_hash: &[u8; 32],
        authentication: &Authentication,
        now: Timestamp,
    ) -> StoreResult<Updated> {
        let live = sessions::table
            .filter(sessions::instance_id.eq(instance_id.as_bytes()))
            .filter(sessions::id.eq(id.as_bytes()))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::expires_at.gt(now.as_micros()));
        let renewed = (
            sessions::handle_hash.eq(handle_hash),
            sessions::methods.eq(authentication.methods_text()),
            sessions::authenticated_at.eq(authentication.at().as_micros()),
            sessions::last_seen_at.eq(now.as_micros()),
        );
        self.run(|c| diesel::update(live).set(renewed).execute(c)).map(updated)
    }

    fn touch_session(&mut self, instance_id: InstanceId, id: SessionId, at: Timestamp) -> StoreResult<()> {
        let seen_earlier = sessions::table
            .filter(sessions::instance_id.eq(instance_id.as_bytes()))
            .filter(sessions::id.eq(id.as_bytes()))
            .filter(sessions::last_seen_at.lt(at.as_micros()));
        let seen = sessions::last_seen_at.eq(at.as_micros());
        self.run(|c| diesel::update(seen_earlier).set(seen).execute(c)).map(|_| ())
    }
}

impl SessionEnds for Session<'_> {
    fn end_session(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        id: SessionId,
        at: Timestamp,
    ) -> StoreResult<Updated> {
        let not_ended = sessions::table
            .filter(sessions::instance_id.eq(instance_id.as_bytes()))
            .filter(sessions::user_id.eq(user_id.as_bytes()))
            .filter(sessions::id.eq(id.as_bytes()))
            .filter(sessions::ended_at.is_null());
        let ended = sessions::ended_at.eq(at.as_micros());
        self.run(|c| diesel::update(not_ended).set(ended).execute(c)).map(updated)
    }
}
