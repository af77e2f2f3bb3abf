//! The management API.

mod apps;
mod audit;
mod authentication;
mod bodies;
mod hostile_texts;
mod idempotency;
mod isolation;
mod lists;
mod people;
mod plans;
mod records;
mod review;
mod secrets;
mod versions;
