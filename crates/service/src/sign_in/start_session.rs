//! The one place where sessions begin.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::authentication::Authentication;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::{InstanceId, RequestId, SessionId, UserId};
use turnkeep_domain::session::Session;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::generated::SecretKind;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::{Admits, Reads};

use crate::audit::append::append_event;
use crate::authority::Authority;
use crate::failure::Fault;
use crate::handles::{NewHandle, handle_hash, make_handle};
use crate::sign_in::browser::Browser;
use crate::sign_in::device::device_text;
use crate::sign_in::end_sessions::end_former_session;
use crate::sign_in::events::{Deed, set};
use crate::sign_in::session::{NewSession, SignedIn, counts, may_sign_in};

/// A person who has proven who they are.
pub(crate) struct Start<'a> {
    pub(crate) issuer: &'a Slug,
    pub(crate) instance_id: InstanceId,
    pub(crate) user_id: UserId,
    pub(crate) authentication: Authentication,
    /// What this node had applied before anything about the person was looked up.
    pub(crate) sequence: ChangeSequence,
    pub(crate) browser: &'a Browser,
    pub(crate) request_id: Option<RequestId>,
}

impl<'a> Start<'a> {
    fn deed(&self, authority: &'a Authority) -> Deed<'a> {
        let actor = Actor::User(self.user_id);
        Deed { authority, instance_id: self.instance_id, actor, request_id: self.request_id }
    }
}

/// Begins a session if the user may sign in, and if `prove` (which uses up what works once) says so within the same
/// transaction; else `None`.
///
/// The handle is always new. A live session of the same person in the same browser goes on under it, so that apps
/// keep what they were granted in it; any other session of the browser ends.
pub(crate) fn start_session(
    authority: &Authority,
    start: &Start<'_>,
    prove: impl FnOnce(&mut dyn Admits, Timestamp) -> StoreResult<bool>,
) -> Result<Option<NewSession>, Fault> {
    let known_by = start.browser.known_by(authority, start.issuer, start.user_id)?;
    let device = device_text(authority, start.issuer, start.user_id, known_by)?;
    let handle = make_handle(authority, SecretKind::Session);
    let now = authority.now();
    let begun = authority.store.admit(|admits| {
        let user = admits.find_user(start.instance_id, start.user_id)?;
        if !user.is_some_and(|user| may_sign_in(&user, start.sequence)) || !prove(admits, now)? {
            return Ok(None);
        }
        let former = former_session(admits, start)?;
        let renewed = match former.as_ref().filter(|former| goes_on(authority, start, former, now)) {
            Some(former) => renew(admits, start, former.session.clone(), &handle, now)?,
            None => None,
        };
        let session = match renewed {
            Some(session) => session,
            None => insert(authority, admits, start, &handle, now)?,
        };
        let methods = set("authentication", session.authentication.methods_text());
        let event = start.deed(authority).done("session.begin", session.id, vec![methods]);
        append_event(authority, admits, &event)?;
        let left = former.map(|former| former.session).filter(|former| former.id != session.id);
        Ok(Some((session, left)))
    })?;
    let Some((session, left)) = begun else {
        return Ok(None);
    };
    if let Some(left) = left {
        end_former_session(authority, &left, start.deed(authority))?;
    }
    Ok(Some(NewSession { handle: handle.plaintext, device, session }))
}

/// The session that the browser presents, unless it has ended.
fn former_session(reads: &mut (impl Reads + ?Sized), start: &Start<'_>) -> StoreResult<Option<SignedIn>> {
    let Some(handle) = start.browser.present_session() else {
        return Ok(None);
    };
    let Some(session) = reads.find_session(start.instance_id, &handle_hash(handle.expose()))? else {
        return Ok(None);
    };
    let user = reads.find_user(start.instance_id, session.user_id)?;
    Ok(user.filter(|_| session.ended_at.is_none()).map(|user| SignedIn { session, user }))
}

/// Who has just signed in is not to be thrown out in a moment: a session near its end is left for a new one.
fn goes_on(authority: &Authority, start: &Start<'_>, former: &SignedIn, now: Timestamp) -> bool {
    former.user.id == start.user_id
        && counts(authority, former, now)
        && now.plus(authority.settings.session_limits.idle) <= former.session.expires_at
}

fn renew(
    admits: &mut dyn Admits,
    start: &Start<'_>,
    former: Session,
    handle: &NewHandle,
    now: Timestamp,
) -> StoreResult<Option<Session>> {
    let Start { instance_id, authentication, .. } = start;
    match admits.renew_session(*instance_id, former.id, &handle.hash, authentication, now)? {
        Updated::Updated => {
            Ok(Some(Session { authentication: authentication.clone(), last_seen_at: now, ..former }))
        }
        Updated::Stale => Ok(None),
    }
}

fn insert(
    authority: &Authority,
    admits: &mut dyn Admits,
    start: &Start<'_>,
    handle: &NewHandle,
    now: Timestamp,
) -> StoreResult<Session> {
    let session = Session {
        id: SessionId::new(now, authority.random_bytes()),
        instance_id: start.instance_id,
        user_id: start.user_id,
        authentication: start.authentication.clone(),
        sequence: start.sequence,
        user_agent: start.browser.user_agent.chars().take(Session::MAX_USER_AGENT).collect(),
        address: start.browser.address.to_canonical().to_string(),
        created_at: now,
        last_seen_at: now,
        expires_at: now.plus(authority.settings.session_limits.absolute),
        ended_at: None,
    };
    match admits.insert_session(&session, &handle.hash)? {
        Inserted::Inserted => Ok(session),
        Inserted::Conflict => Err(StoreError::Corrupt { table: "sessions", column: "handle_hash" }),
    }
}
