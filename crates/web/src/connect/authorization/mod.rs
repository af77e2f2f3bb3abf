//! `/connect/authorize` and what belongs to it: an app asks, a person answers, the app gets its answer.

pub(crate) mod authorize;
pub(crate) mod consent;
pub(crate) mod resume;

mod proceed;
mod refusal;
mod respond;
