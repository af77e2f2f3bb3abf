//! Changing the signing keys of an instance: by age, by command, and when a new algorithm is wanted.

use turnkeep_domain::audit::{Actor, AttributeChange, AuditEvent, AuditOutcome};
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::{AuditEventId, InstanceId, SigningKeyId};
use turnkeep_domain::instance::Instance;
use turnkeep_domain::signing_key::{SigningAlgorithm, SigningKey, SigningKeyState};
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::signing_key::StoredSigningKey;
use turnkeep_storage::store::{Reads, Writes};
use turnkeep_token::id_token::ID_TOKEN_ALGORITHM;
use turnkeep_token::private_key::PrivateKey;
use turnkeep_token::rotation::{RotationStep, RotationUrgency, plan_rotation, plan_rotation_now};

use crate::audit::append::append_event;
use crate::authority::Authority;
use crate::failure::Fault;
use crate::transaction::mutate;

/// Who wants the keys changed, and how badly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RotationCause {
    /// Time goes by; does nothing unless a key is due.
    Age,
    /// Somebody at the command line asks for it.
    Command(SigningAlgorithm, RotationUrgency),
    /// An operator wants another key for an algorithm, which is published now and signs when everybody knows it.
    Operator(Actor, SigningAlgorithm),
    /// Somebody at the command line says that every key may be known to others, whatever it signs with.
    EveryKeyCompromised,
}

/// Brings the keys of every instance to where they should be. Called now and then by every node; of several that
/// call at once, one finds the work done.
pub fn rotate_due_keys(authority: &Authority) -> Result<(), Fault> {
    for instance in authority.store.read(|reads| reads.list_instances())? {
        rotate_keys(authority, instance.id, RotationCause::Age)?;
    }
    Ok(())
}

/// Rotates the keys of one instance; returns what was done.
pub fn rotate_keys(
    authority: &Authority,
    instance_id: InstanceId,
    cause: RotationCause,
) -> Result<Vec<RotationStep>, Fault> {
    let now = authority.now();
    let expected = authority.store.read(|reads| plan(authority, reads, instance_id, cause, now))?;
    if expected.is_empty() {
        return Ok(expected);
    }
    // An RSA key takes a good part of a second to make: not while others wait for the transaction.
    let mut spare = expected
        .iter()
        .filter_map(created_by)
        .map(|algorithm| {
            PrivateKey::generate(algorithm).map_err(|error| Fault::signing_key("making a key")(error.into()))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let actor = match cause {
        RotationCause::Age => Actor::System,
        RotationCause::Operator(actor, _) => actor,
        RotationCause::Command(..) | RotationCause::EveryKeyCompromised => Actor::CommandLine,
    };
    let done = mutate(&*authority.store, |writes| {
        let steps = plan(authority, writes, instance_id, cause, now)?;
        if steps != expected {
            // Another node was here in the meantime.
            return Ok(Vec::new());
        }
        for step in &steps {
            apply(authority, writes, instance_id, step, &mut spare, now)?;
        }
        record(writes, instance_id, cause, now)?;
        append_event(authority, writes, &event(authority, instance_id, actor, &steps, now))?;
        Ok(steps)
    })?;
    Ok(done)
}

/// Keys that others may know sign whatever they like, so that everything issued so far is dead, and resource servers
/// that follow the kill marks look for the new keys at once.
fn record(
    writes: &mut dyn Writes,
    instance_id: InstanceId,
    cause: RotationCause,
    now: Timestamp,
) -> Result<(), Fault> {
    let tokens_before = match cause {
        RotationCause::EveryKeyCompromised | RotationCause::Command(_, RotationUrgency::Compromised) => {
            TokensBefore::Dead
        }
        RotationCause::Age
        | RotationCause::Operator(..)
        | RotationCause::Command(_, RotationUrgency::Planned | RotationUrgency::AtOnce) => TokensBefore::Live,
    };
    let sequence = writes.record_change(ChangeScope::Instance(instance_id), tokens_before, now)?;
    if tokens_before == TokensBefore::Dead
        && let Some(before) = writes.find_instance(instance_id)?
    {
        let version = before.version.next();
        let after = Instance { tokens_dead_below: sequence, version, ..before.clone() };
        // Read in the same transaction, so it cannot be stale.
        let _ = writes.update_instance(&after, before.version)?;
    }
    Ok(())
}

/// The first keys of an instance: made before the transaction that inserts the instance.
pub(crate) fn make_key(
    authority: &Authority,
    instance_id: InstanceId,
    algorithm: SigningAlgorithm,
    state: SigningKeyState,
    now: Timestamp,
) -> Result<StoredSigningKey, Fault> {
    let key =
        PrivateKey::generate(algorithm).map_err(|error| Fault::signing_key("making a key")(error.into()))?;
    store_form(authority, instance_id, &key, state, now)
}

/// An active key for an algorithm that the instance has none for; `None` if it has one. Made before the
/// transaction that needs it, as making it takes a while.
pub(crate) fn make_missing_key(
    authority: &Authority,
    instance_id: InstanceId,
    algorithm: SigningAlgorithm,
) -> Result<Option<StoredSigningKey>, Fault> {
    let published = authority.store.read(|reads| reads.list_published_signing_keys(instance_id))?;
    if has_active(&published, algorithm) {
        return Ok(None);
    }
    let now = authority.now();
    make_key(authority, instance_id, algorithm, SigningKeyState::Active { since: now }, now).map(Some)
}

/// Stores such a key in the transaction that first needs it, unless somebody was faster.
pub(crate) fn insert_missing_key(writes: &mut dyn Writes, key: Option<&StoredSigningKey>) -> StoreResult<()> {
    let Some(stored) = key else {
        return Ok(());
    };
    let published = writes.list_published_signing_keys(stored.key.instance_id)?;
    if has_active(&published, stored.key.algorithm) { Ok(()) } else { writes.insert_signing_key(stored) }
}

fn has_active(published: &[StoredSigningKey], algorithm: SigningAlgorithm) -> bool {
    published.iter().any(|stored| {
        stored.key.algorithm == algorithm && matches!(stored.key.state, SigningKeyState::Active { .. })
    })
}

fn store_form(
    authority: &Authority,
    instance_id: InstanceId,
    key: &PrivateKey,
    state: SigningKeyState,
    now: Timestamp,
) -> Result<StoredSigningKey, Fault> {
    let id = SigningKeyId::new(now, authority.random_bytes());
    let public =
        key.public_jwk(id).map_err(|error| Fault::signing_key("reading a public key")(error.into()))?;
    let sealed = key
        .seal(&authority.master_keys, &*authority.random, instance_id, id)
        .map_err(|error| Fault::signing_key("sealing a private key")(error.into()))?;
    Ok(StoredSigningKey {
        key: SigningKey { id, instance_id, algorithm: key.algorithm(), state, created_at: now },
        public_jwk: public.as_json().to_owned(),
        sealed_private_key: Some(sealed.into_bytes()),
    })
}

fn plan<R: Reads + ?Sized>(
    authority: &Authority,
    reads: &mut R,
    instance_id: InstanceId,
    cause: RotationCause,
    now: Timestamp,
) -> StoreResult<Vec<RotationStep>> {
    let published = reads.list_published_signing_keys(instance_id)?;
    let keys: Vec<SigningKey> = published.iter().map(|stored| stored.key).collect();
    let policy = &authority.settings.rotation;
    Ok(match cause {
        RotationCause::Age => {
            let mut wanted: Vec<SigningAlgorithm> = reads
                .list_resources(instance_id)?
                .iter()
                .map(|resource| resource.signing_algorithm)
                .collect();
            // Whatever the resources want, apps learn by it who signed in.
            wanted.push(ID_TOKEN_ALGORITHM);
            // A key may be made by command before a resource changes to its algorithm.
            wanted.extend(
                keys.iter()
                    .filter(|key| now.since(key.created_at) < policy.publish_lead)
                    .map(|key| key.algorithm),
            );
            plan_rotation(&keys, &wanted, now, policy)
        }
        RotationCause::Command(algorithm, urgency) => {
            plan_rotation_now(&keys, &[algorithm], now, policy, urgency)
        }
        RotationCause::Operator(_, algorithm) => {
            plan_rotation_now(&keys, &[algorithm], now, policy, RotationUrgency::Planned)
        }
        RotationCause::EveryKeyCompromised => {
            let mut algorithms = SigningAlgorithm::ALL.to_vec();
            algorithms.retain(|algorithm| keys.iter().any(|key| key.algorithm == *algorithm));
            plan_rotation_now(&keys, &algorithms, now, policy, RotationUrgency::Compromised)
        }
    })
}

fn created_by(step: &RotationStep) -> Option<SigningAlgorithm> {
    match step {
        RotationStep::Create { algorithm, .. } | RotationStep::PrePublish { algorithm } => Some(*algorithm),
        RotationStep::Activate { .. } | RotationStep::Retire { .. } | RotationStep::Erase { .. } => None,
    }
}

fn apply(
    authority: &Authority,
    writes: &mut dyn Writes,
    instance_id: InstanceId,
    step: &RotationStep,
    spare: &mut Vec<PrivateKey>,
    now: Timestamp,
) -> Result<(), Fault> {
    let mut insert = |algorithm, state| {
        let made = spare.iter().position(|key| key.algorithm() == algorithm);
        let key = made.map(|index| spare.swap_remove(index)).ok_or(Fault::NoSigningKey)?;
        let stored = store_form(authority, instance_id, &key, state, now)?;
        Ok::<(), Fault>(writes.insert_signing_key(&stored)?)
    };
    match *step {
        RotationStep::Create { algorithm, state } => insert(algorithm, state)?,
        RotationStep::PrePublish { algorithm } => insert(algorithm, SigningKeyState::PrePublished)?,
        RotationStep::Activate { key } => {
            writes.update_signing_key_state(instance_id, key, SigningKeyState::Active { since: now })?;
        }
        RotationStep::Retire { key, until } => {
            writes.update_signing_key_state(instance_id, key, SigningKeyState::Retiring { until })?;
        }
        RotationStep::Erase { key } => {
            writes.update_signing_key_state(instance_id, key, SigningKeyState::Gone { since: now })?;
        }
    }
    Ok(())
}

fn event(
    authority: &Authority,
    instance_id: InstanceId,
    actor: Actor,
    steps: &[RotationStep],
    now: Timestamp,
) -> AuditEvent {
    let changes = steps.iter().map(|step| {
        let (attribute, after) = match step {
            RotationStep::Create { algorithm, .. } => ("created", algorithm.to_string()),
            RotationStep::PrePublish { algorithm } => ("published", algorithm.to_string()),
            RotationStep::Activate { key } => ("activated", key.to_string()),
            RotationStep::Retire { key, .. } => ("retiring", key.to_string()),
            RotationStep::Erase { key } => ("erased", key.to_string()),
        };
        AttributeChange { attribute, before: None, after: Some(after) }
    });
    AuditEvent {
        id: AuditEventId::new(now, authority.random_bytes()),
        instance_id,
        tenant_id: None,
        actor,
        action: "signing_keys.rotate",
        object: None,
        outcome: AuditOutcome::Done { changes: changes.collect() },
        request_id: None,
        at: now,
    }
}
