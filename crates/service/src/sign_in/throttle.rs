//! How many guesses there may be, without locking anybody out.
//!
//! Failures are charged to a name together with an address, and to the name alone. A browser that this user has signed
//! in with before has a budget of its own instead, which nobody else can use up: whoever fails on somebody's name
//! makes browsers wait that are new to this user, and none that is known. Counted in memory, so for each node; how
//! many failures in a row there may be at all is counted in the database (`guess_count`).

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use turnkeep_domain::id::{AppId, InstanceId};

/// How long failures are remembered after the last.
const REMEMBERED: Duration = Duration::from_secs(86_400);

/// How many counts of each kind are kept.
const CAPACITY: usize = 100_000;

const MINUTE: Duration = Duration::from_secs(60);

/// What failures are charged to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    /// A name, and the network that it was tried from.
    NameFromAddress,
    /// A name, from wherever.
    Name,
    /// A known browser, or a session.
    Browser,
    /// An app, from wherever it is not known.
    Client,
    /// Messages to one person.
    Mail,
    /// Links for a new password to one person: asked for by a browser that is known, or by all others together.
    Reset,
}

/// Counts that are free, and how long to wait after those: twice as long each time.
#[derive(Debug, Clone, Copy)]
struct Budget {
    free: u32,
    first_wait: Duration,
    longest_wait: Duration,
}

impl Kind {
    /// Waits for the next link are shorter than a link is good for: whoever asks for somebody else's never keeps them
    /// from having one that works.
    const fn budget(self) -> Budget {
        let longest_wait = MINUTE.saturating_mul(15);
        match self {
            Self::NameFromAddress | Self::Browser => {
                Budget { free: 10, first_wait: Duration::from_secs(1), longest_wait }
            }
            Self::Client => Budget { free: 100, first_wait: Duration::from_secs(30), longest_wait },
            Self::Name => Budget { free: 50, first_wait: Duration::from_secs(30), longest_wait },
            Self::Mail => Budget {
                free: 3,
                first_wait: MINUTE.saturating_mul(5),
                longest_wait: MINUTE.saturating_mul(240),
            },
            Self::Reset => Budget {
                free: 3,
                first_wait: MINUTE.saturating_mul(5),
                longest_wait: MINUTE.saturating_mul(20),
            },
        }
    }
}

/// What is counted under. A hash, so that long names take no more room than short ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key(Kind, [u8; 32]);

impl Key {
    fn new(kind: Kind, what: &str, instance_id: InstanceId, parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new_with_prefix(what);
        hash.update(instance_id.as_bytes());
        for part in parts {
            hash.update(Sha256::digest(part));
        }
        Self(kind, hash.finalize().into())
    }
}

/// A guess, with everything that its failure is charged to.
#[derive(Debug, Clone)]
pub(crate) struct Guess(Vec<Key>);

impl Guess {
    /// Of what (`password`, `second factor`), by a browser that is known as the user's, or else from an address on a
    /// name.
    pub(crate) fn of(
        what: &'static str,
        instance_id: InstanceId,
        known_browser: Option<&str>,
        address: IpAddr,
        name: &str,
    ) -> Self {
        let name = name.as_bytes();
        Self(match known_browser {
            Some(browser) => vec![Key::new(Kind::Browser, what, instance_id, &[browser.as_bytes(), name])],
            None => vec![
                Key::new(Kind::NameFromAddress, what, instance_id, &[&network_of(address), name]),
                Key::new(Kind::Name, what, instance_id, &[name]),
            ],
        })
    }

    /// Of what (`present password`, `totp setup`), by somebody who has signed in. One that is right forgives those of the
    /// same thing only.
    pub(crate) fn in_session(what: &'static str, instance_id: InstanceId, session: &str) -> Self {
        Self(vec![Key::new(Kind::Browser, what, instance_id, &[b"session", session.as_bytes()])])
    }

    /// Of the secret of an app, from where it is not known.
    pub(crate) fn of_client(instance_id: InstanceId, app: AppId) -> Self {
        Self(vec![Key::new(Kind::Client, "client secret", instance_id, &[app.as_bytes()])])
    }

    /// No guess, but a message that somebody else may have asked for.
    pub(crate) fn mail_to(instance_id: InstanceId, user: &str) -> Self {
        Self(vec![Key::new(Kind::Mail, "mail", instance_id, &[user.as_bytes()])])
    }

    /// No guess either, but a link for a new password, which anybody may ask for. A known browser does not wait for what
    /// others have asked for.
    pub(crate) fn reset_for(instance_id: InstanceId, known_browser: Option<&str>, user: &str) -> Self {
        let browser = known_browser.unwrap_or_default();
        Self(vec![Key::new(Kind::Reset, "reset", instance_id, &[browser.as_bytes(), user.as_bytes()])])
    }
}

/// The part of an address that stands for one party: all of IPv4, the /64 of IPv6.
pub(crate) fn network_of(address: IpAddr) -> [u8; 16] {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
        IpAddr::V6(address) => (u128::from(address) & !u128::from(u64::MAX)).to_be_bytes(),
    }
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Duration,
}

impl Failures {
    fn wait_left(self, budget: Budget, now: Duration) -> Duration {
        let Some(over) = self.count.checked_sub(budget.free) else {
            return Duration::ZERO;
        };
        let wait = budget.first_wait.saturating_mul(1_u32.checked_shl(over).unwrap_or(u32::MAX));
        (self.last + wait.min(budget.longest_wait)).saturating_sub(now)
    }
}

/// Failures in a row.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    counts: Mutex<HashMap<Kind, HashMap<Key, Failures>>>,
}

impl Throttle {
    /// Lets a guess be made, or says how long to wait. It is charged as a failure until it succeeds, so that many at
    /// once are as many as one after the other.
    pub(crate) fn admit(&self, guess: &Guess, now: Duration) -> Result<Attempt<'_>, Duration> {
        let mut counts = self.lock();
        let wait = guess.0.iter().map(|key| {
            let failures = counts.get(&key.0).and_then(|counts| counts.get(key));
            failures.map_or(Duration::ZERO, |failures| failures.wait_left(key.0.budget(), now))
        });
        let wait = wait.max().unwrap_or_default();
        if !wait.is_zero() {
            return Err(wait);
        }
        let mut charged = Vec::new();
        for key in &guess.0 {
            let counts = counts.entry(key.0).or_default();
            make_room(counts, now);
            let failures = counts.entry(*key).or_insert(Failures { count: 0, last: now });
            charged.push((*key, failures.last));
            *failures = Failures { count: failures.count.saturating_add(1), last: now };
        }
        Ok(Attempt { throttle: self, charged, at: now })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Kind, HashMap<Key, Failures>>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets what is old, and where that is not enough the half with the fewest failures: who has guessed often is kept.
fn make_room(counts: &mut HashMap<Key, Failures>, now: Duration) {
    if counts.len() < CAPACITY {
        return;
    }
    counts.retain(|_, failures| now.saturating_sub(failures.last) < REMEMBERED);
    if counts.len() < CAPACITY {
        return;
    }
    let mut ranks: Vec<(u32, Duration)> =
        counts.values().map(|failures| (failures.count, failures.last)).collect();
    let (_, median, _) = ranks.select_nth_unstable(CAPACITY / 2);
    let median = *median;
    counts.retain(|_, failures| median < (failures.count, failures.last));
}

/// A guess that was let through. Dropped without a word, as when it could not be checked, it costs nothing.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    throttle: &'a Throttle,
    charged: Vec<(Key, Duration)>,
    at: Duration,
}

impl Attempt<'_> {
    /// It was wrong.
    pub(crate) fn failed(mut self) {
        self.charged.clear();
    }

    /// It was right: there are no failures in a row any more.
    pub(crate) fn succeeded(mut self) {
        let mut counts = self.throttle.lock();
        for (key, _) in std::mem::take(&mut self.charged) {
            if let Some(counts) = counts.get_mut(&key.0) {
                counts.remove(&key);
            }
        }
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if self.charged.is_empty() {
            return;
        }
        let mut counts = self.throttle.lock();
        for (key, last) in std::mem::take(&mut self.charged) {
            let Some(counts) = counts.get_mut(&key.0) else { continue };
            let Entry::Occupied(mut entry) = counts.entry(key) else { continue };
            let Failures { count, last: seen } = *entry.get();
            match count.saturating_sub(1) {
                0 => drop(entry.remove()),
                count => {
                    // Unless somebody else has been here since.
                    let last = if seen == self.at { last } else { seen };
                    entry.insert(Failures { count, last });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::account_link::AccountLinkPurpose;
    use turnkeep_domain::id::UserId;

    use super::*;

    const HERE: &str = "192.0.2.1";

    fn instance() -> InstanceId {
        InstanceId::from_bytes([1; 16])
    }

    fn guess(browser: Option<&str>, address: &str, name: &str) -> Guess {
        Guess::of("password", instance(), browser, address.parse().unwrap(), name)
    }

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    /// Fails until it has to wait; how often that went, and how long the wait is.
    fn fail_until_refused(throttle: &Throttle, guess: &Guess, now: Duration) -> (u32, Duration) {
        let mut failures = 0;
        loop {
            match throttle.admit(guess, now) {
                Ok(attempt) => attempt.failed(),
                Err(wait) => return (failures, wait),
            }
            failures += 1;
        }
    }

    #[test]
    fn waits_double_up_to_a_quarter_of_an_hour() {
        let throttle = Throttle::default();
        let ada = guess(None, HERE, "ada");
        assert_eq!(fail_until_refused(&throttle, &ada, secs(0)), (10, secs(1)));
        let mut now = secs(0);
        for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900] {
            assert_eq!(throttle.admit(&ada, now).err(), Some(secs(wait)));
            assert_eq!(
                throttle.admit(&ada, now + secs(wait - 1) + Duration::from_millis(999)).err(),
                Some(Duration::from_millis(1))
            );
            now += secs(wait);
            throttle.admit(&ada, now).unwrap().failed();
        }
    }

    #[test]
    fn a_name_is_guessed_fifty_times_from_any_number_of_addresses_before_each_costs_a_wait() {
        let throttle = Throttle::default();
        let mut failures = 0;
        for address in 0..1_000 {
            let address = format!("192.0.{}.{}", address / 256, address % 256);
            match throttle.admit(&guess(None, &address, "ada"), secs(0)) {
                Ok(attempt) => {
                    attempt.failed();
                    failures += 1;
                }
                Err(wait) => assert_eq!(wait, secs(30)),
            }
        }
        assert_eq!(failures, 50);
        // Others are not meant.
        assert!(throttle.admit(&guess(None, HERE, "bob"), secs(0)).is_ok());
    }

    #[test]
    fn nobody_is_locked_out_of_a_browser_that_is_known() {
        let throttle = Throttle::default();
        for address in ["192.0.2.1", "192.0.2.2", "2001:db8::1"] {
            fail_until_refused(&throttle, &guess(None, address, "ada"), secs(0));
        }
        let own = guess(Some("browser-1"), "192.0.2.1", "ada");
        throttle.admit(&own, secs(0)).unwrap().succeeded();
        // A budget of its own is one all the same, and not one for all browsers.
        assert_eq!(fail_until_refused(&throttle, &own, secs(0)), (10, secs(1)));
        assert!(throttle.admit(&guess(Some("browser-2"), "192.0.2.1", "ada"), secs(0)).is_ok());
    }

    #[test]
    fn who_asks_for_links_keeps_nobody_from_having_one_that_works() {
        let user = UserId::from_bytes([1; 16]);
        let lifetime = AccountLinkPurpose::Reset(user).lifetime();
        let throttle = Throttle::default();
        let strangers = Guess::reset_for(instance(), None, &user.to_string());
        let mut now = secs(0);
        // Whenever one may be sent, somebody asks for it.
        for _ in 0..100 {
            let (_, wait) = fail_until_refused(&throttle, &strangers, now);
            assert!(wait + MINUTE * 10 <= lifetime, "{wait:?}");
            now += wait;
        }
        let known = |browser| Guess::reset_for(instance(), Some(browser), &user.to_string());
        assert_eq!(fail_until_refused(&throttle, &known("browser-1"), now), (3, MINUTE * 5));
        assert!(throttle.admit(&known("browser-2"), now).is_ok());
    }

    #[test]
    fn one_party_is_one_address() {
        let throttle = Throttle::default();
        assert_eq!(fail_until_refused(&throttle, &guess(None, "2001:db8::1", "ada"), secs(0)).0, 10);
        assert!(throttle.admit(&guess(None, "2001:db8::ffff", "ada"), secs(0)).is_err());
        assert!(throttle.admit(&guess(None, "2001:db8:0:1::1", "ada"), secs(0)).is_ok());
        assert_eq!(fail_until_refused(&throttle, &guess(None, HERE, "bob"), secs(0)).0, 10);
        assert!(throttle.admit(&guess(None, "::ffff:192.0.2.1", "bob"), secs(0)).is_err());
    }

    #[test]
    fn success_forgets_the_failures_before_it() {
        let throttle = Throttle::default();
        let ada = guess(None, HERE, "ada");
        for _ in 0..9 {
            throttle.admit(&ada, secs(0)).unwrap().failed();
        }
        throttle.admit(&ada, secs(0)).unwrap().succeeded();
        assert_eq!(fail_until_refused(&throttle, &ada, secs(0)).0, 10);
    }

    #[test]
    fn guesses_at_once_are_charged_before_anybody_knows_how_they_end() {
        let throttle = Throttle::default();
        let ada = guess(None, HERE, "ada");
        let mut under_way = Vec::new();
        while let Ok(attempt) = throttle.admit(&ada, secs(0)) {
            under_way.push(attempt);
        }
        assert_eq!(under_way.len(), 10);
        // None of them could be checked: nobody has guessed anything.
        drop(under_way);
        assert_eq!(fail_until_refused(&throttle, &ada, secs(5)), (10, secs(1)));
        let attempt = throttle.admit(&ada, secs(6)).unwrap();
        drop(attempt);
        assert!(throttle.admit(&ada, secs(6)).is_ok());
    }

    #[test]
    fn any_number_of_names_takes_bounded_room_and_who_guesses_much_is_kept() {
        let throttle = Throttle::default();
        let ada = guess(None, HERE, "ada");
        fail_until_refused(&throttle, &ada, secs(0));
        for name in 0..CAPACITY + 10 {
            throttle.admit(&guess(None, "192.0.2.9", &name.to_string()), secs(1)).unwrap().failed();
        }
        let most = throttle.lock().values().map(HashMap::len).max();
        assert!(most.unwrap() <= CAPACITY, "{most:?}");
        assert!(throttle.admit(&ada, Duration::ZERO).is_err());
    }
}
