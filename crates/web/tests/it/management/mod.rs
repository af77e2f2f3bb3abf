//! The management API.

mod apps;
mod authentication;
mod bodies;
mod hostile_texts;
mod idempotency;
mod isolation;
mod lists;
mod plans;
mod records;
mod secrets;
mod versions;
