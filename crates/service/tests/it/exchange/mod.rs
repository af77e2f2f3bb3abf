//! Importing and exporting an instance's registry.

mod canaries;
mod dry_run;
pub(crate) mod exchange_verbs;
mod export;
mod foreign_formats;
mod foreign_hashes;
mod instance;
mod refusals;
mod restore;
mod round_trip;
mod rules;
mod trail;
mod unsaid;
