//! `turnkeep audit` on a server's own files, and on exports.

mod accept;
mod export;
mod prune;
mod remote;
mod retention;
mod trail;
mod verify;
