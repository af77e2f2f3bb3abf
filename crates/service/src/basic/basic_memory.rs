//! Passwords that were right a moment ago, so that not every request hashes, and uses that were recorded.
//!
//! What is remembered is a MAC that is bound to the user and to when the password was chosen: it proves nothing about
//! any other password, and nobody who reads this memory can tell the password from it without the master key.

use std::time::Duration;

use hmac::{Hmac, Mac};
use quick_cache::sync::Cache;
use sha2::Sha256;
use turnkeep_domain::id::{AppId, UserId};
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::derived_mac::derived_hmac;
use turnkeep_secret::master_key::MasterKeys;

/// How long a right password is remembered.
const REMEMBERED: Duration = Duration::from_mins(5);

/// How long a recorded use stands for the next ones.
const RECORDED_EVERY: Duration = Duration::from_mins(1);

/// How many passwords, and how many uses, are remembered.
const CAPACITY: usize = 10_000;

/// What is remembered of one password.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Proof([u8; 32]);

/// What is in memory. Times are since boot.
pub(crate) struct BasicMemory {
    key: Hmac<Sha256>,
    proofs: Cache<Proof, Duration>,
    uses: Cache<(UserId, AppId), Duration>,
}

impl BasicMemory {
    pub(crate) fn new(master_keys: &MasterKeys) -> Self {
        Self {
            key: derived_hmac(master_keys.current(), "turnkeep basic memory v1"),
            proofs: Cache::new(CAPACITY),
            uses: Cache::new(CAPACITY),
        }
    }

    /// What stands for this password of this user, as long as it is not changed.
    pub(crate) fn proof(&self, user_id: UserId, changed_at: Timestamp, password: &str) -> Proof {
        let mac = self.key.clone().chain_update(user_id.as_bytes());
        let mac = mac.chain_update(changed_at.as_micros().to_be_bytes()).chain_update(password);
        Proof(mac.finalize().into_bytes().into())
    }

    /// Whether it was right a moment ago.
    pub(crate) fn knows(&self, proof: &Proof, now: Duration) -> bool {
        self.proofs.get(proof).is_some_and(|at| now.saturating_sub(at) < REMEMBERED)
    }

    /// It was right.
    pub(crate) fn remember(&self, proof: Proof, now: Duration) {
        self.proofs.insert(proof, now);
    }

    /// Whether a use is to be recorded; says so again only after a while.
    pub(crate) fn should_record(&self, user_id: UserId, app_id: AppId, now: Duration) -> bool {
        let is_due =
            self.uses.get(&(user_id, app_id)).is_none_or(|last| RECORDED_EVERY <= now.saturating_sub(last));
        if is_due {
            self.uses.insert((user_id, app_id), now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_secret::master_key::MasterKey;

    use super::*;

    fn memory() -> BasicMemory {
        let text = MasterKey::generate([1; 32]).to_text();
        BasicMemory::new(&MasterKeys::parse(text.expose()).unwrap())
    }

    const ANN: UserId = UserId::from_bytes([1; 16]);
    const BOB: UserId = UserId::from_bytes([2; 16]);

    #[test]
    fn a_password_is_remembered_for_five_minutes_and_for_its_user_alone() {
        let memory = memory();
        let (chosen, later) = (Timestamp::from_secs(1), Timestamp::from_secs(2));
        let secs = Duration::from_secs;
        memory.remember(memory.proof(ANN, chosen, "correct"), secs(100));
        let knows = |user, at, password, now| memory.knows(&memory.proof(user, at, password), secs(now));
        assert!(knows(ANN, chosen, "correct", 100) && knows(ANN, chosen, "correct", 399));
        assert!(!knows(ANN, chosen, "correct", 400), "not for longer");
        assert!(!knows(ANN, chosen, "wrong", 101));
        assert!(!knows(BOB, chosen, "correct", 101));
        assert!(!knows(ANN, later, "correct", 101), "another password was chosen since");
    }

    #[test]
    fn any_number_of_passwords_takes_bounded_room() {
        let memory = memory();
        for number in 0..CAPACITY + 1_000 {
            let proof = memory.proof(ANN, Timestamp::from_secs(1), &number.to_string());
            memory.remember(proof, Duration::ZERO);
        }
        assert!(memory.proofs.len() <= CAPACITY, "{}", memory.proofs.len());
    }

    #[test]
    fn a_use_is_recorded_once_a_minute() {
        let (memory, app) = (memory(), AppId::from_bytes([3; 16]));
        let due = |user, now| memory.should_record(user, app, Duration::from_secs(now));
        assert_eq!([due(ANN, 0), due(ANN, 59), due(BOB, 59), due(ANN, 60)], [true, false, true, true]);
    }
}
