//! What a meter says about itself: what is not reported yet, and what went wrong.

use std::fmt;
use std::time::Duration;

use crate::gate::status::AuthorityError;

/// Why usage could not be reported. It stays in the journal, and is reported later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// The authority gave no answer, or not the one that was hoped for. 401 and 403 mean that the token is not one for
    /// `turnkeep.management` with the scope `turnkeep.meter`.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// An answer that does not account for what was reported.
    #[error("the authority's answer makes no sense")]
    BadAnswer,
    /// The token source had no token.
    #[error("there is no token to report with")]
    NoToken,
    /// The journal could not be read or written.
    #[error("the usage journal cannot be read or written")]
    Journal,
}

/// How things stand with a meter. Its text form is one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeterStatus {
    /// Document Units that are in the journal and not reported yet.
    pub unreported_units: u64,
    /// For how long the oldest of them have been there; `None` if there are none.
    pub oldest: Option<Duration>,
    /// How long the journal is, in bytes.
    pub journal_bytes: u64,
    /// How long ago usage was last reported; `None` if it never was since the start.
    pub last_report: Option<Duration>,
    /// How many attempts have failed since.
    pub failures: u32,
    /// Why the last of them failed.
    pub last_error: Option<ReportError>,
    /// Document Units that the authority has counted since the start.
    pub reported_units: u64,
    /// Document Units that the authority has refused for good since the start, such as those that are older than it
    /// accepts.
    pub refused_units: u64,
    /// Document Units of unreported ones that the authority does not accept for now, such as those of an app that it
    /// does not know for this resource server.
    pub deferred_units: u64,
    /// Document Units that were let through since the start without being written down.
    pub uncounted_units: u64,
    /// Lines of the journal that could not be read since the start.
    pub damaged_lines: u64,
}

impl MeterStatus {
    /// Whether the last report went well, and nothing was lost or refused since the start.
    pub fn is_well(&self) -> bool {
        let lost = [self.refused_units, self.deferred_units, self.uncounted_units, self.damaged_lines];
        self.last_error.is_none() && lost.iter().all(|lost| *lost == 0)
    }
}

impl fmt::Display for MeterStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} units reported, {} unreported", self.reported_units, self.unreported_units)?;
        if let Some(oldest) = self.oldest {
            write!(f, ", the oldest for {} s", oldest.as_secs())?;
        }
        for (number, what) in [
            (self.refused_units, "units refused"),
            (self.deferred_units, "units not accepted for now"),
            (self.uncounted_units, "units not counted"),
            (self.damaged_lines, "damaged lines"),
        ] {
            if 0 < number {
                write!(f, ", {number} {what}")?;
            }
        }
        match self.last_error {
            Some(error) => write!(f, ", {} failed attempts: {error}", self.failures),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_named() {
        let well = MeterStatus {
            unreported_units: 0,
            oldest: None,
            journal_bytes: 0,
            last_report: Some(Duration::from_secs(1)),
            failures: 0,
            last_error: None,
            reported_units: 12,
            refused_units: 0,
            deferred_units: 0,
            uncounted_units: 0,
            damaged_lines: 0,
        };
        let down = MeterStatus {
            unreported_units: 7,
            oldest: Some(Duration::from_millis(3_900)),
            failures: 2,
            last_error: Some(AuthorityError::Connection.into()),
            ..well.clone()
        };
        let lossy = MeterStatus {
            refused_units: 1,
            deferred_units: 2,
            uncounted_units: 3,
            damaged_lines: 4,
            ..well.clone()
        };
        for (status, is_well, expected) in [
            (well, true, "12 units reported, 0 unreported"),
            (
                down,
                false,
                "12 units reported, 7 unreported, the oldest for 3 s, 2 failed attempts: the connection failed",
            ),
            (
                lossy,
                false,
                "12 units reported, 0 unreported, 1 units refused, 2 units not accepted for now, 3 units not counted, \
                 4 damaged lines",
            ),
        ] {
            assert_eq!((status.is_well(), status.to_string().as_str()), (is_well, expected));
        }
    }
}
