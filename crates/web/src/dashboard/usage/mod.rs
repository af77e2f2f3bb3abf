//! What pages of usage are made of: gauges of present windows, bars of past ones, reasons of refusals.

pub(crate) mod bars;
pub(crate) mod by_app;
pub(crate) mod gauges;
pub(crate) mod refusals;

mod grant_advice;

/// How many hours of tokens and of refusals pages show: two days.
pub(crate) const HOURS_SHOWN: u32 = 48;
