//! Signing keys of the instances: reading, publishing, rotating.

pub(crate) mod key_ring;
pub mod list_keys;
pub mod look_after_keys;
pub mod open_every_key;
pub mod publish_key_set;
pub mod reseal_keys;
pub mod rotate_keys;
