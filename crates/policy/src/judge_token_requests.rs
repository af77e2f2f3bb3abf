//! Does an app keep its tokens? "Cache and reuse access tokens until they are close to expiry" (seed 000 §1).

use turnkeep_domain::token_lifetime::TokenLifetime;

/// Up to so many tokens for each lifetime an app keeps them: it may run in several places, each with its own.
pub const REUSED: u32 = 10;

/// Beyond so many tokens for each lifetime hardly any of them was used twice.
pub const PER_CALL: u32 = 60;

const HOUR_SECS: u64 = 3_600;

/// How an app goes about tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenPattern {
    /// It keeps a token until it is close to expiry.
    Reuses,
    /// It asks for more tokens than it needs.
    RenewsOften,
    /// It seems to ask for a token for every call.
    TokenPerCall,
}

impl TokenPattern {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reuses => "reuses",
            Self::RenewsOften => "renews_often",
            Self::TokenPerCall => "token_per_call",
        }
    }
}

/// What is judged about an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenRequestsJudgement {
    /// Tokens for each lifetime of a token, in tenths.
    pub tenths_per_lifetime: u64,
    /// What that looks like.
    pub pattern: TokenPattern,
}

impl TokenRequestsJudgement {
    /// Tokens for each lifetime of a token, to one decimal.
    pub fn tokens_per_lifetime(&self) -> f64 {
        f64::from(u32::try_from(self.tenths_per_lifetime).unwrap_or(u32::MAX)) / 10.0
    }
}

/// Judges by the hour in which the app got the most tokens: an app that runs once a day should keep its token for as
/// long as it runs, too. An hour that has only begun counts as if nothing more came.
pub fn judge_token_requests(busiest_hour: u64, lifetime: TokenLifetime) -> TokenRequestsJudgement {
    let lifetime_secs = lifetime.as_duration().as_secs();
    let tenths_per_lifetime = busiest_hour.saturating_mul(lifetime_secs).saturating_mul(10) / HOUR_SECS;
    let more_than = |tokens: u32| u64::from(tokens).saturating_mul(10) < tenths_per_lifetime;
    let pattern = if more_than(PER_CALL) {
        TokenPattern::TokenPerCall
    } else if more_than(REUSED) {
        TokenPattern::RenewsOften
    } else {
        TokenPattern::Reuses
    };
    TokenRequestsJudgement { tenths_per_lifetime, pattern }
}

#[cfg(test)]
mod tests {
    use super::TokenPattern::{RenewsOften, Reuses, TokenPerCall};
    use super::*;

    #[test]
    fn seed_000_who_asks_for_more_than_60_tokens_per_lifetime_asks_for_one_per_call() {
        for (busiest_hour, lifetime, tenths, pattern) in [
            (0, 900, 0, Reuses),
            (5, 900, 12, Reuses),
            (40, 900, 100, Reuses),
            (41, 900, 102, RenewsOften),
            (240, 900, 600, RenewsOften),
            (241, 900, 602, TokenPerCall),
            (600, 60, 100, Reuses),
            (3_600, 60, 600, RenewsOften),
            (3_606, 60, 601, TokenPerCall),
            (u64::MAX, 900, u64::MAX / 3_600, TokenPerCall),
        ] {
            let judged = judge_token_requests(busiest_hour, TokenLifetime::from_secs(lifetime).unwrap());
            let expected = TokenRequestsJudgement { tenths_per_lifetime: tenths, pattern };
            assert_eq!(judged, expected, "{busiest_hour} {lifetime}");
        }
    }

    #[test]
    fn the_number_is_shown_to_one_decimal() {
        let judged = judge_token_requests(5, TokenLifetime::from_secs(900).unwrap());
        assert!((judged.tokens_per_lifetime() - 1.2).abs() < f64::EPSILON);
    }
}
