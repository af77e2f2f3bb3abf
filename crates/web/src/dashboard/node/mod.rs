//! The page about the servers (`GET /dashboard/node`), for operators.

mod levels;
pub(crate) mod show;
mod signals;
