//! May this app get another secret, and what becomes of the older ones?

use turnkeep_domain::client_secret::{ClientSecret, Overlap, SecretState};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::time::Timestamp;

/// How many live secrets an app has at most, during an overlap.
pub const MAX_LIVE_SECRETS: usize = 2;

/// What becomes of the older secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OlderSecrets {
    /// Dead at once (seed 001: "the old secret stops working immediately").
    RevokeAll,
    /// They expire no later than this.
    ExpireBy(Timestamp),
}

/// Why there is no further secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretAdditionDenial {
    /// A public client has no secret (seed 002).
    #[error("a public app has no secret")]
    PublicClient,
    /// An overlap is going on already.
    #[error("the app has {} live secrets already", MAX_LIVE_SECRETS)]
    TooManyLive,
}

/// *Regenerate*: one new secret, every older one dead.
pub fn decide_secret_regeneration(client_type: ClientType) -> Result<OlderSecrets, SecretAdditionDenial> {
    match client_type {
        ClientType::Confidential => Ok(OlderSecrets::RevokeAll),
        ClientType::Public => Err(SecretAdditionDenial::PublicClient),
    }
}

/// *Rotate with overlap*: one new secret, the older one goes on for a bounded while.
pub fn decide_secret_overlap(
    client_type: ClientType,
    secrets: &[ClientSecret],
    overlap: Overlap,
    now: Timestamp,
) -> Result<OlderSecrets, SecretAdditionDenial> {
    if client_type == ClientType::Public {
        return Err(SecretAdditionDenial::PublicClient);
    }
    let live = secrets.iter().filter(|secret| secret.state(now) == SecretState::Live).count();
    if MAX_LIVE_SECRETS <= live {
        return Err(SecretAdditionDenial::TooManyLive);
    }
    Ok(OlderSecrets::ExpireBy(now.plus(overlap.as_duration())))
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::client_secret::SecretHint;
    use turnkeep_domain::id::{AppId, SecretId};

    use super::*;

    fn secret(expires_at: Option<i64>) -> ClientSecret {
        ClientSecret {
            id: SecretId::from_bytes([0; 16]),
            app_id: AppId::from_bytes([0; 16]),
            hint: SecretHint::of(""),
            created_at: Timestamp::from_secs(0),
            expires_at: expires_at.map(Timestamp::from_secs),
            revoked_at: None,
            last_used_at: None,
        }
    }

    #[test]
    fn seed_001_regeneration_kills_the_old_secret() {
        assert_eq!(decide_secret_regeneration(ClientType::Confidential), Ok(OlderSecrets::RevokeAll));
    }

    #[test]
    fn seed_002_public_clients_have_no_secret() {
        let overlap = Overlap::from_secs(3600).unwrap();
        let denied = Err(SecretAdditionDenial::PublicClient);
        assert_eq!(decide_secret_regeneration(ClientType::Public), denied);
        assert_eq!(decide_secret_overlap(ClientType::Public, &[], overlap, Timestamp::from_secs(0)), denied);
    }

    #[test]
    fn an_overlap_is_bounded_in_time_and_number() {
        let now = Timestamp::from_secs(1_000);
        let overlap = Overlap::from_secs(3600).unwrap();
        let decide =
            |secrets: &[ClientSecret]| decide_secret_overlap(ClientType::Confidential, secrets, overlap, now);
        let until = Ok(OlderSecrets::ExpireBy(Timestamp::from_secs(4_600)));
        assert_eq!(decide(&[]), until);
        assert_eq!(decide(&[secret(None)]), until);
        assert_eq!(decide(&[secret(None), secret(Some(999))]), until);
        assert_eq!(decide(&[secret(None), secret(Some(1_001))]), Err(SecretAdditionDenial::TooManyLive));
    }
}
