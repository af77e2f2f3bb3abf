//! Requests to addresses that somebody else chose: which of them may be asked at all, over a connection that goes
//! where the judged name led and nowhere else, with bounded time and size. Also the check of S3 storage settings, and
//! telling apps of logouts.
//! Knows no record and no use case; blocks, so it is called where blocking is allowed.

pub mod address;
pub mod allow_list;
pub mod client;
pub mod logout_client;
pub mod resolver;
pub mod s3_probe;
pub mod target;

mod host_name;
mod lookup;
mod network;
mod pinned;
