//! How a request stands with the limit that binds it, and how a client is told.

use std::fmt::Write;
use std::time::Duration;

use super::quota::RateQuota;
use crate::endpoint::Endpoint;
use crate::layer::Layer;

/// How a request stands with one limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The endpoint that the limit is for.
    pub endpoint: Endpoint,
    /// Whose requests it counts.
    pub layer: Layer,
    /// The limit itself.
    pub quota: RateQuota,
    /// How many more requests may come right now.
    pub remaining: u32,
    /// How long it takes until all of them may come again, if none comes.
    pub resets_in: Duration,
    /// How long it takes until one more may come; zero for a request that was not refused.
    pub retry_in: Duration,
}

impl Standing {
    /// The value of `RateLimit-Policy`, such as `"token-client";q=600;w=60`
    /// (draft-ietf-httpapi-ratelimit-headers-10 §3).
    pub fn policy_header(&self) -> String {
        let mut text = self.policy_name();
        // Writing to a string cannot fail.
        let _ = write!(text, ";q={};w={}", self.quota.requests(), self.quota.window().as_secs());
        text
    }

    /// The value of `RateLimit`, such as `"token-client";r=599;t=1`: `t` are the seconds until everything may come
    /// again (draft-ietf-httpapi-ratelimit-headers-10 §4).
    pub fn limit_header(&self) -> String {
        let mut text = self.policy_name();
        let _ = write!(text, ";r={};t={}", self.remaining, whole_seconds(self.resets_in));
        text
    }

    /// The seconds for `Retry-After` (RFC 9110 §10.2.3): at least one.
    pub fn retry_after_seconds(&self) -> u64 {
        whole_seconds(self.retry_in).max(1)
    }

    /// Whether less of this limit is left than of another.
    pub(crate) fn is_tighter_than(&self, other: &Self) -> bool {
        let share = |standing: &Self, of: &Self| {
            u64::from(standing.remaining).saturating_mul(of.quota.requests().get().into())
        };
        share(self, other) < share(other, self)
    }

    fn policy_name(&self) -> String {
        let mut text = String::with_capacity(64);
        for part in ["\"", self.endpoint.as_str(), "-", self.layer.as_str(), "\""] {
            text.push_str(part);
        }
        text
    }
}

/// Rounded up: whoever comes back after them is not too early.
pub fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs().saturating_add(u64::from(duration.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_structured_fields_that_round_times_up() {
        let standing = |endpoint, layer, quota: &str, remaining, resets_in, retry_in| Standing {
            endpoint,
            layer,
            quota: RateQuota::parse(quota).unwrap(),
            remaining,
            resets_in: Duration::from_millis(resets_in),
            retry_in: Duration::from_millis(retry_in),
        };
        for (standing, policy, limit, retry_after) in [
            (
                standing(Endpoint::Token, Layer::Client, "600/60", 599, 100, 0),
                r#""token-client";q=600;w=60"#,
                r#""token-client";r=599;t=1"#,
                1,
            ),
            (
                standing(Endpoint::SignIn, Layer::Address, "120/60", 0, 60_000, 500),
                r#""sign-in-address";q=120;w=60"#,
                r#""sign-in-address";r=0;t=60"#,
                1,
            ),
            (
                standing(Endpoint::Management, Layer::Tenant, "1/86400", 0, 86_399_001, 7_000),
                r#""management-tenant";q=1;w=86400"#,
                r#""management-tenant";r=0;t=86400"#,
                7,
            ),
        ] {
            assert_eq!(standing.policy_header(), policy);
            assert_eq!(standing.limit_header(), limit);
            assert_eq!(standing.retry_after_seconds(), retry_after);
        }
    }
}
