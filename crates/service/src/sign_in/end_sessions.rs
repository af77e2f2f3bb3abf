//! Ending sessions, with everything that was granted in them and is not to outlive them.

use std::collections::BTreeSet;

use turnkeep_domain::audit::Actor;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::{RequestId, SessionId, UserId};
use turnkeep_domain::person_grant::{Offline, PersonGrant};
use turnkeep_domain::session::{Session, SessionState};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::User;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::outcome::Updated;
use turnkeep_storage::person_grant::GrantsOf;
use turnkeep_storage::store::Writes;

use crate::audit::append::append_to_chains;
use crate::authority::Authority;
use crate::failure::Fault;
use crate::handles::handle_hash;
use crate::logout::note_logouts::note_logouts;
use crate::person_tokens::revoke_grants::revoke_grants;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Done, mutate};
use crate::sign_in::account_denial::{AccountDenial, AccountResult};
use crate::sign_in::events::{Deed, set};
use crate::sign_in::session::{SignedIn, instance_of};
use crate::transaction;

/// How much has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ended {
    /// Sessions that ended.
    pub sessions: u32,
    /// Grants of apps that were revoked.
    pub grants: u32,
}

/// The sessions of the person, the newest first; among them the present one.
pub fn list_sessions(authority: &Authority, signed_in: &SignedIn) -> Result<Vec<Session>, Fault> {
    let now = authority.now();
    let SignedIn { session: Session { instance_id, .. }, user } = signed_in;
    let limits = authority.settings.session_limits;
    let listed = authority.store.read(|reads| reads.list_sessions(*instance_id, user.id, now))?;
    let is_live = |session: &Session| {
        session.state(now, &limits) == SessionState::Live && user.tokens_dead_below <= session.sequence
    };
    Ok(listed.into_iter().filter(is_live).collect())
}

/// Signs a browser out by its handle. Nothing happens if there is no such session, or it has ended.
pub fn sign_out(
    authority: &Authority,
    issuer: &Slug,
    handle: &str,
    request_id: Option<RequestId>,
) -> Result<Option<Session>, Fault> {
    let Some(instance_id) = instance_of(authority, issuer)? else {
        return Ok(None);
    };
    let hash = handle_hash(handle);
    let Some(session) = authority.store.read(|reads| reads.find_session(instance_id, &hash))? else {
        return Ok(None);
    };
    let deed = Deed { authority, instance_id, actor: Actor::User(session.user_id), request_id };
    let ended = end_all(authority, deed, std::slice::from_ref(&session))?;
    Ok((0 < ended.sessions).then_some(session))
}

/// Ends one of the person's sessions, which may be the present one.
pub fn end_session(
    authority: &Authority,
    signed_in: &SignedIn,
    id: SessionId,
    request_id: Option<RequestId>,
) -> AccountResult<()> {
    let instance_id = signed_in.session.instance_id;
    let found = authority.store.read(|reads| reads.find_session_by_id(instance_id, id))?;
    let session =
        found.filter(|session| session.user_id == signed_in.user.id).ok_or(AccountDenial::NotFound)?;
    let deed = Deed { authority, instance_id, actor: Actor::User(signed_in.user.id), request_id };
    end_all(authority, deed, &[session])?;
    Ok(())
}

/// Ends all of the person's sessions but the present one.
pub fn end_other_sessions(
    authority: &Authority,
    signed_in: &SignedIn,
    request_id: Option<RequestId>,
) -> Result<Ended, Fault> {
    let SignedIn { session: present, user } = signed_in;
    let (instance_id, now) = (present.instance_id, authority.now());
    let mut sessions = authority.store.read(|reads| reads.list_sessions(instance_id, user.id, now))?;
    sessions.retain(|session| session.id != present.id);
    let deed = Deed { authority, instance_id, actor: Actor::User(user.id), request_id };
    end_all(authority, deed, &sessions)
}

/// Signs a person out of everything: all sessions end, and all that apps were granted. Operators only.
pub fn end_sessions_of_user(context: &RegistryContext<'_>, user_id: UserId) -> RegistryResult<Ended> {
    const ACTION: &str = "user.sign_out";
    context.audited(ACTION, Some(user_id.to_string()), context.require_operator())?;
    mutate(context, ACTION, Some(user_id.to_string()), |change| {
        let user = change.writes.find_user(context.instance_id, user_id)?.ok_or(RegistryDenial::NotFound)?;
        let ended = end_everything(change.writes, &user, Deed::of(context), change.now)?;
        Ok(Done::of(user_id, ended).set("sessions_ended", ended.sessions).set("grants_revoked", ended.grants))
    })
}

/// Ends the session that a browser had before another began in it.
pub(crate) fn end_former_session(
    authority: &Authority,
    session: &Session,
    deed: Deed<'_>,
) -> Result<(), Fault> {
    end_all(authority, deed, std::slice::from_ref(session)).map(|_| ())
}

fn end_all(authority: &Authority, deed: Deed<'_>, sessions: &[Session]) -> Result<Ended, Fault> {
    if sessions.is_empty() {
        return Ok(Ended::default());
    }
    let now = authority.now();
    let ended = transaction::mutate(&*authority.store, |writes| {
        let (mut events, mut grants) = (Vec::new(), Vec::new());
        for session in sessions {
            let Session { id, instance_id, user_id, .. } = *session;
            if writes.end_session(instance_id, user_id, id, now)? == Updated::Stale {
                continue;
            }
            events.push(deed.done("session.end", id, vec![set("user_id", user_id)]));
            let of_session = writes.list_grants(instance_id, GrantsOf::Session(id), now)?;
            note_logouts(authority, writes, &of_session, now)?;
            // Apps with `offline_access` go on.
            grants.extend(of_session.into_iter().filter(|grant| grant.offline == Offline::No));
        }
        let ended = u32::try_from(events.len()).unwrap_or(u32::MAX);
        append_to_chains(authority, writes, &events)?;
        let grants = revoke_grants(authority, writes, &grants, &deed.revocation("session_ended", now))?;
        Ok(Ended { sessions: ended, grants })
    })?;
    authority.wake_logout_delivery();
    Ok(ended)
}

/// Kills whatever a person has: everything that was begun by a proof from before this transaction is dead by the
/// user's mark, be it written down yet or not. Passwords, passkeys and reference tokens stay.
pub(crate) fn end_everything(
    writes: &mut dyn Writes,
    user: &User,
    deed: Deed<'_>,
    now: Timestamp,
) -> StoreResult<Ended> {
    let (instance_id, user_id) = (user.instance_id, user.id);
    let mark = writes.record_change(ChangeScope::User(instance_id, user_id), TokensBefore::Dead, now)?;
    let after = User { tokens_dead_below: mark, version: user.version.next(), ..user.clone() };
    if writes.update_user(&after, user.version)? == Updated::Stale {
        return Err(StoreError::Corrupt { table: "users", column: "version" });
    }
    end_all_of_user(writes, user, deed, now)
}

/// The same without the mark, for who has made one.
pub(crate) fn end_all_of_user(
    writes: &mut dyn Writes,
    user: &User,
    deed: Deed<'_>,
    now: Timestamp,
) -> StoreResult<Ended> {
    let (instance_id, user_id) = (user.instance_id, user.id);
    let mut ended = BTreeSet::new();
    for session in writes.list_sessions(instance_id, user_id, now)? {
        if writes.end_session(instance_id, user_id, session.id, now)? == Updated::Updated {
            ended.insert(session.id);
        }
    }
    let grants = writes.list_grants(instance_id, GrantsOf::User(user_id), now)?;
    // Whose session ended earlier was told then.
    let in_them: Vec<PersonGrant> =
        grants.iter().filter(|grant| ended.contains(&grant.session_id)).cloned().collect();
    note_logouts(deed.authority, writes, &in_them, now)?;
    let revocation = deed.revocation("signed_out_everywhere", now);
    let grants = revoke_grants(deed.authority, writes, &grants, &revocation)?;
    deed.authority.wake_logout_delivery();
    Ok(Ended { sessions: u32::try_from(ended.len()).unwrap_or(u32::MAX), grants })
}
