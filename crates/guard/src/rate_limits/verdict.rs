//! What the limits say to one request.

use super::standing::Standing;

/// What the limits say; each carries how the request stands with the limit that binds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// No limit applies.
    Unlimited,
    /// It may pass.
    Within(Standing),
    /// It is refused.
    Exceeded(Standing),
    /// It passes because the limits are not enforced: it would be refused if they were.
    WouldExceed(Standing),
}

impl Verdict {
    /// Both in one: what refuses binds, the longer wait first; else the limit of which less is left.
    pub fn tighter(self, other: Self) -> Self {
        match (self, other) {
            (Self::Exceeded(left), Self::Exceeded(right))
            | (Self::WouldExceed(left), Self::WouldExceed(right)) => {
                if left.retry_in < right.retry_in {
                    other
                } else {
                    self
                }
            }
            (Self::Within(left), Self::Within(right)) => {
                if right.is_tighter_than(&left) {
                    other
                } else {
                    self
                }
            }
            _ if self.severity() < other.severity() => other,
            _ => self,
        }
    }

    /// How the request stands with the limit that binds it, if there is one.
    pub const fn standing(&self) -> Option<&Standing> {
        match self {
            Self::Unlimited => None,
            Self::Within(standing) | Self::Exceeded(standing) | Self::WouldExceed(standing) => Some(standing),
        }
    }

    const fn severity(self) -> u8 {
        match self {
            Self::Unlimited => 0,
            Self::Within(_) => 1,
            Self::WouldExceed(_) => 2,
            Self::Exceeded(_) => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::quota::RateQuota;
    use super::*;
    use crate::endpoint::Endpoint;
    use crate::layer::Layer;

    #[test]
    fn the_tighter_of_two_binds_whichever_comes_first() {
        let standing = |quota: &str, remaining, retry_in| Standing {
            endpoint: Endpoint::Token,
            layer: Layer::Client,
            quota: RateQuota::parse(quota).unwrap(),
            remaining,
            resets_in: Duration::ZERO,
            retry_in: Duration::from_secs(retry_in),
        };
        let [half, third] = [("10/60", 5), ("600/60", 200)].map(|(quota, left)| standing(quota, left, 0));
        let [soon, late] = [1, 9].map(|seconds| standing("10/60", 0, seconds));
        for (tighter, looser) in [
            (Verdict::Within(third), Verdict::Within(half)),
            (Verdict::Within(half), Verdict::Unlimited),
            (Verdict::WouldExceed(soon), Verdict::Within(third)),
            (Verdict::WouldExceed(late), Verdict::WouldExceed(soon)),
            (Verdict::Exceeded(soon), Verdict::WouldExceed(late)),
            (Verdict::Exceeded(late), Verdict::Exceeded(soon)),
        ] {
            assert_eq!(tighter.tighter(looser), tighter);
            assert_eq!(looser.tighter(tighter), tighter);
        }
    }
}
