//! Signing keys: publishing, rotating, sealing.

mod algorithms;
mod reseal_keys;
mod rotate_keys;
mod sealed_keys;
