//! The first page of an app.

pub(crate) mod show;

mod explained;
mod facts;
mod plan_words;
mod warned;
