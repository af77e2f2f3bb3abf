//! Rows of `audit_trail`, `audit_heads` and `audit_segments`.

use diesel::prelude::*;
use turnkeep_audit::chain::{ChainHead, ChainedEntry};
use turnkeep_audit::entry::{AuditEntry, EntryChange};
use turnkeep_audit::entry_hash::EntryHash;
use turnkeep_audit::seal::{Seal, SealedHead};
use turnkeep_audit::segment::{SealedSegment, Segment};
use turnkeep_domain::id::{AuditEventId, InstanceId, RequestId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::master_key::MasterKeyId;
use turnkeep_storage::error::{StoreError, StoreResult};

use super::cell::{Cell, cell};
use crate::schema::{audit_heads, audit_segments, audit_trail};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_trail)]
pub(crate) struct AuditEntryRow {
    instance_id: Vec<u8>,
    position: i64,
    id: Vec<u8>,
    tenant_id: Option<Vec<u8>>,
    actor: String,
    action: String,
    object: Option<String>,
    refusal: Option<String>,
    changes: String,
    request_id: Option<Vec<u8>>,
    at: i64,
    previous_hash: Vec<u8>,
    entry_hash: Vec<u8>,
}

const fn at(column: &'static str) -> Cell {
    cell("audit_trail", column)
}

impl AuditEntryRow {
    pub(crate) fn new(instance_id: InstanceId, chained: &ChainedEntry) -> StoreResult<Self> {
        let entry = &chained.entry;
        let changes = serde_json::to_string(&entry.changes);
        Ok(Self {
            instance_id: instance_id.as_bytes().to_vec(),
            position: position_column(entry.position)?,
            id: entry.id.as_bytes().to_vec(),
            tenant_id: entry.tenant_id.map(|id| id.as_bytes().to_vec()),
            actor: entry.actor.clone(),
            action: entry.action.clone(),
            object: entry.object.clone(),
            refusal: entry.refusal.clone(),
            changes: changes.map_err(|error| StoreError::Database(Box::new(error)))?,
            request_id: entry.request_id.map(|id| id.as_bytes().to_vec()),
            at: entry.at.as_micros(),
            previous_hash: chained.previous_hash.as_bytes().to_vec(),
            entry_hash: chained.hash.as_bytes().to_vec(),
        })
    }

    pub(crate) fn into_entry(self) -> StoreResult<ChainedEntry> {
        let tenant_id = self.tenant_id.map(|id| at("tenant_id").bytes(&id)).transpose()?;
        let request_id = self.request_id.map(|id| at("request_id").bytes(&id)).transpose()?;
        let changes: Vec<EntryChange> = at("changes").valid(serde_json::from_str(&self.changes))?;
        let entry = AuditEntry {
            position: at("position").number(self.position)?,
            id: AuditEventId::from_bytes(at("id").bytes(&self.id)?),
            tenant_id: tenant_id.map(TenantId::from_bytes),
            actor: self.actor,
            action: self.action,
            object: self.object,
            refusal: self.refusal,
            changes,
            request_id: request_id.map(RequestId::from_bytes),
            at: Timestamp::from_micros(self.at),
        };
        Ok(ChainedEntry {
            entry,
            previous_hash: EntryHash::from_bytes(at("previous_hash").bytes(&self.previous_hash)?),
            hash: EntryHash::from_bytes(at("entry_hash").bytes(&self.entry_hash)?),
        })
    }
}

/// A position as it is stored.
pub(crate) fn position_column(position: u64) -> StoreResult<i64> {
    i64::try_from(position).map_err(|error| StoreError::Database(Box::new(error)))
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = audit_heads)]
pub(crate) struct AuditHeadRow {
    instance_id: Vec<u8>,
    position: i64,
    entry_hash: Vec<u8>,
    seal_key_id: Vec<u8>,
    seal_tag: Vec<u8>,
}

impl AuditHeadRow {
    pub(crate) fn new(sealed: &SealedHead) -> StoreResult<Self> {
        Ok(Self {
            instance_id: sealed.head.instance_id.as_bytes().to_vec(),
            position: position_column(sealed.head.position)?,
            entry_hash: sealed.head.hash.as_bytes().to_vec(),
            seal_key_id: sealed.seal.key_id().as_bytes().to_vec(),
            seal_tag: sealed.seal.tag().to_vec(),
        })
    }

    pub(crate) fn into_head(self) -> StoreResult<SealedHead> {
        let at = |column| cell("audit_heads", column);
        Ok(SealedHead {
            head: ChainHead {
                instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
                position: at("position").number(self.position)?,
                hash: EntryHash::from_bytes(at("entry_hash").bytes(&self.entry_hash)?),
            },
            seal: read_seal(at, &self.seal_key_id, &self.seal_tag)?,
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_segments)]
pub(crate) struct AuditSegmentRow {
    pub(crate) instance_id: Vec<u8>,
    pub(crate) first_position: i64,
    pub(crate) last_position: i64,
    pub(crate) hash_before: Vec<u8>,
    pub(crate) last_hash: Vec<u8>,
    pub(crate) pruned_at: i64,
    pub(crate) seal_key_id: Vec<u8>,
    pub(crate) seal_tag: Vec<u8>,
}

impl AuditSegmentRow {
    pub(crate) fn new(sealed: &SealedSegment) -> StoreResult<Self> {
        let segment = &sealed.segment;
        Ok(Self {
            instance_id: segment.instance_id.as_bytes().to_vec(),
            first_position: position_column(segment.first_position)?,
            last_position: position_column(segment.last_position)?,
            hash_before: segment.hash_before_first.as_bytes().to_vec(),
            last_hash: segment.last_hash.as_bytes().to_vec(),
            pruned_at: segment.pruned_at.as_micros(),
            seal_key_id: sealed.seal.key_id().as_bytes().to_vec(),
            seal_tag: sealed.seal.tag().to_vec(),
        })
    }

    pub(crate) fn into_segment(self) -> StoreResult<SealedSegment> {
        let at = |column| cell("audit_segments", column);
        Ok(SealedSegment {
            segment: Segment {
                instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
                first_position: at("first_position").number(self.first_position)?,
                last_position: at("last_position").number(self.last_position)?,
                hash_before_first: EntryHash::from_bytes(at("hash_before").bytes(&self.hash_before)?),
                last_hash: EntryHash::from_bytes(at("last_hash").bytes(&self.last_hash)?),
                pruned_at: Timestamp::from_micros(self.pruned_at),
            },
            seal: read_seal(at, &self.seal_key_id, &self.seal_tag)?,
        })
    }
}

fn read_seal(at: impl Fn(&'static str) -> Cell, key_id: &[u8], tag: &[u8]) -> StoreResult<Seal> {
    let key_id = MasterKeyId::from_bytes(at("seal_key_id").bytes(key_id)?);
    Ok(Seal::from_parts(key_id, at("seal_tag").bytes(tag)?))
}
