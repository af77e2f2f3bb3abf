//! Tests of the test tools that need more than one of them, or a process.
#![expect(clippy::unwrap_used, reason = "a test tool that fails shall fail its test")]

mod postgres;
