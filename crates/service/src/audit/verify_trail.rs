//! Verification of an instance's whole trail, for those at the server's files. It reads only.

use turnkeep_audit::anchor::Anchor;
use turnkeep_domain::id::InstanceId;

use crate::audit::walk_trail::{TrailVerdict, walk_trail};
use crate::authority::Authority;
use crate::failure::Fault;

/// How many entries lie between two calls of a progress function.
pub const PROGRESS_EVERY: u64 = 10_000;

/// Verifies the trail as of one moment. `progress` hears now and then how many entries were found in order.
pub fn verify_trail(
    authority: &Authority,
    instance_id: InstanceId,
    anchor: Option<Anchor>,
    progress: &mut dyn FnMut(u64),
) -> Result<TrailVerdict, Fault> {
    let mut seen = 0_u64;
    let verdict = authority.store.read(|reads| {
        walk_trail(reads, instance_id, &authority.seal_keys, anchor, &mut |_| {
            seen = seen.saturating_add(1);
            if seen.is_multiple_of(PROGRESS_EVERY) {
                progress(seen);
            }
        })
    });
    Ok(verdict?)
}
