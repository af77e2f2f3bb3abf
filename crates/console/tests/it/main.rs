//! The pages as a browser gets them: safe, whole, usable without a mouse and readable in light and dark.
#![expect(clippy::unwrap_used, clippy::string_slice, reason = "a test that cannot go on has to stop")]

mod account;
mod colours;
mod dashboard_samples;
mod escaping;
mod markup;
mod messages;
mod pages;
mod samples;
mod structure;
