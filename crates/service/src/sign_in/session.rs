//! Sessions: the person behind a browser's cookie, and the beginning of a session.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use turnkeep_domain::authentication::Authentication;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::{InstanceId, RequestId, UserId};
use turnkeep_domain::session::{Session, SessionState};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::{User, UserKind, UserState};
use turnkeep_secret::generated::{GeneratedForm, SecretKind, check_form};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::store::Reads;

use crate::authority::Authority;
use crate::failure::{Failure, Fault};
use crate::handles::handle_hash;
use crate::sign_in::browser::Browser;
use crate::sign_in::refusal::SignInRefusal;
use crate::sign_in::start_session::{Start, start_session};
use crate::snapshot::look_up::LookUp;

/// How long after a sign-in its person may change what they sign in with.
pub const FRESH: Duration = Duration::from_secs(600);

/// How often the use of a session is noted.
const SEEN_EVERY: Duration = Duration::from_secs(60);

/// A live session and the person it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// The person.
    pub user: User,
}

/// A session that began, or goes on with a new handle.
pub struct NewSession {
    /// What the browser presents from now on; not stored, and never shown again.
    pub handle: PlaintextSecret,
    /// What the browser is known by as one that this person signed in with, for
    /// [`DEVICE_LIFETIME`](crate::sign_in::device::DEVICE_LIFETIME).
    pub device: PlaintextSecret,
    /// Its record.
    pub session: Session,
}

impl fmt::Debug for NewSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewSession").field("session", &self.session.id).finish_non_exhaustive()
    }
}

/// Who is to be signed in, after having proven it to the caller.
#[derive(Clone)]
pub struct BeginSession {
    /// Where.
    pub issuer: Slug,
    /// Who.
    pub user_id: UserId,
    /// How they proved it.
    pub authentication: Authentication,
    /// The handle of the browser's present session.
    pub replaces: Option<String>,
    /// What the browser says it is.
    pub user_agent: String,
    /// Where it is.
    pub address: IpAddr,
    /// The request.
    pub request_id: Option<RequestId>,
}

/// The person that a browser's handle stands for; `None` if the session is over, or the user may not act any more.
/// Notes now and then that the session is in use.
pub fn find_signed_in(authority: &Authority, issuer: &Slug, handle: &str) -> Result<Option<SignedIn>, Fault> {
    if check_form(handle) != GeneratedForm::Generated(SecretKind::Session) {
        return Ok(None);
    }
    let Some(instance_id) = instance_of(authority, issuer)? else {
        return Ok(None);
    };
    let hash = handle_hash(handle);
    let found = authority.store.read(|reads| {
        let Some(session) = reads.find_session(instance_id, &hash)? else {
            return Ok(None);
        };
        let user = reads.find_user(instance_id, session.user_id)?;
        Ok(user.map(|user| SignedIn { session, user }))
    })?;
    let now = authority.now();
    let Some(mut signed_in) = found.filter(|found| counts(authority, found, now)) else {
        return Ok(None);
    };
    if SEEN_EVERY <= now.since(signed_in.session.last_seen_at) {
        let id = signed_in.session.id;
        // Not worth failing for: the session lasts as long as it was seen to.
        match authority.store.admit(|admits| admits.touch_session(instance_id, id, now)) {
            Ok(()) => signed_in.session.last_seen_at = now,
            Err(error) => tracing::warn!(error = %error, "the use of a session could not be noted"),
        }
    }
    Ok(Some(signed_in))
}

/// Begins a session. It never goes on under an old handle: that of the browser's former session is dead.
pub fn begin_session(
    authority: &Authority,
    command: &BeginSession,
) -> Result<NewSession, Failure<SignInRefusal>> {
    let sequence = authority.in_step(LookUp::Anywhere)?;
    let instance_id = instance_of(authority, &command.issuer)?.ok_or(SignInRefusal::WrongCredentials)?;
    let browser = Browser {
        address: command.address,
        user_agent: command.user_agent.clone(),
        device: None,
        present_session: command.replaces.clone(),
    };
    let start = Start {
        issuer: &command.issuer,
        instance_id,
        user_id: command.user_id,
        authentication: command.authentication.clone(),
        sequence,
        browser: &browser,
        request_id: command.request_id,
    };
    let begun = start_session(authority, &start, |_, _| Ok(true))?;
    Ok(begun.ok_or(SignInRefusal::WrongCredentials)?)
}

/// How long a session lasts without a request.
pub fn idle_limit(authority: &Authority) -> Duration {
    authority.settings.session_limits.idle
}

/// How long a session can last in any case, in seconds.
pub fn seconds_left(authority: &Authority, session: &Session) -> u64 {
    session.expires_at.since(authority.now()).as_secs()
}

/// Whether the last sign-in is recent enough to change what the person signs in with.
pub fn is_fresh(session: &Session, now: Timestamp) -> bool {
    now.since(session.authentication.at()) < FRESH
}

/// The instance that an issuer's people are in, while it is in use.
pub(crate) fn instance_of(authority: &Authority, issuer: &Slug) -> Result<Option<InstanceId>, Fault> {
    let issuer = authority.snapshot.issuer(authority, issuer, LookUp::Anywhere)?;
    Ok(issuer.map(|issuer| issuer.catalogue.instance.id))
}

/// Whether a user may be signed in by a proof that was begun when this was known.
pub(crate) fn may_sign_in(user: &User, sequence: ChangeSequence) -> bool {
    user.state == UserState::Active && user.kind != UserKind::System && user.tokens_dead_below <= sequence
}

/// Whether a session stands for its user.
pub(crate) fn counts(authority: &Authority, signed_in: &SignedIn, now: Timestamp) -> bool {
    let SignedIn { session, user } = signed_in;
    session.state(now, &authority.settings.session_limits) == SessionState::Live
        && may_sign_in(user, session.sequence)
}

/// A session with its user as they are now, for a change that the person makes: `None` if it is over.
pub(crate) fn still_signed_in(
    authority: &Authority,
    reads: &mut (impl Reads + ?Sized),
    session: &Session,
) -> Result<Option<SignedIn>, Fault> {
    let instance_id = session.instance_id;
    let found = reads.find_session_by_id(instance_id, session.id)?;
    let user = reads.find_user(instance_id, session.user_id)?;
    let signed_in = found.zip(user).map(|(session, user)| SignedIn { session, user });
    let now = authority.now();
    Ok(signed_in.filter(|signed_in| counts(authority, signed_in, now)))
}
