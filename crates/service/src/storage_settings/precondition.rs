//! What a caller expects to be there before it puts something in its place.

use turnkeep_domain::version::RecordVersion;

use crate::registry::context::RegistryResult;
use crate::registry::denial::RegistryDenial;

/// `If-Match` and `If-None-Match` (RFC 9110 §13.1) of something that may be absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Whatever is there.
    Anything,
    /// Something, in any version.
    Something,
    /// Exactly this version.
    Version(RecordVersion),
    /// Nothing.
    Nothing,
}

impl Expected {
    /// Refuses when something else is there.
    pub(super) fn check(self, current: Option<RecordVersion>) -> RegistryResult<()> {
        let fits = match self {
            Self::Anything => true,
            Self::Something => current.is_some(),
            Self::Version(version) => current == Some(version),
            Self::Nothing => current.is_none(),
        };
        if fits { Ok(()) } else { Err(RegistryDenial::StaleVersion.into()) }
    }
}
