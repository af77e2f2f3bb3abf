//! When does a secret end, under the tenant's maximum age?
//!
//! A limit only ever shortens: what was once to end stays so when the maximum age is raised or taken away.

use turnkeep_domain::client_secret::{ClientSecret, SecretState};
use turnkeep_domain::secret_max_age::SecretMaxAge;
use turnkeep_domain::time::Timestamp;

/// When a secret made now ends; `None` is never.
pub fn decide_new_secret_expiry(max_age: Option<SecretMaxAge>, now: Timestamp) -> Option<Timestamp> {
    max_age.map(|max_age| max_age.limit_of_new(now))
}

/// When a secret ends once the tenant sets a maximum age now; `None` if nothing about it changes, because it is
/// dead or ends sooner anyway. Nothing ends at once: a secret that is too old gets 30 days.
pub fn decide_limited_secret_expiry(
    secret: &ClientSecret,
    max_age: SecretMaxAge,
    now: Timestamp,
) -> Option<Timestamp> {
    match secret.state(now) {
        SecretState::Expired | SecretState::Revoked => None,
        SecretState::Live => {
            let limit = max_age.limit_of_existing(secret.created_at, now);
            secret.expires_at.is_none_or(|end| limit < end).then_some(limit)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn day(number: i64) -> Timestamp {
        Timestamp::from_secs(number * 86_400)
    }

    fn secret(created: i64, expires: Option<i64>) -> ClientSecret {
        ClientSecret { expires_at: expires.map(day), ..samples::secret(day(created)) }
    }

    #[test]
    fn a_new_secret_ends_at_the_tenants_maximum_age_or_never() {
        let max_age = SecretMaxAge::from_days(90).unwrap();
        assert_eq!(decide_new_secret_expiry(None, day(10)), None);
        assert_eq!(decide_new_secret_expiry(Some(max_age), day(10)), Some(day(100)));
    }

    #[test]
    fn a_maximum_age_stops_no_existing_secret_before_30_days_and_lengthens_none() {
        let max_age = SecretMaxAge::from_days(90).unwrap();
        for (created, expires, expected) in [
            (0, None, Some(130)),
            (80, None, Some(170)),
            (0, Some(400), Some(130)),
            (0, Some(130), None),
            (0, Some(110), None),
            (0, Some(100), None),
        ] {
            let decided = decide_limited_secret_expiry(&secret(created, expires), max_age, day(100));
            assert_eq!(decided, expected.map(day), "{created} {expires:?}");
        }
        let revoked = ClientSecret { revoked_at: Some(day(50)), ..secret(0, None) };
        assert_eq!(decide_limited_secret_expiry(&revoked, max_age, day(100)), None);
    }
}
