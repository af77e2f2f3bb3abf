//! The clocks and the randomness of the computer that this runs on.

use std::cell::RefCell;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::time::{ClockId, clock_gettime};
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::random::RandomSource;
use turnkeep_service::clock::Clock;

/// The computer's clocks.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the place that reads the clock")]
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }

    fn since_boot(&self) -> Duration {
        let time = clock_gettime(ClockId::Boottime);
        let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
        Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or(0))
    }

    fn pause(&self, duration: Duration) {
        std::thread::sleep(duration);
    }
}

/// How many random bytes are asked for at once. A call costs much more than a byte.
const RANDOM_BYTES: usize = 1_024;

/// The operating system's randomness, through AWS-LC.
#[derive(Debug, Clone, Copy)]
pub struct SystemRandom;

/// Random bytes that nobody has used yet.
struct Unused {
    bytes: [u8; RANDOM_BYTES],
    used: usize,
}

thread_local! {
    static UNUSED: RefCell<Unused> = const { RefCell::new(Unused { bytes: [0; RANDOM_BYTES], used: RANDOM_BYTES }) };
}

impl RandomSource for SystemRandom {
    /// Each byte is given out once and forgotten. Long secrets come straight from the source.
    fn fill(&self, bytes: &mut [u8]) {
        if RANDOM_BYTES / 16 < bytes.len() {
            fill_from_source(bytes);
        } else {
            UNUSED.with_borrow_mut(|unused| unused.fill(bytes));
        }
    }
}

impl Unused {
    fn fill(&mut self, bytes: &mut [u8]) {
        if RANDOM_BYTES - self.used < bytes.len() {
            fill_from_source(&mut self.bytes);
            self.used = 0;
        }
        let end = self.used + bytes.len();
        if let Some(unused) = self.bytes.get_mut(self.used..end) {
            bytes.copy_from_slice(unused);
            unused.fill(0);
        }
        self.used = end;
    }
}

/// Ends the process if there is none: nothing that follows would be safe, and no caller could do better.
fn fill_from_source(bytes: &mut [u8]) {
    if aws_lc_rs::rand::fill(bytes).is_err() {
        tracing::error!("the operating system gives no random numbers");
        std::process::abort();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_bytes_are_given_out_twice() {
        let mut seen = HashSet::new();
        for _ in 0..1_000 {
            let mut bytes = [0; 10];
            SystemRandom.fill(&mut bytes);
            assert!(bytes.iter().any(|byte| *byte != 0) && seen.insert(bytes.to_vec()));
        }
        let mut long = [0; 500];
        SystemRandom.fill(&mut long);
        assert!(long.windows(10).all(|part| !seen.contains(part)));
    }
}
