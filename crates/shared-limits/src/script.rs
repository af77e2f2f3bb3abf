//! The question to the server, and its answer in our words.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{RedisResult, Script};
use turnkeep_guard::rate_limits::quota::RateQuota;
use turnkeep_guard::rate_limits::shared::{SharedAnswer, SharedCount, SharedTake};

use crate::subject_key::SubjectKeys;

/// What the server is asked.
pub(crate) struct Question {
    limits: Vec<(String, RateQuota)>,
}

impl Question {
    pub(crate) fn new(takes: &[SharedTake], keys: &SubjectKeys) -> Self {
        Self { limits: takes.iter().map(|take| (keys.key(take), take.quota)).collect() }
    }

    /// Asks in one round trip.
    pub(crate) async fn ask(
        &self,
        script: &Script,
        connection: &mut MultiplexedConnection,
    ) -> RedisResult<SharedAnswer> {
        let mut invocation = script.prepare_invoke();
        for (key, quota) in &self.limits {
            let interval = quota.interval();
            let full = interval.saturating_mul(quota.requests().get());
            invocation.key(key).arg(micros_text(interval)).arg(micros_text(full));
        }
        let answer: Vec<u64> = invocation.invoke_async(connection).await?;
        Ok(self.understand(&answer))
    }

    fn understand(&self, answer: &[u64]) -> SharedAnswer {
        match answer {
            [0, owed @ ..] if owed.len() == self.limits.len() => {
                let counts = self.limits.iter().zip(owed).map(|((_, quota), owed)| count(*quota, *owed));
                SharedAnswer::Within(counts.collect())
            }
            [number, wait, owed] => {
                let index = usize::try_from(*number).ok().and_then(|number| number.checked_sub(1));
                index.map_or(SharedAnswer::Gone, |index| SharedAnswer::Exceeded {
                    index,
                    retry_in: Duration::from_micros(*wait),
                    resets_in: Duration::from_micros(*owed),
                })
            }
            _ => SharedAnswer::Gone,
        }
    }
}

pub(crate) fn script() -> Script {
    Script::new(include_str!("count.lua"))
}

fn count(quota: RateQuota, owed: u64) -> SharedCount {
    let resets_in = Duration::from_micros(owed);
    let full = quota.interval().saturating_mul(quota.requests().get());
    let remaining = full.saturating_sub(resets_in).as_nanos() / quota.interval().as_nanos().max(1);
    SharedCount { remaining: u32::try_from(remaining).unwrap_or(u32::MAX), resets_in }
}

/// Microseconds with three decimals.
fn micros_text(duration: Duration) -> String {
    format!("{}.{:03}", duration.as_micros(), duration.subsec_nanos() % 1_000)
}

#[cfg(test)]
mod tests {
    use turnkeep_guard::endpoint::Endpoint;
    use turnkeep_guard::layer::Layer;
    use turnkeep_secret::master_key::MasterKey;

    use super::*;

    #[test]
    fn answers_are_read_and_nonsense_is_none() {
        let keys = SubjectKeys::new(&MasterKey::generate([1; 32]));
        let take = |layer, quota| SharedTake {
            endpoint: Endpoint::Token,
            layer,
            subject: [1; 16],
            quota: RateQuota::parse(quota).unwrap(),
        };
        let question = Question::new(&[take(Layer::Client, "600/60"), take(Layer::Tenant, "10/60")], &keys);
        let within = |counts: [(u32, u64); 2]| {
            let count =
                |(remaining, micros)| SharedCount { remaining, resets_in: Duration::from_micros(micros) };
            SharedAnswer::Within(counts.map(count).into())
        };
        let exceeded = SharedAnswer::Exceeded {
            index: 1,
            retry_in: Duration::from_micros(6_000_000),
            resets_in: Duration::from_micros(60_000_000),
        };
        for (answer, expected) in [
            (&[0, 100_000, 60_000_000][..], within([(599, 100_000), (0, 60_000_000)])),
            (&[0, 100_001, 1], within([(598, 100_001), (9, 1)])),
            (&[2, 6_000_000, 60_000_000], exceeded),
            (&[], SharedAnswer::Gone),
            (&[0], SharedAnswer::Gone),
            (&[0, 1, 2, 3], SharedAnswer::Gone),
            (&[1, 2], SharedAnswer::Gone),
        ] {
            assert_eq!(question.understand(answer), expected, "{answer:?}");
        }
    }

    #[test]
    fn fractions_of_a_microsecond_are_kept() {
        for (nanos, text) in [(600, "0.600"), (100_000_000, "100000.000"), (1_001, "1.001"), (0, "0.000")] {
            assert_eq!(micros_text(Duration::from_nanos(nanos)), text);
        }
    }
}
