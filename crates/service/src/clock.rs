//! The clock, as a capability: only binaries read the real one.

use turnkeep_domain::time::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}
