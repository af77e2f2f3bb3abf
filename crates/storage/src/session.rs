//! Sessions of people. The handle is known by its SHA-256 only.

use turnkeep_domain::authentication::Authentication;
use turnkeep_domain::id::{InstanceId, SessionId, UserId};
use turnkeep_domain::session::Session;
use turnkeep_domain::time::Timestamp;

use crate::error::StoreResult;
use crate::outcome::{Inserted, Updated};

/// Reads of sessions.
pub trait SessionReads {
    /// By what the browser presents.
    fn find_session(
        &mut self,
        instance_id: InstanceId,
        handle_hash: &[u8; 32],
    ) -> StoreResult<Option<Session>>;
    /// By its id, for whoever holds none.
    fn find_session_by_id(&mut self, instance_id: InstanceId, id: SessionId) -> StoreResult<Option<Session>>;
    /// All of a user that have not ended and expire after `now`, the newest first.
    fn list_sessions(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        now: Timestamp,
    ) -> StoreResult<Vec<Session>>;
}

/// Beginning and using sessions.
pub trait SessionStarts {
    /// Begins one; conflicts on the handle.
    fn insert_session(&mut self, session: &Session, handle_hash: &[u8; 32]) -> StoreResult<Inserted>;
    /// Gives a session that has not ended a new handle after its user signed in anew; stale otherwise.
    fn renew_session(
        &mut self,
        instance_id: InstanceId,
        id: SessionId,
        handle_hash: &[u8; 32],
        authentication: &Authentication,
        now: Timestamp,
    ) -> StoreResult<Updated>;
    /// Notes that it was used; an older time never replaces a newer one.
    fn touch_session(&mut self, instance_id: InstanceId, id: SessionId, at: Timestamp) -> StoreResult<()>;
}

/// Ending sessions.
pub trait SessionEnds {
    /// Ends one of the user; stale if there is none, or it has ended.
    fn end_session(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        id: SessionId,
        at: Timestamp,
    ) -> StoreResult<Updated>;
}
