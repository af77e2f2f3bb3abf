//! The gate and the meter against an authority over real connections, alone and behind actix and tower.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has to stop")]

mod authority;
mod signing;

#[cfg(feature = "actix")]
mod actix_app;
mod kill_feed;
mod meter;
mod reference_tokens;
mod several_issuers;
#[cfg(feature = "tower")]
mod tower_service;
mod trouble;
mod unknown_keys;
