//! What somebody can do to an audit trail, and what its verification says.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has to stop")]

mod anchors;
mod entries;
mod export;
mod export_tampering;
mod heads;
mod pruning;
mod trail;
