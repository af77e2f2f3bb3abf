//! The clocks, as a capability: only binaries read the real ones.

use std::time::Duration;

use turnkeep_domain::time::Timestamp;

/// Tells the time, and how much of it passes.
pub trait Clock: Send + Sync {
    /// Now. May be set forward and back at any moment; nothing that keeps nodes in step depends on it.
    fn now(&self) -> Timestamp;

    /// How long the machine has been on. Never goes back, and also counts while the machine is suspended
    /// (`CLOCK_BOOTTIME` of Linux).
    fn since_boot(&self) -> Duration;

    /// Lets so much time pass.
    fn pause(&self, duration: Duration);
}
