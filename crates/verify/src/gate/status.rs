//! What a gate says about itself: whether it hears from its issuers, and how old its knowledge is.

use std::fmt;
use std::time::Duration;

use turnkeep_domain::change::ChangeSequence;

use crate::key_set::KeySetError;
use crate::kill_marks::KillMarksError;

/// Why an issuer could not be asked, or its answer not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityError {
    /// No complete answer in time.
    #[error("no complete answer in time")]
    TimedOut,
    /// Connecting, TLS or the protocol failed.
    #[error("the connection failed")]
    Connection,
    /// A redirect: never followed, for it names an address that nobody pinned.
    #[error("the authority answered with a redirect")]
    Redirect,
    /// Another status than expected.
    #[error("the authority answered with status {0}")]
    Status(u16),
    /// Longer than the document may be.
    #[error("the answer is too long")]
    TooLong,
    /// Not the key set of an authority.
    #[error(transparent)]
    KeySet(#[from] KeySetError),
    /// No kill marks that may be used.
    #[error(transparent)]
    KillMarks(#[from] KillMarksError),
}

/// How things stand with one document of an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceStatus {
    /// How long ago it was last fetched or confirmed; `None` if never.
    pub age: Option<Duration>,
    /// How many attempts have failed since.
    pub failures: u32,
    /// Why the last of them failed.
    pub last_error: Option<AuthorityError>,
}

impl SourceStatus {
    /// Whether the last attempt went well.
    pub fn is_up(&self) -> bool {
        self.age.is_some() && self.failures == 0
    }
}

/// How things stand with an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerStatus {
    /// The issuer.
    pub issuer: String,
    /// Its key set.
    pub keys: SourceStatus,
    /// Its kill marks; `None` if they are not followed.
    pub kill_marks: Option<SourceStatus>,
    /// The change up to which the kill marks held are complete.
    pub kill_marks_sequence: Option<ChangeSequence>,
}

/// How things stand with a gate. Its text form has a line for each issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateStatus {
    /// The pinned issuers, in their order.
    pub issuers: Vec<IssuerStatus>,
}

impl GateStatus {
    /// Whether every issuer answered when it was last asked.
    pub fn is_up(&self) -> bool {
        self.issuers.iter().all(|issuer| {
            issuer.keys.is_up() && issuer.kill_marks.is_none_or(|kill_marks| kill_marks.is_up())
        })
    }
}

impl fmt::Display for SourceStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.age {
            Some(age) => write!(f, "confirmed {} s ago", age.as_secs())?,
            None => f.write_str("never fetched")?,
        }
        match self.last_error {
            Some(error) => write!(f, ", {} failed attempts since: {error}", self.failures),
            None => Ok(()),
        }
    }
}

impl fmt::Display for IssuerStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: keys {}; kill marks ", self.issuer, self.keys)?;
        match self.kill_marks {
            Some(kill_marks) => kill_marks.fmt(f),
            None => f.write_str("not followed"),
        }
    }
}

impl fmt::Display for GateStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, issuer) in self.issuers.iter().enumerate() {
            if 0 < index {
                f.write_str("\n")?;
            }
            issuer.fmt(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_that_is_down_is_named() {
        let up = SourceStatus { age: Some(Duration::from_secs(3)), failures: 0, last_error: None };
        let down = SourceStatus {
            age: Some(Duration::from_secs(42)),
            failures: 7,
            last_error: Some(AuthorityError::Connection),
        };
        let never = SourceStatus { age: None, failures: 0, last_error: None };
        let issuer = |keys, kill_marks| IssuerStatus {
            issuer: "https://id.example.com".to_owned(),
            keys,
            kill_marks,
            kill_marks_sequence: None,
        };
        for (issuer, is_up, expected) in [
            (issuer(up, Some(up)), true, "keys confirmed 3 s ago; kill marks confirmed 3 s ago"),
            (issuer(up, None), true, "keys confirmed 3 s ago; kill marks not followed"),
            (issuer(never, None), false, "keys never fetched; kill marks not followed"),
            (
                issuer(up, Some(down)),
                false,
                "keys confirmed 3 s ago; kill marks confirmed 42 s ago, 7 failed attempts since: the connection failed",
            ),
        ] {
            let status = GateStatus { issuers: vec![issuer] };
            assert_eq!(status.is_up(), is_up, "{status}");
            assert_eq!(status.to_string(), format!("https://id.example.com: {expected}"));
        }
    }
}
