//! The audit trail.

mod canaries;
mod changes;
mod events;
