//! The authorization endpoint, as apps and browsers meet it.

pub(crate) mod estate;

mod consent;
mod flow;
pub(crate) mod hostile_redirects;
mod order;
mod prompts;
mod replays;
mod request_shape;
mod responses;
mod stopped;
