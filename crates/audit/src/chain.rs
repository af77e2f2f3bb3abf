//! The chain: every entry's hash covers its content, its place and the hash before it.
//!
//! For whoever verifies it with another implementation, in the notation of *fixed* (bytes as they are), *number*
//! (8 bytes, big endian), *text* (length in bytes as a number, then UTF-8) and *option* (byte 0, or byte 1 and the
//! value), where ids are the 16 bytes behind their text form:
//!
//! - The hash before the first entry is SHA-256 over text `turnkeep audit genesis v1`, fixed instance id.
//! - The hash of an entry is SHA-256 over text `turnkeep audit entry v1`, fixed hash before it, fixed instance id,
//!   number position, fixed event id, option fixed tenant id, text actor, text action, option text object, option
//!   text refusal, number of changes, for each change text attribute, option text before, option text after; then
//!   option fixed request id, and the time in microseconds since 1970 as a signed number.

use hmac::digest::FixedOutput;
use sha2::Sha256;
use turnkeep_domain::audit::AuditEvent;
use turnkeep_domain::id::InstanceId;

use crate::anchor::Anchor;
use crate::canonical::Canonical;
use crate::entry::AuditEntry;
use crate::entry_hash::EntryHash;

/// Where the chain of an instance ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainHead {
    /// The instance.
    pub instance_id: InstanceId,
    /// The position of the last entry; 0 if there was none yet.
    pub position: u64,
    /// The hash of the last entry.
    pub hash: EntryHash,
}

impl ChainHead {
    /// The head of a chain without entries. It differs from instance to instance.
    pub fn genesis(instance_id: InstanceId) -> Self {
        let message = Canonical::labelled(Sha256::default(), "turnkeep audit genesis v1");
        Self { instance_id, position: 0, hash: finish(message.fixed(instance_id.as_bytes())) }
    }

    /// What to keep outside of the database.
    pub fn anchor(&self) -> Anchor {
        Anchor { position: self.position, hash: self.hash }
    }
}

/// An entry with its link to the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainedEntry {
    /// The entry.
    pub entry: AuditEntry,
    /// The hash of the entry before; of the beginning for the first. Kept beside each entry, so that one alone can
    /// still be checked.
    pub previous_hash: EntryHash,
    /// The hash of this entry.
    pub hash: EntryHash,
}

impl ChainedEntry {
    /// The head of the chain that ends here.
    pub fn head(&self, instance_id: InstanceId) -> ChainHead {
        ChainHead { instance_id, position: self.entry.position, hash: self.hash }
    }

    /// Whether its hash is that of its content, its place and the hash before it.
    pub fn has_its_hash(&self, instance_id: InstanceId) -> bool {
        self.hash == hash_entry(&self.previous_hash, instance_id, &self.entry)
    }
}

/// Puts an event of the head's instance behind it. [`ChainedEntry::head`] is the next head.
pub fn link(head: &ChainHead, event: &AuditEvent) -> ChainedEntry {
    debug_assert_eq!(head.instance_id, event.instance_id, "the chain of another instance");
    let entry = AuditEntry::at_position(head.position.saturating_add(1), event);
    let hash = hash_entry(&head.hash, head.instance_id, &entry);
    ChainedEntry { entry, previous_hash: head.hash, hash }
}

/// The hash of an entry behind another.
pub fn hash_entry(previous_hash: &EntryHash, instance_id: InstanceId, entry: &AuditEntry) -> EntryHash {
    let message = Canonical::labelled(Sha256::default(), "turnkeep audit entry v1")
        .fixed(previous_hash.as_bytes())
        .fixed(instance_id.as_bytes())
        .number(entry.position)
        .fixed(entry.id.as_bytes())
        .option(entry.tenant_id, |message, id| message.fixed(id.as_bytes()))
        .text(&entry.actor)
        .text(&entry.action)
        .optional_text(entry.object.as_deref())
        .optional_text(entry.refusal.as_deref())
        .length(entry.changes.len());
    let message = entry.changes.iter().fold(message, |message, change| {
        message
            .text(&change.attribute)
            .optional_text(change.before.as_deref())
            .optional_text(change.after.as_deref())
    });
    finish(
        message
            .option(entry.request_id, |message, id| message.fixed(id.as_bytes()))
            .micros(entry.at.as_micros()),
    )
}

fn finish(message: Canonical<Sha256>) -> EntryHash {
    EntryHash::from_bytes(message.into_inner().finalize_fixed().into())
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::id::{AuditEventId, RequestId, TenantId};
    use turnkeep_domain::time::Timestamp;

    use super::*;
    use crate::entry::EntryChange;

    const INSTANCE: InstanceId = InstanceId::from_bytes([1; 16]);

    fn entry() -> AuditEntry {
        AuditEntry {
            position: 1,
            id: AuditEventId::from_bytes([2; 16]),
            tenant_id: Some(TenantId::from_bytes([3; 16])),
            actor: "command-line".to_owned(),
            action: "app.update".to_owned(),
            object: Some("app_é".to_owned()),
            refusal: None,
            changes: vec![
                change("name", None, Some("Reports")),
                change("description", Some(""), Some("line\nline")),
            ],
            request_id: None,
            at: Timestamp::from_micros(-1),
        }
    }

    fn change(attribute: &str, before: Option<&str>, after: Option<&str>) -> EntryChange {
        let [before, after] = [before, after].map(|text| text.map(str::to_owned));
        EntryChange { attribute: attribute.to_owned(), before, after }
    }

    #[test]
    fn hashes_are_pinned() {
        // Stored chains depend on these values. The expected ones were computed with another implementation.
        let genesis = ChainHead::genesis(INSTANCE);
        assert_eq!(
            genesis.hash.to_string(),
            "363b99ee3e4910d3714010c288911fd28290a1ac344e2e3a3e64cf7593aaf93c"
        );
        assert_eq!(
            hash_entry(&genesis.hash, INSTANCE, &entry()).to_string(),
            "86a9b8ccbe9a77392da5c9c7e471887f2c27fad22bf220fe4c5e9f7e471637e6"
        );
    }

    #[test]
    fn instances_begin_differently() {
        let other = InstanceId::from_bytes([9; 16]);
        assert_ne!(ChainHead::genesis(INSTANCE).hash, ChainHead::genesis(other).hash);
        let before = EntryHash::from_bytes([0; 32]);
        assert_ne!(hash_entry(&before, INSTANCE, &entry()), hash_entry(&before, other, &entry()));
    }

    #[test]
    fn no_two_contents_share_a_hash() {
        let with = |edit: &dyn Fn(&mut AuditEntry)| {
            let mut edited = entry();
            edit(&mut edited);
            edited
        };
        let variants = [
            entry(),
            with(&|e| e.position = 2),
            with(&|e| e.id = AuditEventId::from_bytes([9; 16])),
            with(&|e| e.tenant_id = None),
            with(&|e| e.tenant_id = Some(TenantId::from_bytes([9; 16]))),
            with(&|e| e.actor = "command-lin".to_owned()),
            // The same characters, cut at another place.
            with(&|e| (e.actor, e.action) = ("command-linea".to_owned(), "pp.update".to_owned())),
            with(&|e| e.object = None),
            with(&|e| e.object = Some(String::new())),
            with(&|e| (e.object, e.refusal) = (None, e.object.clone())),
            with(&|e| e.refusal = Some(String::new())),
            with(&|e| e.changes.clear()),
            with(&|e| e.changes.truncate(1)),
            with(&|e| e.changes.reverse()),
            with(&|e| e.changes[0] = change("name", Some(""), Some("Reports"))),
            with(&|e| e.changes[0] = change("name", Some("Reports"), None)),
            with(&|e| e.changes[1] = change("description", None, Some("line\nline"))),
            with(&|e| e.request_id = Some(RequestId::from_bytes([0; 16]))),
            with(&|e| e.at = Timestamp::from_micros(1)),
        ];
        let before = EntryHash::from_bytes([0; 32]);
        let hashes = variants.map(|variant| hash_entry(&before, INSTANCE, &variant).to_string());
        let distinct: std::collections::HashSet<_> = hashes.iter().collect();
        assert_eq!(distinct.len(), hashes.len());
        assert!(
            !hashes.contains(&hash_entry(&EntryHash::from_bytes([1; 32]), INSTANCE, &entry()).to_string())
        );
    }
}
