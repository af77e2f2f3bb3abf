//! scrypt hashes (RFC 7914) as other systems spell them, with tighter bounds than those of our own.

use std::ops::RangeInclusive;

use crate::foreign_hash::{ForeignAlgorithm, ForeignHashError};
use crate::phc_text;
use crate::scrypt_hash::{ScryptHash, ScryptParams};

const MALFORMED: ForeignHashError = ForeignHashError::Malformed(ForeignAlgorithm::Scrypt);
const COST: ForeignHashError = ForeignHashError::Cost(ForeignAlgorithm::Scrypt);

/// The most memory that one check of an imported hash may take, in bytes.
const MAX_MEMORY: u64 = 128 << 20;
/// The most memory times parallelism, in bytes, which is what its time depends on: about a second.
const MAX_WORK: u64 = 4 * MAX_MEMORY;

/// A `ln` above every logarithm that could be meant is the cost itself, as Ory's systems write it.
const LARGEST_LOGARITHM: u32 = 63;

const SALT_BYTES: RangeInclusive<usize> = 8..=64;
const HASH_BYTES: RangeInclusive<usize> = 32..=64;

/// Reads `$scrypt$ln=…,r=…,p=…$salt$hash` with or without padding, `ln` being the cost or its base 2 logarithm.
/// The result has our own spelling.
pub(crate) fn parse(text: &str) -> Result<ScryptHash, ForeignHashError> {
    let fields = text.strip_prefix(ScryptHash::PREFIX).ok_or(MALFORMED)?;
    let mut fields = fields.split('$');
    let (Some(params), Some(salt), Some(hash), None) =
        (fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return Err(MALFORMED);
    };
    let params = parse_params(params)?;
    let salt = phc_text::padded_bytes(salt, &SALT_BYTES).ok_or(MALFORMED)?;
    let hash = phc_text::padded_bytes(hash, &HASH_BYTES).ok_or(MALFORMED)?;
    Ok(ScryptHash::from_parts(params, salt, hash))
}

fn parse_params(text: &str) -> Result<ScryptParams, ForeignHashError> {
    let mut fields = text.split(',');
    let (Some(cost), Some(r), Some(p), None) = (fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return Err(MALFORMED);
    };
    let number = |field, name| phc_text::decimal(field, name).ok_or(MALFORMED);
    let (cost, r, p) = (number(cost, "ln=")?, number(r, "r=")?, number(p, "p=")?);
    let log_n = if cost <= LARGEST_LOGARITHM {
        cost
    } else if cost.is_power_of_two() {
        cost.ilog2()
    } else {
        return Err(COST);
    };
    let params =
        u8::try_from(log_n).ok().and_then(|log_n| ScryptParams::new(log_n, r, p).ok()).ok_or(COST)?;
    let memory = (128 * u64::from(r)) << params.log_n();
    if MAX_MEMORY < memory || MAX_WORK < memory * u64::from(p) { Err(COST) } else { Ok(params) }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Made by Python's hashlib.
    const HORSE: &str =
        "$scrypt$ln=10,r=8,p=2$c2FsdHNhbHRzYWx0c2FsdA$jEgpCUtvA44HVzfVdPMA8tfAzsWE0hBy4rqSqDwK5Z8";

    #[test]
    fn every_spelling_becomes_ours() {
        for text in [
            HORSE,
            "$scrypt$ln=1024,r=8,p=2$c2FsdHNhbHRzYWx0c2FsdA$jEgpCUtvA44HVzfVdPMA8tfAzsWE0hBy4rqSqDwK5Z8",
            "$scrypt$ln=10,r=8,p=2$c2FsdHNhbHRzYWx0c2FsdA==$jEgpCUtvA44HVzfVdPMA8tfAzsWE0hBy4rqSqDwK5Z8=",
        ] {
            let hash = parse(text).unwrap();
            assert!(hash.verify("correct horse") && !hash.verify("correct horsf"), "{text}");
            assert_eq!(hash.as_str(), HORSE);
            assert_eq!(ScryptHash::parse(HORSE), Ok(hash));
        }
    }

    #[test]
    fn the_cost_is_bounded() {
        for (params, accepted) in [
            ("ln=17,r=8,p=1", true),
            ("ln=17,r=8,p=4", true),
            ("ln=17,r=8,p=5", false),
            ("ln=18,r=8,p=1", false),
            ("ln=131072,r=8,p=1", true),
            ("ln=262144,r=8,p=1", false),
            ("ln=16383,r=8,p=1", false),
            ("ln=63,r=8,p=1", false),
            ("ln=10,r=8,p=17", false),
            ("ln=99999999999,r=8,p=1", false),
        ] {
            let parsed = parse(&HORSE.replace("ln=10,r=8,p=2", params));
            assert_eq!(parsed.is_ok(), accepted, "{params}");
            assert!(accepted || parsed == Err(COST), "{params}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for (from, to) in [
            ("ln=10", "ln=010"),
            ("ln=10,r=8", "r=8,ln=10"),
            ("c2FsdHNhbHRzYWx0c2FsdA", "c2FsdA"),
            ("K5Z8", "K5Z8$"),
            ("K5Z8", "K5Z!"),
        ] {
            let text = HORSE.replace(from, to);
            assert_ne!(text, HORSE);
            assert_eq!(parse(&text), Err(MALFORMED), "{text}");
        }
    }
}
