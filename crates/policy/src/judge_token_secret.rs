//! Was an issued token obtained with a secret that was taken back since?

use turnkeep_domain::client_secret::ClientSecret;
use turnkeep_domain::id::SecretId;
use turnkeep_domain::time::Timestamp;

use crate::judge_token_age::TokenAge;

/// What a token says of how it came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenOrigin {
    /// The secret that obtained it. Absent if none did, or if a version that did not say so issued it.
    pub secret_id: Option<SecretId>,
    /// When it was issued.
    pub issued_at: Timestamp,
}

/// A token dies with its secret, not at the secret's expiry but when somebody takes it back. One that does not say
/// which secret obtained it dies with any.
pub fn judge_token_secret<'a>(
    origin: TokenOrigin,
    secrets: impl IntoIterator<Item = &'a ClientSecret>,
) -> TokenAge {
    let mut secrets = secrets.into_iter();
    let is_current = match origin.secret_id {
        Some(id) => secrets.any(|secret| secret.id == id && secret.revoked_at.is_none()),
        None => {
            secrets.all(|secret| secret.revoked_at.is_none_or(|revoked_at| revoked_at < origin.issued_at))
        }
    };
    if is_current { TokenAge::Current } else { TokenAge::Dead }
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::client_secret::SecretHint;
    use turnkeep_domain::id::AppId;

    use super::*;

    fn secret(number: u8, expires_at: Option<i64>, revoked_at: Option<i64>) -> ClientSecret {
        ClientSecret {
            id: SecretId::from_bytes([number; 16]),
            app_id: AppId::from_bytes([1; 16]),
            hint: SecretHint::parse("abcd").unwrap(),
            created_at: Timestamp::from_secs(0),
            expires_at: expires_at.map(Timestamp::from_secs),
            revoked_at: revoked_at.map(Timestamp::from_secs),
            last_used_at: None,
        }
    }

    #[test]
    fn a_token_dies_with_the_secret_that_obtained_it_and_with_no_other() {
        let secrets = [secret(1, None, None), secret(2, None, Some(50)), secret(3, Some(20), None)];
        for (obtained_by, expected) in [
            (Some(1), TokenAge::Current),
            (Some(2), TokenAge::Dead),
            // An expired secret obtains no new tokens; the ones it did obtain run out by themselves.
            (Some(3), TokenAge::Current),
            // Purged long ago, or never there.
            (Some(9), TokenAge::Dead),
            (None, TokenAge::Dead),
        ] {
            let secret_id = obtained_by.map(|number| SecretId::from_bytes([number; 16]));
            let origin = TokenOrigin { secret_id, issued_at: Timestamp::from_secs(10) };
            assert_eq!(judge_token_secret(origin, &secrets), expected, "{obtained_by:?}");
        }
    }

    #[test]
    fn a_token_that_does_not_say_which_secret_obtained_it_outlives_only_earlier_revocations() {
        for (revoked_at, expected) in
            [(Some(9), TokenAge::Current), (Some(10), TokenAge::Dead), (None, TokenAge::Current)]
        {
            let origin = TokenOrigin { secret_id: None, issued_at: Timestamp::from_secs(10) };
            assert_eq!(judge_token_secret(origin, &[secret(1, None, revoked_at)]), expected);
        }
    }
}
