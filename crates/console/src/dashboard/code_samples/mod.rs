//! Programs that get the first token of an app, to be pasted as they are: credentials and all.

mod access;
mod languages;
mod literal;

pub use access::TokenAccess;
pub use languages::{CodeSample, code_samples, curl_command};
