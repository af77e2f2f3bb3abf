//! The authorization endpoint below HTTP: what is stored of a grant, and what a person takes back.

pub(crate) mod sample;

mod codes;
mod consents;
mod kills;
mod replies;
