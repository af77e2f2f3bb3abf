//! What tokens depend on, in memory: read when it is first asked for, dropped when it changes, bounded in number.
//!
//! Nothing here decides anything. Everything carries the change that it was read as of, and is used only while
//! `ChangeMarks` say that nothing about it has changed since.

pub(crate) mod cached_app;
pub(crate) mod cached_issuer;
pub(crate) mod catalogue;
pub mod look_up;
pub(crate) mod registry_snapshot;
