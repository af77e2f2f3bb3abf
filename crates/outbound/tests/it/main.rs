//! The guard against servers that mean ill, and the S3 check against a real server.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has to stop"
)]

mod addresses;
mod bounds;
mod local_server;
mod logout;
mod proxies;
mod resolvers;
mod s3_check;
mod uniform;
