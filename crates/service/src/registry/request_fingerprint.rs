//! How a request is told from others with the same key, and what it took to be allowed: both are 32 bytes together,
//! so that they are kept and forgotten together.

use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};
use turnkeep_domain::id::TenantId;
use turnkeep_policy::permission::Permission;

/// The permissions that a request needed so far.
#[derive(Debug, Default)]
pub(super) struct NeededPermissions(AtomicU64);

impl NeededPermissions {
    /// One more.
    pub(super) fn add(&self, permission: Permission) {
        self.0.fetch_or(bit_of(permission), Ordering::Relaxed);
    }
}

/// A request that was done: 16 bytes of the hash of what it said, 8 of the tenant it was done in, and the
/// permissions it needed.
pub(super) struct Fingerprint {
    request: [u8; 16],
    extent: [u8; 8],
    needed: u64,
}

impl Fingerprint {
    /// Of a request with this hash, by somebody who acts for one tenant, or for all.
    pub(super) fn new(request: &[u8; 32], tenant: Option<TenantId>, needed: &NeededPermissions) -> Self {
        Self {
            request: start_of(request),
            extent: extent_of(tenant),
            needed: needed.0.load(Ordering::Relaxed),
        }
    }

    /// From its stored form.
    pub(super) fn from_stored(stored: [u8; 32]) -> Self {
        let after = |bytes| stored.iter().skip(bytes);
        Self {
            request: start_of(after(0)),
            extent: start_of(after(16)),
            needed: u64::from_be_bytes(start_of(after(24))),
        }
    }

    /// To store.
    pub(super) fn to_stored(&self) -> [u8; 32] {
        let mut stored = [0; 32];
        let parts = self.request.into_iter().chain(self.extent).chain(self.needed.to_be_bytes());
        stored.iter_mut().zip(parts).for_each(|(byte, part)| *byte = part);
        stored
    }

    /// Whether it is of a request with this hash.
    pub(super) fn is_of(&self, request: &[u8; 32]) -> bool {
        self.request == start_of(request)
    }

    /// Whether it was sent by somebody who acted for this tenant, or for all.
    pub(super) fn is_within(&self, tenant: Option<TenantId>) -> bool {
        self.extent == extent_of(tenant)
    }

    /// What it took.
    pub(super) fn needed(&self) -> impl Iterator<Item = Permission> {
        let needed = self.needed;
        Permission::ALL.into_iter().filter(move |permission| needed & bit_of(*permission) != 0)
    }
}

/// By its place in the table: a new version that changes the table may judge requests of the last day by others.
fn bit_of(permission: Permission) -> u64 {
    let place = Permission::ALL.iter().position(|other| *other == permission);
    place.and_then(|place| u32::try_from(place).ok()).and_then(|place| 1_u64.checked_shl(place)).unwrap_or(0)
}

fn extent_of(tenant: Option<TenantId>) -> [u8; 8] {
    tenant.map_or([0; 8], |tenant| start_of(&Sha256::digest(tenant.to_string().as_bytes())))
}

fn start_of<'a, const N: usize>(bytes: impl IntoIterator<Item = &'a u8>) -> [u8; N] {
    let mut start = [0; N];
    start.iter_mut().zip(bytes).for_each(|(byte, part)| *byte = *part);
    start
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::time::Timestamp;

    use super::*;

    #[test]
    fn a_fingerprint_keeps_its_three_parts_apart() {
        let tenant = TenantId::new(Timestamp::from_micros(5), [7; 10]);
        for needed in Permission::ALL {
            let permissions = NeededPermissions::default();
            permissions.add(needed);
            let stored = Fingerprint::new(&[9; 32], Some(tenant), &permissions).to_stored();
            let read = Fingerprint::from_stored(stored);
            assert_eq!(read.needed().collect::<Vec<_>>(), [needed]);
            assert!(read.is_of(&[9; 32]) && !read.is_of(&[8; 32]));
            assert!(read.is_within(Some(tenant)) && !read.is_within(None));
        }
    }
}
