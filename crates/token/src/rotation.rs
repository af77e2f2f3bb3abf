//! When signing keys are made, begin to sign, cease to and go. Pure: it plans, and the service carries out.
//!
//! The steps of a plan belong into one transaction, in their order: then exactly one key per algorithm is
//! active at every moment.

use std::time::Duration;

use turnkeep_domain::id::SigningKeyId;
use turnkeep_domain::signing_key::{SigningAlgorithm, SigningKey, SigningKeyState};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_lifetime::TokenLifetime;

use crate::jwks;

/// How much the clocks of verifiers may be wrong.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// How long keys live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RotationPolicy {
    /// How long a key signs.
    pub max_age: Duration,
    /// How long a key is published before it signs, so that caches of the key set have it by then.
    pub publish_lead: Duration,
    /// How long a key stays published after its last signature.
    pub retire_after: Duration,
}

/// 90 days, 24 hours, and what the longest-lived token needs.
impl Default for RotationPolicy {
    fn default() -> Self {
        let day = Duration::from_secs(86_400);
        Self {
            max_age: 90 * day,
            publish_lead: day,
            retire_after: TokenLifetime::DEFAULT + CLOCK_SKEW + jwks::MAX_AGE,
        }
    }
}

/// One thing to do with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RotationStep {
    /// Make a key and put it into this state at once: the first of its algorithm, or one made by force.
    Create {
        /// What it signs with.
        algorithm: SigningAlgorithm,
        /// The state it begins in.
        state: SigningKeyState,
    },
    /// Make a key and publish it; it does not sign yet.
    PrePublish {
        /// What it will sign with.
        algorithm: SigningAlgorithm,
    },
    /// Let a published key sign.
    Activate {
        /// The key.
        key: SigningKeyId,
    },
    /// Let a key sign no more.
    Retire {
        /// The key.
        key: SigningKeyId,
        /// How long it stays published.
        until: Timestamp,
    },
    /// Take a key out of the key set and erase its private part.
    Erase {
        /// The key.
        key: SigningKeyId,
    },
}

/// What the command is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RotationUrgency {
    /// Without any verifier noticing: publish first, activate when asked again after the lead.
    Planned,
    /// A new key signs at once; verifiers with a cached key set must ask again. Old tokens live on.
    AtOnce,
    /// Like `AtOnce`, and every other key goes at once: what they signed is dead at the verifiers' next refresh.
    Compromised,
}

/// What age demands for the keys of one instance: called now and then. Algorithms that no longer are wanted are
/// phased out.
pub fn plan_rotation(
    keys: &[SigningKey],
    algorithms: &[SigningAlgorithm],
    now: Timestamp,
    policy: &RotationPolicy,
) -> Vec<RotationStep> {
    let mut steps = Vec::new();
    for algorithm in SigningAlgorithm::ALL {
        let family = KeyFamily::of(keys, algorithm);
        if algorithms.contains(&algorithm) {
            family.rotate_by_age(now, policy, &mut steps);
        } else {
            steps.extend(family.active.iter().map(|(key, _)| retire(*key, now, policy)));
            steps.extend(family.waiting.iter().map(|(key, _)| RotationStep::Erase { key: *key }));
        }
        steps.extend(family.dead(now).map(|key| RotationStep::Erase { key }));
    }
    steps
}

/// What the command demands for the keys of these algorithms of one instance. No steps: a key is published
/// already and its lead is not over yet.
pub fn plan_rotation_now(
    keys: &[SigningKey],
    algorithms: &[SigningAlgorithm],
    now: Timestamp,
    policy: &RotationPolicy,
    urgency: RotationUrgency,
) -> Vec<RotationStep> {
    let mut steps = Vec::new();
    for algorithm in algorithms.iter().copied() {
        let family = KeyFamily::of(keys, algorithm);
        match urgency {
            RotationUrgency::Planned => family.rotate_as_planned(now, policy, &mut steps),
            RotationUrgency::AtOnce => {
                steps.extend(family.active.iter().map(|(key, _)| retire(*key, now, policy)));
                steps.push(create_active(algorithm, now));
            }
            RotationUrgency::Compromised => {
                steps.extend(family.published().map(|key| RotationStep::Erase { key }));
                steps.push(create_active(algorithm, now));
            }
        }
    }
    steps
}

fn create_active(algorithm: SigningAlgorithm, now: Timestamp) -> RotationStep {
    RotationStep::Create { algorithm, state: SigningKeyState::Active { since: now } }
}

fn retire(key: SigningKeyId, now: Timestamp, policy: &RotationPolicy) -> RotationStep {
    RotationStep::Retire { key, until: now.plus(policy.retire_after) }
}

/// The keys of one algorithm, by what they are doing.
struct KeyFamily {
    algorithm: SigningAlgorithm,
    /// With the time since when; the latest last. More than one only after an accident.
    active: Vec<(SigningKeyId, Timestamp)>,
    /// Published and not signing yet, with the time since when; the oldest first.
    waiting: Vec<(SigningKeyId, Timestamp)>,
    /// With the time until when.
    retiring: Vec<(SigningKeyId, Timestamp)>,
}

impl KeyFamily {
    fn of(keys: &[SigningKey], algorithm: SigningAlgorithm) -> Self {
        let mut family = Self { algorithm, active: Vec::new(), waiting: Vec::new(), retiring: Vec::new() };
        for key in keys.iter().filter(|key| key.algorithm == algorithm) {
            match key.state {
                SigningKeyState::PrePublished => family.waiting.push((key.id, key.created_at)),
                SigningKeyState::Active { since } => family.active.push((key.id, since)),
                SigningKeyState::Retiring { until } => family.retiring.push((key.id, until)),
                SigningKeyState::Gone { .. } => {}
            }
        }
        family.active.sort_by_key(|(id, since)| (*since, *id));
        family.waiting.sort_by_key(|(id, since)| (*since, *id));
        family
    }

    fn rotate_by_age(&self, now: Timestamp, policy: &RotationPolicy, steps: &mut Vec<RotationStep>) {
        let Some(((_, since), surplus)) = self.active.split_last() else {
            return self.begin(now, steps);
        };
        steps.extend(surplus.iter().map(|(key, _)| retire(*key, now, policy)));
        let due = since.plus(policy.max_age);
        if due.minus(policy.publish_lead) <= now && self.waiting.is_empty() {
            steps.push(RotationStep::PrePublish { algorithm: self.algorithm });
        } else if due <= now {
            self.hand_over(now, policy, steps);
        }
    }

    fn rotate_as_planned(&self, now: Timestamp, policy: &RotationPolicy, steps: &mut Vec<RotationStep>) {
        if self.active.is_empty() {
            self.begin(now, steps);
        } else if self.waiting.is_empty() {
            steps.push(RotationStep::PrePublish { algorithm: self.algorithm });
        } else {
            self.hand_over(now, policy, steps);
        }
    }

    /// Without an active key there are no tokens: the lead is no reason to wait.
    fn begin(&self, now: Timestamp, steps: &mut Vec<RotationStep>) {
        steps.push(match self.waiting.first() {
            Some((key, _)) => RotationStep::Activate { key: *key },
            None => create_active(self.algorithm, now),
        });
    }

    /// From the active key to the one that waits, if it was published for long enough.
    fn hand_over(&self, now: Timestamp, policy: &RotationPolicy, steps: &mut Vec<RotationStep>) {
        let Some((next, published_at)) = self.waiting.first() else { return };
        if published_at.plus(policy.publish_lead) <= now {
            // First the old one: two active keys are never seen, not even inside of the transaction.
            steps.extend(self.active.last().map(|(key, _)| retire(*key, now, policy)));
            steps.push(RotationStep::Activate { key: *next });
        }
    }

    fn dead(&self, now: Timestamp) -> impl Iterator<Item = SigningKeyId> {
        self.retiring.iter().filter(move |(_, until)| *until <= now).map(|(key, _)| *key)
    }

    fn published(&self) -> impl Iterator<Item = SigningKeyId> {
        [&self.active, &self.waiting, &self.retiring].into_iter().flatten().map(|(key, _)| *key)
    }
}

#[cfg(test)]
mod tests;
