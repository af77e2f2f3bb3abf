//! What the server itself says about its load; the machine cannot tell.

use std::time::Duration;

/// The requests of one moment.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Load {
    /// How many requests hold a place.
    pub in_flight: u32,
    /// How many places there are.
    pub in_flight_limit: u32,
    /// The shortest wait since it was asked for last: one that got through at once shows that there is no queue.
    pub queue_delay: Duration,
    /// Which part of the requests there was no room for since it was asked for last, 0 to 1.
    pub turned_away: Option<f64>,
}
