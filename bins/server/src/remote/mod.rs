//! Administration of a running server through its management API. Decides nothing: the server does.

pub(crate) mod address;
pub(crate) mod call;
mod columns;
pub(crate) mod confirm;
pub(crate) mod connection;
pub(crate) mod credentials;
pub(crate) mod fields;
pub(crate) mod flags;
pub(crate) mod list;
pub(crate) mod nouns;
pub(crate) mod outcome;
pub(crate) mod output;
pub(crate) mod secret_once;
pub(crate) mod session;
pub(crate) mod table;
pub(crate) mod wrap;
