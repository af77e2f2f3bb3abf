//! Can anybody authenticate as this app at all? Of each secret its own rule decides
//! ([`ClientSecret::state`]); this is about all of them.

use turnkeep_domain::app::App;
use turnkeep_domain::client_secret::{ClientSecret, SecretState};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::time::Timestamp;

/// What the secrets of an app are worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretsJudgement {
    /// The app is public and needs none.
    NotNeeded,
    /// At least one is live.
    Live,
    /// None is.
    NoneLive {
        /// When the last one ended; `None` if the app never had any, or their records are gone.
        since: Option<Timestamp>,
    },
}

/// Judges the secrets of an app, dead ones among them.
pub fn judge_secrets(app: &App, secrets: &[ClientSecret], now: Timestamp) -> SecretsJudgement {
    match app.client_type {
        ClientType::Public => SecretsJudgement::NotNeeded,
        ClientType::Confidential => {
            if secrets.iter().any(|secret| secret.state(now) == SecretState::Live) {
                SecretsJudgement::Live
            } else {
                SecretsJudgement::NoneLive { since: secrets.iter().filter_map(end).max() }
            }
        }
    }
}

/// When a dead secret ended: what is revoked after its expiry had ended before.
fn end(secret: &ClientSecret) -> Option<Timestamp> {
    match (secret.revoked_at, secret.expires_at) {
        (Some(revoked_at), Some(expires_at)) => Some(revoked_at.min(expires_at)),
        (revoked_at, expires_at) => revoked_at.or(expires_at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    fn secret(revoked: Option<i64>, expires: Option<i64>) -> ClientSecret {
        ClientSecret { revoked_at: revoked.map(at), expires_at: expires.map(at), ..samples::secret(at(1)) }
    }

    #[test]
    fn the_last_end_of_a_secret_is_when_nobody_could_authenticate_any_more() {
        let app = samples::app();
        let none = |since: Option<i64>| SecretsJudgement::NoneLive { since: since.map(at) };
        for (secrets, expected) in [
            (vec![], none(None)),
            (vec![secret(None, None)], SecretsJudgement::Live),
            (vec![secret(Some(5), None), secret(None, Some(101))], SecretsJudgement::Live),
            (vec![secret(Some(5), None)], none(Some(5))),
            (vec![secret(None, Some(100))], none(Some(100))),
            (vec![secret(Some(7), Some(90)), secret(Some(9), Some(6))], none(Some(7))),
        ] {
            assert_eq!(judge_secrets(&app, &secrets, at(100)), expected, "{secrets:?}");
        }
    }

    #[test]
    fn a_public_app_needs_no_secret() {
        let app = App { client_type: ClientType::Public, ..samples::app() };
        assert_eq!(judge_secrets(&app, &[], at(100)), SecretsJudgement::NotNeeded);
    }
}
