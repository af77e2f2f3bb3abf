//! What came of a take that was allowed.

use super::standing::Standing;

/// A take that was written down and allowed, with where the app stands after it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "the take counts, whether the work is done or not"]
pub struct Charge {
    /// How many Document Units were taken.
    pub units: u64,
    /// Whether it was written down, and will be reported. Only [`crate::meter::settings::WhenUnrecorded::GoOn`] lets
    /// others through.
    pub recorded: bool,
    /// Every limit of the plan: requests first, then units from the shortest window to the longest.
    pub standings: Vec<Standing>,
}

impl Charge {
    /// The limit of which most is used, in proportion; of equals the first. `None` if nothing is limited.
    pub fn binding(&self) -> Option<&Standing> {
        let mut standings = self.standings.iter();
        let first = standings.next()?;
        Some(
            standings
                .fold(first, |tightest, next| if next.is_tighter_than(tightest) { next } else { tightest }),
        )
    }

    /// Header fields for the response: `RateLimit-Policy` and `RateLimit` of the binding limit.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        self.binding().map(headers_of).unwrap_or_default()
    }
}

pub(super) fn headers_of(standing: &Standing) -> Vec<(&'static str, String)> {
    vec![("RateLimit-Policy", standing.policy_header()), ("RateLimit", standing.limit_header())]
}
