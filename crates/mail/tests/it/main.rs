//! Mail, from the message to the file or the server.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has to stop")]

mod file_outbox;
mod mail_server;
mod messages;
mod queue;
mod smtp;
