//! What a machine and its server are like at one moment: data only.

use std::time::Duration;

/// Figures of one moment. What a machine cannot tell is `None`, and then says nothing about its load.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Sample {
    /// Since any fixed point, by a clock that never goes back.
    pub at: Duration,
    /// How much is in use of the processors that may be used, 0 to 1: of the machine or of the cgroup's quota,
    /// whichever has less left.
    pub cpu: Option<f64>,
    /// How much is in use of the memory that may be used, 0 to 1, without what the kernel can drop: of the machine or
    /// of the cgroup's limit, whichever has less left.
    pub memory: Option<f64>,
    /// Percent of the last seconds in which at least one task waited for a processor ("some").
    pub cpu_pressure: Option<f64>,
    /// Percent of the last seconds in which all tasks that had something to do waited for memory ("full").
    ///
    /// "Some" would count one program that has outgrown its own limit while everybody else is fine.
    pub memory_pressure: Option<f64>,
    /// Percent of the last seconds in which all tasks that had something to do waited for a disk ("full").
    ///
    /// "Some" would count a backup that runs beside.
    pub io_pressure: Option<f64>,
    /// How many requests hold a place.
    pub in_flight: u32,
    /// How many places there are.
    pub in_flight_limit: u32,
    /// How long requests waited lately before anybody began with them.
    pub queue_delay: Duration,
    /// Which part of the requests there was no room for lately, 0 to 1.
    pub turned_away: Option<f64>,
}
