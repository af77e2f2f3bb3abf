//! A trail as a database would hold it, and what can be done to it with and without the key.

use turnkeep_audit::anchor::Anchor;
use turnkeep_audit::chain::{ChainHead, ChainedEntry, hash_entry, link};
use turnkeep_audit::seal::{SealKeys, SealedHead};
use turnkeep_audit::segment::{SealedSegment, Segment};
use turnkeep_audit::verify::{Break, ChainVerifier, Verdict};
use turnkeep_domain::audit::{Actor, AttributeChange, AuditEvent, AuditOutcome};
use turnkeep_domain::id::{AppId, AuditEventId, InstanceId, RequestId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::master_key::{MasterKey, MasterKeys};

pub(crate) const INSTANCE: InstanceId = InstanceId::from_bytes([1; 16]);
pub(crate) const OTHER_INSTANCE: InstanceId = InstanceId::from_bytes([9; 16]);

/// The keys made of these bytes, the current one first.
pub(crate) fn keys(bytes: &[u8]) -> SealKeys {
    let lines: Vec<String> =
        bytes.iter().map(|byte| MasterKey::generate([*byte; 32]).to_text().expose().to_owned()).collect();
    SealKeys::new(&MasterKeys::parse(&lines.join("\n")).unwrap())
}

/// The server's key. Whoever tampers does not have it.
pub(crate) fn server_keys() -> SealKeys {
    keys(&[1])
}

/// The key of somebody else, or one that is not configured any more.
pub(crate) fn foreign_keys() -> SealKeys {
    keys(&[2])
}

pub(crate) fn event(instance_id: InstanceId, number: u8) -> AuditEvent {
    let outcome = if number.is_multiple_of(3) {
        AuditOutcome::Refused { code: "name_taken" }
    } else {
        let before = number.is_multiple_of(2).then(|| format!("name {number}"));
        let after = Some("Käse\r\n\u{1b}[31m \"quoted\" \u{2028}".to_owned());
        AuditOutcome::Done { changes: vec![AttributeChange { attribute: "name", before, after }] }
    };
    AuditEvent {
        id: AuditEventId::from_bytes([number; 16]),
        instance_id,
        tenant_id: (number != 1).then(|| TenantId::from_bytes([number % 2; 16])),
        actor: if number == 1 { Actor::System } else { Actor::App(AppId::from_bytes([number; 16])) },
        action: "app.update",
        object: Some(AppId::from_bytes([number; 16]).to_string()),
        outcome,
        request_id: (number != 1).then(|| RequestId::from_bytes([number; 16])),
        at: Timestamp::from_micros(1_795_000_000_000_000 + i64::from(number)),
    }
}

#[derive(Clone)]
pub(crate) struct Trail {
    pub(crate) segments: Vec<SealedSegment>,
    pub(crate) entries: Vec<ChainedEntry>,
    pub(crate) head: Option<SealedHead>,
}

impl Trail {
    /// An intact one with entries 1 to `length`.
    pub(crate) fn new(length: u8) -> Self {
        Self::of(INSTANCE, length)
    }

    pub(crate) fn of(instance_id: InstanceId, length: u8) -> Self {
        let mut head = ChainHead::genesis(instance_id);
        let mut entries = Vec::new();
        for number in 1..=length {
            let chained = link(&head, &event(instance_id, number));
            head = chained.head(instance_id);
            entries.push(chained);
        }
        Self { segments: Vec::new(), entries, head: Some(server_keys().seal_head(head)) }
    }

    /// Prunes up to a position, as the server does it.
    pub(crate) fn prune(&mut self, up_to: u64) {
        let last = self.entries.iter().find(|chained| chained.entry.position == up_to).unwrap();
        let previous = self.segments.last().map(|sealed| sealed.segment);
        let pruned_at = Timestamp::from_micros(1_799_000_000_000_000);
        let segment = Segment::up_to(&last.head(INSTANCE), previous.as_ref(), pruned_at).unwrap();
        self.segments.push(server_keys().seal_segment(segment));
        self.entries.retain(|chained| up_to < chained.entry.position);
    }

    /// Hashes the entries from an index on anew and numbers them: what anybody can do who can write.
    pub(crate) fn rehash_from(&mut self, index: usize) {
        let mut head = match index.checked_sub(1) {
            Some(before) => self.entries[before].head(INSTANCE),
            None => self
                .segments
                .last()
                .map_or_else(|| ChainHead::genesis(INSTANCE), |sealed| sealed.segment.end()),
        };
        for chained in &mut self.entries[index..] {
            chained.entry.position = head.position + 1;
            chained.previous_hash = head.hash;
            chained.hash = hash_entry(&head.hash, INSTANCE, &chained.entry);
            head = chained.head(INSTANCE);
        }
    }

    /// Lets the head name the last entry, with the seal that it has or one under another key.
    pub(crate) fn rewrite_head(&mut self, forged_with: Option<&SealKeys>) {
        let head = self.entries.last().unwrap().head(INSTANCE);
        let seal = self.head.unwrap().seal;
        self.head = Some(forged_with.map_or(SealedHead { head, seal }, |keys| keys.seal_head(head)));
    }

    pub(crate) fn anchor_at(&self, position: u64) -> Anchor {
        let chained = self.entries.iter().find(|chained| chained.entry.position == position).unwrap();
        chained.head(INSTANCE).anchor()
    }

    pub(crate) fn verdict(&self, keys: Option<&SealKeys>, anchor: Option<Anchor>) -> Verdict {
        let mut verifier = ChainVerifier::new(INSTANCE, &self.segments, keys);
        if let Some(anchor) = anchor {
            verifier = verifier.with_anchor(anchor);
        }
        for chained in &self.entries {
            verifier.feed(chained);
        }
        verifier.finish(self.head.as_ref())
    }

    /// What the server's own verification finds.
    pub(crate) fn first_break(&self) -> Option<Break> {
        broken(self.verdict(Some(&server_keys()), None))
    }
}

/// The break of a verdict; `None` if it is intact.
pub(crate) fn broken(verdict: Verdict) -> Option<Break> {
    match verdict {
        Verdict::Intact(_) => None,
        Verdict::Broken(found) => Some(found),
        Verdict::Unproven(checked) | Verdict::Partial(checked) => panic!("neither: {checked:?}"),
    }
}
