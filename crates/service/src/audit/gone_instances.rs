//! Instances that were created, as a trail says, and are not there: no instance is ever deleted, so somebody removed it
//! in the database, its own trail included.

use std::collections::BTreeSet;

use turnkeep_audit::entry::AuditEntry;
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::page::{AuditPage, Direction};
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::store::Reads;

use crate::authority::Authority;
use crate::failure::Fault;

/// How many entries are in memory at once.
const PAGE: u32 = 200;

/// An instance that was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoneInstance {
    /// Its slug, or its id should the event not tell the slug.
    pub name: String,
    /// When it was created.
    pub created_at: Timestamp,
}

/// Holds the events of all trails against the instances that exist. Of an event that was pruned nothing is known any
/// more, and what cannot be read is for the verification of that trail to tell.
pub fn find_gone_instances(authority: &Authority) -> Result<Vec<GoneInstance>, Fault> {
    let gone = authority.store.read(|reads| {
        let instances = reads.list_instances()?;
        let there: BTreeSet<String> = instances.iter().map(|instance| instance.id.to_string()).collect();
        let mut gone = Vec::new();
        for instance in instances {
            for entry in creations_in(reads, instance.id)? {
                if let Some(id) = entry.object.as_ref().filter(|id| !there.contains(*id)) {
                    let name = slug_in(&entry).unwrap_or_else(|| id.clone());
                    gone.push(GoneInstance { name, created_at: entry.at });
                }
            }
        }
        Ok(gone)
    });
    Ok(gone?)
}

fn creations_in(reads: &mut dyn Reads, instance_id: InstanceId) -> StoreResult<Vec<AuditEntry>> {
    let action = Some("instance.create".to_owned());
    let filter = AuditFilter { action, refused: Some(false), ..AuditFilter::default() };
    let mut created: Vec<AuditEntry> = Vec::new();
    loop {
        let after = created.last().map(|entry| entry.position);
        let page = AuditPage { after, direction: Direction::Ascending, limit: PAGE };
        match reads.list_audit_trail(instance_id, &filter, page) {
            Ok(some) if some.is_empty() => return Ok(created),
            Ok(some) => created.extend(some.into_iter().map(|chained| chained.entry)),
            Err(StoreError::Corrupt { .. }) => return Ok(created),
            Err(error) => return Err(error),
        }
    }
}

fn slug_in(entry: &AuditEntry) -> Option<String> {
    entry.changes.iter().find(|change| change.attribute == "slug").and_then(|change| change.after.clone())
}
