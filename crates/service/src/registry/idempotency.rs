//! Requests that must not be done twice, however often they are sent (`Idempotency-Key`).
//!
//! That a request was done is noted in the transaction that does it, so a repetition can never do it again; its
//! answer is kept right after. A refused request changed nothing, notes nothing, and may be sent again.

use std::time::Duration;

use sha2::{Digest, Sha256};
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::idempotency::{IdempotencyKey as StoredKey, IdempotentRequest};
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::store::{Reads, Writes};

use crate::failure::Fault;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::request_fingerprint::{Fingerprint, NeededPermissions};

/// How long a key is remembered.
const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);

/// After so long, an answer that is not there will not come any more: the process that made it is gone.
const ANSWERED_WITHIN: Duration = Duration::from_secs(60);

/// A key that a caller chose: 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The longest key, in characters.
    pub const MAX_LENGTH: usize = 255;

    /// `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        (visible && (1..=Self::MAX_LENGTH).contains(&text.len())).then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a request says about being done once.
#[derive(Debug)]
pub struct IdempotencyClaim {
    key: IdempotencyKey,
    fingerprint: [u8; 32],
    needed: NeededPermissions,
}

impl IdempotencyClaim {
    /// Of a caller's key and the SHA-256 of everything that the request says.
    pub fn new(key: IdempotencyKey, fingerprint: [u8; 32]) -> Self {
        Self { key, fingerprint, needed: NeededPermissions::default() }
    }

    /// Notes that the request is done only for those who have the permission.
    pub(crate) fn need(&self, permission: Permission) {
        self.needed.add(permission);
    }
}

/// An answer without any secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// Its status.
    pub status: u16,
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its `Location`.
    pub location: Option<String>,
    /// Its body.
    pub body: String,
}

/// What is known of a request with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replay {
    /// Nobody used the key within 24 hours.
    New,
    /// It was done; this was the answer.
    Answered(KeptAnswer),
    /// It was done, and its answer is on its way.
    InProgress,
    /// It was done, but its answer was lost with the process that made it.
    Lost,
    /// The key was used for another request.
    Reused,
}

/// Looks for the request before anything is done. Its answer is only for those who could still send it for the first
/// time: whoever lost a permission that it needed since is refused.
pub fn find_replay(context: &RegistryContext<'_>, claim: &IdempotencyClaim) -> RegistryResult<Replay> {
    let now = context.authority.now();
    let key = stored_key(context, claim);
    let found = context.authority.store.read(|reads| reads.find_idempotent_request(&key, now))?;
    let Some(request) = found else {
        return Ok(Replay::New);
    };
    let fingerprint = Fingerprint::from_stored(request.fingerprint);
    if fingerprint.is_of(&claim.fingerprint) {
        let allowed = fingerprint.needed().try_for_each(|permission| context.require(permission));
        context.audited("request.repeat", None, allowed)?;
    }
    Ok(replay_of(context, request, claim, now))
}

/// Keeps the answer of a request that was done, also of one that needed no transaction.
pub fn keep_answer(
    context: &RegistryContext<'_>,
    claim: &IdempotencyClaim,
    answer: &KeptAnswer,
) -> Result<(), Fault> {
    let now = context.authority.now();
    let answer = turnkeep_storage::idempotency::KeptAnswer {
        status: answer.status,
        etag: answer.etag.clone(),
        location: answer.location.clone(),
        body: answer.body.clone().into_bytes(),
    };
    let request = request_of(context, claim, now);
    context.authority.store.keep_books(|books| {
        let _known_already = books.note_idempotent_request(&request)?;
        books.keep_answer(&request.key, &answer)
    })?;
    Ok(())
}

/// Refuses a request that was done, in the transaction that would do it again.
pub(crate) fn refuse_repetition<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    now: Timestamp,
) -> StoreResult<Result<(), RegistryDenial>> {
    let Some(claim) = context.idempotency else {
        return Ok(Ok(()));
    };
    let found = reads.find_idempotent_request(&stored_key(context, claim), now)?;
    Ok(match found.map(|request| replay_of(context, request, claim, now)) {
        None | Some(Replay::New) => Ok(()),
        Some(Replay::Reused) => Err(RegistryDenial::IdempotencyKeyReused),
        Some(Replay::Answered(_) | Replay::InProgress | Replay::Lost) => {
            Err(RegistryDenial::RequestInProgress)
        }
    })
}

/// Notes that the request was done, in the transaction that did it.
pub(crate) fn note_done(
    context: &RegistryContext<'_>,
    writes: &mut dyn Writes,
    now: Timestamp,
) -> StoreResult<Inserted> {
    match context.idempotency {
        Some(claim) => writes.insert_idempotent_request(&request_of(context, claim, now)),
        None => Ok(Inserted::Inserted),
    }
}

fn replay_of(
    context: &RegistryContext<'_>,
    request: IdempotentRequest,
    claim: &IdempotencyClaim,
    now: Timestamp,
) -> Replay {
    let fingerprint = Fingerprint::from_stored(request.fingerprint);
    if !(fingerprint.is_of(&claim.fingerprint) && fingerprint.is_within(context.own_tenant())) {
        return Replay::Reused;
    }
    match request.answer {
        Some(answer) => Replay::Answered(KeptAnswer {
            status: answer.status,
            etag: answer.etag,
            location: answer.location,
            body: String::from_utf8_lossy(&answer.body).into_owned(),
        }),
        None if now <= request.created_at.plus(ANSWERED_WITHIN) => Replay::InProgress,
        None => Replay::Lost,
    }
}

fn request_of(context: &RegistryContext<'_>, claim: &IdempotencyClaim, now: Timestamp) -> IdempotentRequest {
    IdempotentRequest {
        key: stored_key(context, claim),
        fingerprint: Fingerprint::new(&claim.fingerprint, context.own_tenant(), &claim.needed).to_stored(),
        answer: None,
        created_at: now,
        expires_at: now.plus(REMEMBERED),
    }
}

fn stored_key(context: &RegistryContext<'_>, claim: &IdempotencyClaim) -> StoredKey {
    StoredKey {
        instance_id: context.instance_id,
        actor: context.caller.actor.to_string(),
        key_hash: Sha256::digest(claim.key.as_str().as_bytes()).into(),
    }
}
