//! Limits that the nodes of a cluster count together. Says what such a count looks like; who counts is elsewhere.
//!
//! They come on top of the limits of each node, which hold alone whenever the shared ones are gone.

use std::pin::Pin;
use std::time::Duration;

use super::quota::RateQuota;
use super::settings::LimitMode;
use super::standing::Standing;
use super::verdict::Verdict;
use crate::endpoint::Endpoint;
use crate::layer::Layer;

/// One request to be counted against one limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedTake {
    /// The endpoint that the limit is for.
    pub endpoint: Endpoint,
    /// Whose requests it counts.
    pub layer: Layer,
    /// Who that is: an id, or the network of an address. It is not to be stored as it is.
    pub subject: [u8; 16],
    /// The limit itself.
    pub quota: RateQuota,
}

/// What is left of one limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedCount {
    /// How many more may come right now.
    pub remaining: u32,
    /// How long it takes until all of them may come again, if none comes.
    pub resets_in: Duration,
}

/// What became of the takes of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum SharedAnswer {
    /// All were counted: what is left for each, in their order.
    Within(Vec<SharedCount>),
    /// None was counted, because nothing was left for one of them.
    Exceeded {
        /// Which one.
        index: usize,
        /// How long it takes until it may be tried again.
        retry_in: Duration,
        /// How long it takes until everything of this limit may come again.
        resets_in: Duration,
    },
    /// Nobody could be asked.
    Gone,
}

/// An answer that is still to come.
pub type SharedAnswering<'a> = Pin<Box<dyn Future<Output = SharedAnswer> + Send + 'a>>;

/// Where nodes count together.
pub trait SharedLimits: Send + Sync {
    /// Counts one request against all of the limits at once, or against none. Answers soon, and at once while
    /// nobody can be asked.
    fn take<'a>(&'a self, takes: &'a [SharedTake]) -> SharedAnswering<'a>;

    /// Whether nobody can be asked at the moment.
    fn is_gone(&self) -> bool;
}

impl SharedAnswer {
    /// What it says about the request that `takes` were for. Without an answer there is no further limit.
    pub fn verdict(&self, takes: &[SharedTake], mode: LimitMode) -> Verdict {
        match self {
            Self::Within(counts) => {
                let verdicts = takes.iter().zip(counts).map(|(take, count)| {
                    Verdict::Within(take.standing(count.remaining, count.resets_in, Duration::ZERO))
                });
                verdicts.fold(Verdict::Unlimited, Verdict::tighter)
            }
            Self::Exceeded { index, retry_in, resets_in } => {
                let exceeded = takes.get(*index).map(|take| take.standing(0, *resets_in, *retry_in));
                exceeded.map_or(Verdict::Unlimited, |standing| match mode {
                    LimitMode::Enforced => Verdict::Exceeded(standing),
                    LimitMode::DryRun => Verdict::WouldExceed(standing),
                    LimitMode::Off => Verdict::Unlimited,
                })
            }
            Self::Gone => Verdict::Unlimited,
        }
    }
}

impl SharedTake {
    fn standing(&self, remaining: u32, resets_in: Duration, retry_in: Duration) -> Standing {
        let Self { endpoint, layer, quota, .. } = *self;
        Standing { endpoint, layer, quota, remaining, resets_in, retry_in }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_becomes_the_verdict_that_binds() {
        let take = |layer, quota| SharedTake {
            endpoint: Endpoint::Token,
            layer,
            subject: [1; 16],
            quota: RateQuota::parse(quota).unwrap(),
        };
        let takes = [take(Layer::Client, "600/60"), take(Layer::Tenant, "10/60")];
        let count = |remaining| SharedCount { remaining, resets_in: Duration::from_secs(3) };
        let [_, tenant] = takes;
        let within = SharedAnswer::Within(vec![count(599), count(9)]);
        let (retry_in, resets_in) = (Duration::from_secs(6), Duration::from_secs(60));
        let exceeded = SharedAnswer::Exceeded { index: 1, retry_in, resets_in };
        let refusal = tenant.standing(0, resets_in, retry_in);
        for (answer, mode, verdict) in [
            (
                &within,
                LimitMode::Enforced,
                Verdict::Within(tenant.standing(9, Duration::from_secs(3), Duration::ZERO)),
            ),
            (&exceeded, LimitMode::Enforced, Verdict::Exceeded(refusal)),
            (&exceeded, LimitMode::DryRun, Verdict::WouldExceed(refusal)),
            (&exceeded, LimitMode::Off, Verdict::Unlimited),
            (&SharedAnswer::Gone, LimitMode::Enforced, Verdict::Unlimited),
        ] {
            assert_eq!(answer.verdict(&takes, mode), verdict, "{answer:?} {mode:?}");
        }
    }
}
