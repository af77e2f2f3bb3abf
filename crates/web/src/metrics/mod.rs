//! What a node knows of itself as OpenMetrics text. Every label is one of a fixed set, so the number of series is fixed.

pub(crate) mod publish;

mod guard_lines;
mod lines;
mod message_lines;
mod node_lines;
mod process_lines;
mod request_lines;
