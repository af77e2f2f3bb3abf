//! Random text for passwords and names of throwaway things. Tests that want repeatable randomness use a seeded
//! generator instead.

use std::fs::File;
use std::io::Read;

use super::PostgresError;

/// 128 random bits in hexadecimal.
pub(super) fn hex() -> Result<String, PostgresError> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .map_err(PostgresError::system("read /dev/urandom"))?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}
