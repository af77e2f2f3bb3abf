//! Passwords that were right a moment ago, so that not every request hashes, and uses that were recorded.
//!
//! What is remembered is a MAC that is bound to the user, to when the password was chosen and to where it came from: it
//! proves nothing about any other password, and nobody who reads this memory can tell the password from it without the
//! master key.

use std::net::IpAddr;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, Mac};
use quick_cache::sync::Cache;
use sha2::Sha256;
use turnkeep_domain::id::{AppId, UserId};
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::derived_mac::derived_hmac;
use turnkeep_secret::master_key::MasterKeys;

use crate::sign_in::throttle::network_of;

/// How long a right password is not hashed again.
const FRESH: Duration = Duration::from_mins(5);

/// How long whoever sent a right password is known.
const REMEMBERED: Duration = Duration::from_hours(24);

/// How long a recorded use stands for the next ones.
const RECORDED_EVERY: Duration = Duration::from_mins(1);

/// How many passwords, and how many uses, are remembered.
const CAPACITY: usize = 10_000;

/// What is remembered of one password.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Proof([u8; 32]);

impl Proof {
    /// What the one who sent it is called where guesses are counted. It is no secret: it tells nothing of the password.
    pub(crate) fn name(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }
}

/// What is known of a password that is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// It was right a moment ago.
    Fresh,
    /// It was right within a day.
    Stale,
    /// Nothing.
    Never,
}

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

    /// What stands for this password of this user, as long as it is not changed, from this part of the network: who is
    /// known is not held up by the guesses of others, so nobody else may find out by it which password is right.
    pub(crate) fn proof(
        &self,
        user_id: UserId,
        changed_at: Timestamp,
        address: IpAddr,
        password: &str,
    ) -> Proof {
        let mac = self.key.clone().chain_update(user_id.as_bytes());
        let mac = mac.chain_update(changed_at.as_micros().to_be_bytes());
        let mac = mac.chain_update(network_of(address)).chain_update(password);
        Proof(mac.finalize().into_bytes().into())
    }

    /// Whether it was right before.
    pub(crate) fn known(&self, proof: &Proof, now: Duration) -> Known {
        match self.proofs.get(proof).map(|at| now.saturating_sub(at)) {
            Some(age) if age < FRESH => Known::Fresh,
            Some(age) if age < REMEMBERED => Known::Stale,
            Some(_) | None => Known::Never,
        }
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

    fn here() -> IpAddr {
        "192.0.2.1".parse().unwrap()
    }

    #[test]
    fn a_password_is_known_for_a_day_and_for_its_user_alone_where_it_came_from() {
        let memory = memory();
        let (chosen, later) = (Timestamp::from_secs(1), Timestamp::from_secs(2));
        let secs = Duration::from_secs;
        memory.remember(memory.proof(ANN, chosen, here(), "correct"), secs(100));
        let known = |user, at, address: IpAddr, password, now| {
            memory.known(&memory.proof(user, at, address, password), secs(now))
        };
        for (now, expected) in [
            (100, Known::Fresh),
            (399, Known::Fresh),
            (400, Known::Stale),
            (86_499, Known::Stale),
            (86_500, Known::Never),
        ] {
            assert_eq!(known(ANN, chosen, here(), "correct", now), expected, "{now}");
        }
        assert_eq!(known(ANN, chosen, here(), "wrong", 101), Known::Never);
        assert_eq!(known(BOB, chosen, here(), "correct", 101), Known::Never);
        assert_eq!(known(ANN, later, here(), "correct", 101), Known::Never, "another was chosen since");
        let elsewhere = "192.0.2.2".parse().unwrap();
        assert_eq!(known(ANN, chosen, elsewhere, "correct", 101), Known::Never);
    }

    #[test]
    fn any_number_of_passwords_takes_bounded_room() {
        let memory = memory();
        for number in 0..CAPACITY + 1_000 {
            let proof = memory.proof(ANN, Timestamp::from_secs(1), here(), &number.to_string());
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
