//! Verification of an export, without a database.

use std::io::BufRead;

use crate::anchor::Anchor;
use crate::json_lines::{ExportReader, ReadError};
use crate::seal::SealKeys;
use crate::verify::{ChainVerifier, Verdict};

/// Reads an export to its end, or to the first break, and judges it. Without keys, no seal is judged. An error
/// means that it cannot be read as an export, which a truncated one cannot either.
pub fn verify_export<R: BufRead>(
    mut export: ExportReader<R>,
    keys: Option<&SealKeys>,
    anchor: Option<Anchor>,
) -> Result<Verdict, ReadError> {
    let header = export.header().clone();
    let mut verifier = ChainVerifier::new(header.instance_id, &header.segments, keys);
    if !header.complete {
        verifier = verifier.with_chosen_entries();
    }
    if let Some(anchor) = anchor {
        verifier = verifier.with_anchor(anchor);
    }
    while verifier.first_break().is_none() {
        match export.next_entry()? {
            Some(entry) => verifier.feed(&entry),
            None => break,
        }
    }
    Ok(verifier.finish(export.head()))
}
