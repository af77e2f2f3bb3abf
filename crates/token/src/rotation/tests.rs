//! Rotation over time: a model carries plans out and checks after each that verifiers never notice.

use std::collections::BTreeMap;

use turnkeep_domain::id::InstanceId;

use super::SigningAlgorithm::{EdDsa, Es256, Rs256};
use super::*;

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

fn at(secs: u64) -> Timestamp {
    Timestamp::from_secs(i64::try_from(secs).unwrap())
}

fn id(number: u8) -> SigningKeyId {
    SigningKeyId::from_bytes([number; 16])
}

fn key(number: u8, algorithm: SigningAlgorithm, state: SigningKeyState, created_at: u64) -> SigningKey {
    let instance_id = InstanceId::from_bytes([0; 16]);
    SigningKey { id: id(number), instance_id, algorithm, state, created_at: at(created_at) }
}

/// An instance that carries out every plan.
#[derive(Default)]
struct World {
    keys: Vec<SigningKey>,
    last_signature: BTreeMap<SigningKeyId, Timestamp>,
    activations: usize,
}

impl World {
    fn add(&mut self, algorithm: SigningAlgorithm, state: SigningKeyState, now: Timestamp) {
        let number = u8::try_from(self.keys.len() + 1).unwrap();
        let instance_id = InstanceId::from_bytes([0; 16]);
        self.keys.push(SigningKey { id: id(number), instance_id, algorithm, state, created_at: now });
    }

    fn key(&mut self, id: SigningKeyId) -> &mut SigningKey {
        self.keys.iter_mut().find(|key| key.id == id).unwrap()
    }

    fn carry_out(&mut self, steps: &[RotationStep], now: Timestamp, policy: &RotationPolicy) {
        for step in steps {
            match *step {
                RotationStep::Create { algorithm, state } => self.add(algorithm, state, now),
                RotationStep::PrePublish { algorithm } => {
                    self.add(algorithm, SigningKeyState::PrePublished, now);
                }
                RotationStep::Activate { key } => {
                    let key = self.key(key);
                    assert_eq!(key.state, SigningKeyState::PrePublished);
                    assert!(key.created_at.plus(policy.publish_lead) <= now, "signs before its lead is over");
                    key.state = SigningKeyState::Active { since: now };
                    self.activations += 1;
                }
                RotationStep::Retire { key, until } => {
                    assert!(matches!(self.key(key).state, SigningKeyState::Active { .. }));
                    self.key(key).state = SigningKeyState::Retiring { until };
                    self.last_signature.insert(key, now);
                }
                RotationStep::Erase { key } => {
                    if let Some(last) = self.last_signature.get(&key) {
                        let dead = last.plus(Duration::from_secs(900 + 60));
                        assert!(dead <= now, "its last token may still be alive");
                    }
                    self.key(key).state = SigningKeyState::Gone { since: now };
                }
            }
        }
    }

    fn active(&self, algorithm: SigningAlgorithm) -> usize {
        let active = |key: &&SigningKey| matches!(key.state, SigningKeyState::Active { .. });
        self.keys.iter().filter(|key| key.algorithm == algorithm).filter(active).count()
    }
}

#[test]
fn keys_rotate_for_years_and_no_verifier_notices() {
    let policy = RotationPolicy::default();
    for interval in [HOUR, 7 * HOUR + 13, 5 * DAY] {
        let mut world = World::default();
        let mut now = 0;
        while now < 1_000 * DAY {
            let steps = plan_rotation(&world.keys, &[Es256, EdDsa], at(now), &policy);
            world.carry_out(&steps, at(now), &policy);
            assert_eq!((world.active(Es256), world.active(EdDsa), world.active(Rs256)), (1, 1, 0), "{now}");
            assert_eq!(plan_rotation(&world.keys, &[Es256, EdDsa], at(now), &policy), [], "plans once");
            now += interval;
        }
        let expected = usize::try_from(1_000 / 96).unwrap() * 2..=usize::try_from(1_000 / 90).unwrap() * 2;
        assert!(expected.contains(&world.activations), "{interval}: {}", world.activations);
    }
}

#[test]
fn the_command_rotates_as_invisibly_as_age_does() {
    let policy = RotationPolicy::default();
    let mut world = World::default();
    for now in (0..40 * DAY).step_by(usize::try_from(5 * HOUR).unwrap()) {
        let by_age = plan_rotation(&world.keys, &[Es256], at(now), &policy);
        world.carry_out(&by_age, at(now), &policy);
        let asked = plan_rotation_now(&world.keys, &[Es256], at(now), &policy, RotationUrgency::Planned);
        world.carry_out(&asked, at(now), &policy);
        assert_eq!(world.active(Es256), 1, "{now}");
    }
    assert!(10 < world.activations);
}

#[test]
fn plans_by_age() {
    use RotationStep::{Activate, Create, Erase, PrePublish, Retire};
    use SigningKeyState::{Active, Gone, PrePublished, Retiring};
    let policy = RotationPolicy::default();
    let active = |number, since| key(number, Es256, Active { since: at(since) }, 0);
    let now = 89 * DAY;
    let later = now + DAY;
    let until = |now| at(now).plus(Duration::from_secs(900 + 60 + 300));
    for (name, keys, now, expected) in [
        ("nothing yet", vec![], now, vec![Create { algorithm: Es256, state: Active { since: at(now) } }]),
        (
            "only dead ones",
            vec![key(1, Es256, Gone { since: at(1) }, 0)],
            now,
            vec![Create { algorithm: Es256, state: Active { since: at(now) } }],
        ),
        ("young", vec![active(1, 1)], now, vec![]),
        ("a day before its end", vec![active(1, 0)], now, vec![PrePublish { algorithm: Es256 }]),
        ("waiting", vec![active(1, 0), key(2, Es256, PrePublished, now)], later - 1, vec![]),
        (
            "due",
            vec![active(1, 0), key(2, Es256, PrePublished, now)],
            later,
            vec![Retire { key: id(1), until: until(later) }, Activate { key: id(2) }],
        ),
        ("overdue, none published", vec![active(1, 0)], 200 * DAY, vec![PrePublish { algorithm: Es256 }]),
        ("overdue, just published", vec![active(1, 0), key(2, Es256, PrePublished, later)], later, vec![]),
        ("none active", vec![key(2, Es256, PrePublished, now)], now, vec![Activate { key: id(2) }]),
        ("two active", vec![active(2, 5), active(1, 6)], 9, vec![Retire { key: id(2), until: until(9) }]),
        ("still needed", vec![active(1, 9), key(2, Es256, Retiring { until: at(12) }, 0)], 11, vec![]),
        (
            "dead",
            vec![active(1, 9), key(2, Es256, Retiring { until: at(12) }, 0)],
            12,
            vec![Erase { key: id(2) }],
        ),
        (
            "not wanted",
            vec![active(1, 9), key(2, EdDsa, Active { since: at(1) }, 0)],
            12,
            vec![Retire { key: id(2), until: until(12) }],
        ),
        (
            "waits, not wanted",
            vec![active(1, 9), key(2, EdDsa, PrePublished, 0)],
            12,
            vec![Erase { key: id(2) }],
        ),
    ] {
        assert_eq!(plan_rotation(&keys, &[Es256], at(now), &policy), expected, "{name}");
    }
}

#[test]
fn plans_by_command() {
    use RotationStep::{Activate, Create, Erase, PrePublish, Retire};
    use RotationUrgency::{AtOnce, Compromised, Planned};
    use SigningKeyState::{Active, PrePublished, Retiring};
    let policy = RotationPolicy::default();
    let active = key(1, Es256, Active { since: at(0) }, 0);
    let waiting = key(2, Es256, PrePublished, 0);
    let retiring = key(3, Es256, Retiring { until: at(9 * DAY) }, 0);
    let other = key(4, EdDsa, Active { since: at(0) }, 0);
    let created = |now| Create { algorithm: Es256, state: Active { since: at(now) } };
    let retired = |now| Retire { key: id(1), until: at(now).plus(policy.retire_after) };
    for (urgency, keys, now, expected) in [
        (Planned, vec![], 5, vec![created(5)]),
        (Planned, vec![active, other], 5, vec![PrePublish { algorithm: Es256 }]),
        (Planned, vec![active, waiting], DAY - 1, vec![]),
        (Planned, vec![active, waiting], DAY, vec![retired(DAY), Activate { key: id(2) }]),
        (AtOnce, vec![active, waiting, retiring, other], 5, vec![retired(5), created(5)]),
        (AtOnce, vec![], 5, vec![created(5)]),
        (
            Compromised,
            vec![active, waiting, retiring, other],
            5,
            vec![Erase { key: id(1) }, Erase { key: id(2) }, Erase { key: id(3) }, created(5)],
        ),
    ] {
        let steps = plan_rotation_now(&keys, &[Es256], at(now), &policy, urgency);
        assert_eq!(steps, expected, "{urgency:?} at {now}");
    }
}
