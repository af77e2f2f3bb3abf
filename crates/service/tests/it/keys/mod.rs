//! Signing keys: publishing, rotating, sealing.

mod algorithms;
mod rotate_keys;
mod sealed_keys;
