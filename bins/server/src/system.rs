//! The only place with the clock, the environment, randomness and standard streams.

use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::anyhow;
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::random::RandomSource;
use turnkeep_service::clock::Clock;

/// The computer's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the place that reads the clock")]
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }
}

/// The operating system's randomness, through AWS-LC.
pub(crate) struct SystemRandom;

impl RandomSource for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness nothing that follows would be safe, and no caller could do better than stop.
        if aws_lc_rs::rand::fill(bytes).is_err() {
            complain(&anyhow!("the operating system gives no random numbers"));
            std::process::abort();
        }
    }
}

/// An environment variable; one that is set but empty counts as not set.
#[expect(clippy::disallowed_methods, reason = "this is the place that reads the environment")]
pub(crate) fn variable(name: &str) -> anyhow::Result<Option<String>> {
    match std::env::var_os(name) {
        None => Ok(None),
        Some(value) => match value.into_string() {
            Ok(text) if text.is_empty() => Ok(None),
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(anyhow!("{name} is not UTF-8")),
        },
    }
}

/// One line for whoever started the program.
pub(crate) fn say(line: &str) {
    // Nobody listening (a closed pipe) is no reason to stop.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// One line about what went wrong, causes included.
pub(crate) fn complain(error: &anyhow::Error) {
    // Some causes, such as those of libpq, come in several lines.
    let text = format!("{error:#}").split_whitespace().collect::<Vec<_>>().join(" ");
    let _ = writeln!(std::io::stderr().lock(), "turnkeep: {text}");
}
