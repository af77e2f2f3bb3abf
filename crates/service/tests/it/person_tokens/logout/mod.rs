//! Signing out: what ends, who is told, and how often.

mod deliveries;
mod notices;
mod requests;
mod scripted_apps;
mod uris;
