//! Messages to people, by e-mail: to files in a folder, or to a mail server, by a thread of its own.
//!
//! Nothing here decides what is said or to whom, or tells the time. A message's text is a secret, for it may have a
//! link in it that lets its reader in: it is neither printed nor logged.
#![forbid(unsafe_code)]

pub mod deliver;
pub mod file_outbox;
pub mod message;
pub mod queue;
pub mod sender;
pub mod smtp;
pub mod smtp_settings;

mod writing;
