//! The audit trail.

mod trail_file;

mod canaries;
mod changes;
mod concurrency;
mod consequences;
mod continuity;
mod events;
mod export;
mod glance;
mod prune;
mod refused_reads;
mod review;
mod texts;
mod verify;
mod visibility;
