//! The parts that the texts of hashes share: numbers and base 64 as the PHC string format has them.

use std::ops::RangeInclusive;

use data_encoding::BASE64_NOPAD;

/// The number behind `name`: no sign, no leading zero. What is beyond `u32` becomes its largest value, for the
/// caller's bounds to refuse. `None` for any other text.
pub(crate) fn decimal(field: &str, name: &str) -> Option<u32> {
    let digits = field.strip_prefix(name)?;
    if digits.is_empty() || digits.starts_with('0') || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(u32::MAX))
}

/// Bytes in base 64 without padding; `None` if it is something else or not within the length.
pub(crate) fn bytes(field: &str, length: &RangeInclusive<usize>) -> Option<Vec<u8>> {
    BASE64_NOPAD.decode(field.as_bytes()).ok().filter(|bytes| length.contains(&bytes.len()))
}

/// As [`bytes`], also accepting padding, as some exports have it.
pub(crate) fn padded_bytes(field: &str, length: &RangeInclusive<usize>) -> Option<Vec<u8>> {
    bytes(field.trim_end_matches('='), length)
}
