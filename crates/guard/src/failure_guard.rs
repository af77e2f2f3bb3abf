//! The brake on guessing secrets (RFC 6749 §2.3.1: "MUST protect … against brute force attacks").
//!
//! Only failures count, and they count for the address that made them: nobody can lock out somebody else's app by
//! failing on its client id from elsewhere.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::{Quota, RateLimiter};

use crate::address_prefix::AddressPrefix;
use crate::bounded_states::{BoundedStates, Purpose};
use crate::named_values::named_values;
use crate::rate_limits::quota::RateQuota;

/// A number of failures, and how fast they are forgiven afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureAllowance {
    /// How many failures at once are let pass.
    pub burst: NonZeroU32,
    /// How long it takes to forgive one of them; at least a nanosecond.
    pub forgiven_every: Duration,
}

/// What is let pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureGuardSettings {
    /// For one client id from one address.
    pub per_pair: FailureAllowance,
    /// For all client ids from one address.
    pub per_address: FailureAllowance,
    /// How many pairs, and how many addresses, are remembered at once.
    pub remembered: usize,
}

impl Default for FailureGuardSettings {
    /// 20 and then one every 3 s for a pair; 200 and then two a second for an address.
    fn default() -> Self {
        let allowance = |burst: u32, forgiven_every| FailureAllowance {
            burst: NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN),
            forgiven_every,
        };
        Self {
            per_pair: allowance(20, Duration::from_secs(3)),
            per_address: allowance(200, Duration::from_millis(500)),
            remembered: 65_536,
        }
    }
}

/// Why settings of the brake are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be like `pair=20/60, address=200/100`: failures, a slash, seconds until all of them are forgiven"
)]
pub struct FailureGuardSettingsError;

impl FailureGuardSettings {
    /// Sets what a text names, such as `pair=20/60, address=200/100`. The rest stays; an error changes nothing.
    pub fn set(&mut self, text: &str) -> Result<(), FailureGuardSettingsError> {
        let mut set = *self;
        for (name, value) in named_values(text).ok_or(FailureGuardSettingsError)? {
            let quota = RateQuota::parse(value).map_err(|_| FailureGuardSettingsError)?;
            let allowance = match name {
                "pair" => &mut set.per_pair,
                "address" => &mut set.per_address,
                _ => return Err(FailureGuardSettingsError),
            };
            *allowance = FailureAllowance { burst: quota.requests(), forgiven_every: quota.interval() };
        }
        *self = set;
        Ok(())
    }
}

/// Who tries to authenticate as whom.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// Where the request comes from.
    pub address: IpAddr,
    /// The issuer it was sent to: the same client id elsewhere is another client.
    pub issuer: &'a str,
    /// The client id it presents, whether or not there is such a client.
    pub client_id: &'a str,
}

/// Whether an attempt may be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Admission {
    /// Yes.
    Admitted,
    /// Not before so much time has passed.
    Wait(Duration),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Pair {
    address: AddressPrefix,
    client: u64,
}

type Limiter<K, C> = RateLimiter<(K, Purpose), BoundedStates<K>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Counts failures. Share it between all workers.
pub struct FailureGuard<C: Clock = DefaultClock> {
    pairs: Limiter<Pair, C>,
    addresses: Limiter<AddressPrefix, C>,
    clock: C,
    // Random per process, so that nobody can look for client ids that share a cell.
    client_hashes: RandomState,
}

impl FailureGuard {
    /// A guard with the process's own clock.
    pub fn new(settings: FailureGuardSettings) -> Self {
        Self::with_clock(settings, DefaultClock::default())
    }
}

impl<C: Clock + Clone> FailureGuard<C> {
    /// A guard with any clock.
    pub fn with_clock(settings: FailureGuardSettings, clock: C) -> Self {
        Self {
            pairs: limiter(settings.per_pair, settings.remembered, &clock),
            addresses: limiter(settings.per_address, settings.remembered, &clock),
            clock,
            client_hashes: RandomState::new(),
        }
    }
}

impl<C: Clock> FailureGuard<C> {
    /// Whether an attempt may be looked at. Costs the caller nothing.
    pub fn admit(&self, attempt: Attempt<'_>) -> Admission {
        let (pair, address) = self.keys(attempt);
        let wait = wait_for(&self.pairs, pair, Purpose::Look, &self.clock).max(wait_for(
            &self.addresses,
            address,
            Purpose::Look,
            &self.clock,
        ));
        wait.map_or(Admission::Admitted, Admission::Wait)
    }

    /// Counts a failed attempt.
    pub fn charge_failure(&self, attempt: Attempt<'_>) {
        let (pair, address) = self.keys(attempt);
        // Whoever is over the limit already, because attempts ran side by side, is not charged more.
        let _ = wait_for(&self.pairs, pair, Purpose::Charge, &self.clock);
        let _ = wait_for(&self.addresses, address, Purpose::Charge, &self.clock);
    }

    fn keys(&self, attempt: Attempt<'_>) -> (Pair, AddressPrefix) {
        let address = AddressPrefix::from(attempt.address);
        let client = self.client_hashes.hash_one((attempt.issuer, attempt.client_id));
        (Pair { address, client }, address)
    }
}

fn limiter<K: Copy + Eq + std::hash::Hash, C: Clock + Clone>(
    allowance: FailureAllowance,
    remembered: usize,
    clock: &C,
) -> Limiter<K, C> {
    let quota = Quota::with_period(allowance.forgiven_every.max(Duration::from_nanos(1)))
        .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
        .allow_burst(allowance.burst);
    RateLimiter::new(quota, BoundedStates::new(remembered), clock.clone())
}

fn wait_for<K: Copy + Eq + std::hash::Hash, C: Clock>(
    limiter: &Limiter<K, C>,
    key: K,
    purpose: Purpose,
    clock: &C,
) -> Option<Duration> {
    let not_until = limiter.check_key(&(key, purpose)).err()?;
    Some(not_until.wait_time_from(clock.now()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use governor::clock::FakeRelativeClock;

    use super::*;

    struct World {
        guard: Arc<FailureGuard<FakeRelativeClock>>,
        clock: FakeRelativeClock,
    }

    fn world() -> World {
        let clock = FakeRelativeClock::default();
        // Not at the clock's very beginning, where a server is for no more than an instant.
        clock.advance(Duration::from_secs(1_000));
        let guard = FailureGuard::with_clock(FailureGuardSettings::default(), clock.clone());
        World { guard: Arc::new(guard), clock }
    }

    fn attempt<'a>(address: &str, client_id: &'a str) -> Attempt<'a> {
        Attempt { address: address.parse().unwrap(), issuer: "default", client_id }
    }

    /// How many failures in a row are let pass, up to a thousand.
    fn failures_let_pass(world: &World, attempt: Attempt<'_>) -> u32 {
        let mut count = 0;
        while count < 1_000 && world.guard.admit(attempt) == Admission::Admitted {
            world.guard.charge_failure(attempt);
            count += 1;
        }
        count
    }

    #[test]
    fn settings_are_read_and_what_is_wrong_changes_nothing() {
        let mut settings = FailureGuardSettings::default();
        settings.set("pair=20/60, address=200/100").unwrap();
        assert_eq!(settings, FailureGuardSettings::default());
        settings.set("pair=5/10").unwrap();
        let strict = settings;
        assert_eq!(
            (strict.per_pair.burst.get(), strict.per_pair.forgiven_every),
            (5, Duration::from_secs(2))
        );
        for text in ["", "pair", "pair=off", "pair=0/1", "client=1/1", "pair=1/1, pair=2/1"] {
            assert_eq!((settings.set(text), settings), (Err(FailureGuardSettingsError), strict), "{text}");
        }
    }

    #[test]
    fn a_pair_has_twenty_failures_and_then_one_every_three_seconds() {
        let world = world();
        let guessing = attempt("192.0.2.1", "victim");
        assert_eq!(failures_let_pass(&world, guessing), 20);
        assert_eq!(world.guard.admit(guessing), Admission::Wait(Duration::from_secs(3)));
        world.clock.advance(Duration::from_secs(2));
        assert_eq!(world.guard.admit(guessing), Admission::Wait(Duration::from_secs(1)));
        world.clock.advance(Duration::from_secs(1));
        assert_eq!(failures_let_pass(&world, guessing), 1);
        world.clock.advance(Duration::from_secs(3_600));
        assert_eq!(failures_let_pass(&world, guessing), 20);
    }

    #[test]
    fn an_address_has_two_hundred_failures_whatever_the_client_ids() {
        let world = world();
        let names: Vec<String> = (0..1_000).map(|number| format!("client-{number}")).collect();
        let let_pass = names
            .iter()
            .take_while(|name| {
                let guessing = attempt("2001:db8::1", name);
                let admitted = world.guard.admit(guessing) == Admission::Admitted;
                world.guard.charge_failure(guessing);
                admitted
            })
            .count();
        assert_eq!(let_pass, 200);
        // Other addresses of the same /64 are the same party.
        let neighbour = attempt("2001:db8::2", "another");
        assert_eq!(world.guard.admit(neighbour), Admission::Wait(Duration::from_millis(500)));
    }

    #[test]
    fn failing_on_a_victims_client_id_does_not_lock_the_victim_out() {
        let world = world();
        assert_eq!(failures_let_pass(&world, attempt("192.0.2.1", "victim")), 20);
        assert_eq!(world.guard.admit(attempt("198.51.100.7", "victim")), Admission::Admitted);
    }

    #[test]
    fn one_client_failing_does_not_stop_its_neighbours_at_the_same_address() {
        let world = world();
        assert_eq!(failures_let_pass(&world, attempt("192.0.2.1", "broken")), 20);
        assert_eq!(world.guard.admit(attempt("192.0.2.1", "sound")), Admission::Admitted);
    }

    #[test]
    fn the_same_client_id_at_another_issuer_is_counted_apart() {
        let world = world();
        let here = attempt("192.0.2.1", "app");
        assert_eq!(failures_let_pass(&world, here), 20);
        assert_eq!(world.guard.admit(Attempt { issuer: "acme", ..here }), Admission::Admitted);
    }

    #[test]
    fn looking_costs_nothing() {
        let world = world();
        let sound = attempt("192.0.2.1", "sound");
        for _ in 0..10_000 {
            assert_eq!(world.guard.admit(sound), Admission::Admitted);
        }
    }

    #[test]
    fn failures_of_many_threads_are_all_counted() {
        let world = world();
        let guessing = attempt("192.0.2.1", "victim");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let guard = Arc::clone(&world.guard);
                scope.spawn(move || (0..5).for_each(|_| guard.charge_failure(guessing)));
            }
        });
        assert_eq!(world.guard.admit(guessing), Admission::Wait(Duration::from_secs(3)));
    }
}
