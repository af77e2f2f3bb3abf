//! Signing keys of the instances: reading, publishing, rotating.

pub mod key_rings;
pub mod publish_key_set;
pub mod rotate_keys;
