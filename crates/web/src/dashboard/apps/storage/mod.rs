//! The storage of an app (seed 001): looking at the settings, saving, checking and removing them.

pub(crate) mod check;
pub(crate) mod remove;
pub(crate) mod save;
pub(crate) mod show;

mod outcome;
mod typed;
