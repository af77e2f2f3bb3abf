//! A check for the start of a server: do all signing keys open?

use crate::authority::Authority;
use crate::failure::Fault;

/// Reads the keys of every instance; fails if one does not open with the master keys at hand.
pub fn open_every_key(authority: &Authority) -> Result<(), Fault> {
    for instance in authority.store.read(|reads| reads.list_instances())? {
        authority.key_rings.of(authority, instance.id)?;
    }
    Ok(())
}
