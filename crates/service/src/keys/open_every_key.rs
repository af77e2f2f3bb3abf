//! A check for the start of a server: do all signing keys open?

use turnkeep_domain::signing_key::SigningKeyState;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::keys::key_ring::open_private_key;

/// Opens the private keys of every instance, those that will sign only later included; fails if one does not open
/// with the master keys at hand.
pub fn open_every_key(authority: &Authority) -> Result<(), Fault> {
    for instance in authority.store.read(|reads| reads.list_instances())? {
        let published = authority.store.read(|reads| reads.list_published_signing_keys(instance.id))?;
        for stored in published.iter().filter(|stored| signs_or_will(stored.key.state)) {
            open_private_key(authority, stored)?;
        }
    }
    Ok(())
}

fn signs_or_will(state: SigningKeyState) -> bool {
    match state {
        SigningKeyState::PrePublished | SigningKeyState::Active { .. } => true,
        SigningKeyState::Retiring { .. } | SigningKeyState::Gone { .. } => false,
    }
}
