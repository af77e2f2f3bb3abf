//! The lines of an export, and what they say in our types. What a line has beyond the known fields is refused:
//! no hash would cover it.

use std::str::FromStr;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::master_key::MasterKeyId;

use super::utc::utc_text;
use crate::chain::{ChainHead, ChainedEntry};
use crate::entry::{AuditEntry, EntryChange};
use crate::seal::{Seal, SealedHead};
use crate::segment::{SealedSegment, Segment};

/// What an export is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportHeader {
    /// The instance.
    pub instance_id: InstanceId,
    /// Whether it has every entry that is not pruned. If not, entries were chosen by a filter.
    pub complete: bool,
    /// What remains of pruned entries, in the order of positions.
    pub segments: Vec<SealedSegment>,
}

/// A field that has the right type but says nothing valid, by its name.
pub(super) struct BadField(pub(super) &'static str);

/// Enough of the first line to tell what follows.
#[derive(Deserialize)]
pub(super) struct VersionLine {
    pub(super) turnkeep_audit: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeaderLine {
    turnkeep_audit: u64,
    instance: String,
    complete: bool,
    segments: Vec<SegmentObject>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SegmentObject {
    first_position: u64,
    last_position: u64,
    hash_before_first: String,
    last_hash: String,
    pruned_at: String,
    pruned_at_micros: i64,
    key_id: String,
    tag: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryLine {
    position: u64,
    id: String,
    at: String,
    at_micros: i64,
    tenant_id: Option<String>,
    actor: String,
    action: String,
    object: Option<String>,
    refusal: Option<String>,
    changes: Vec<EntryChange>,
    request_id: Option<String>,
    previous_hash: String,
    hash: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndLine {
    pub(super) end: EndObject,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndObject {
    /// How many entry lines there are.
    pub(super) entries: u64,
    head: Option<HeadObject>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadObject {
    position: u64,
    hash: String,
    key_id: String,
    tag: String,
}

/// The version of this format.
pub(super) const VERSION: u64 = 1;

impl From<&ExportHeader> for HeaderLine {
    fn from(header: &ExportHeader) -> Self {
        Self {
            turnkeep_audit: VERSION,
            instance: header.instance_id.to_string(),
            complete: header.complete,
            segments: header.segments.iter().map(SegmentObject::from).collect(),
        }
    }
}

impl HeaderLine {
    pub(super) fn into_header(self) -> Result<ExportHeader, BadField> {
        let instance_id = parse("instance", &self.instance)?;
        let segments = self.segments.into_iter().map(|object| object.into_segment(instance_id));
        Ok(ExportHeader {
            instance_id,
            complete: self.complete,
            segments: segments.collect::<Result<_, _>>()?,
        })
    }
}

impl From<&SealedSegment> for SegmentObject {
    fn from(SealedSegment { segment, seal }: &SealedSegment) -> Self {
        Self {
            first_position: segment.first_position,
            last_position: segment.last_position,
            hash_before_first: segment.hash_before_first.to_string(),
            last_hash: segment.last_hash.to_string(),
            pruned_at: utc_text(segment.pruned_at),
            pruned_at_micros: segment.pruned_at.as_micros(),
            key_id: seal.key_id().to_string(),
            tag: HEXLOWER.encode(seal.tag()),
        }
    }
}

impl SegmentObject {
    fn into_segment(self, instance_id: InstanceId) -> Result<SealedSegment, BadField> {
        let segment = Segment {
            instance_id,
            first_position: self.first_position,
            last_position: self.last_position,
            hash_before_first: parse("hash_before_first", &self.hash_before_first)?,
            last_hash: parse("last_hash", &self.last_hash)?,
            pruned_at: parse_time("pruned_at", &self.pruned_at, self.pruned_at_micros)?,
        };
        Ok(SealedSegment { segment, seal: parse_seal(&self.key_id, &self.tag)? })
    }
}

impl From<&ChainedEntry> for EntryLine {
    fn from(chained: &ChainedEntry) -> Self {
        let entry = &chained.entry;
        Self {
            position: entry.position,
            id: entry.id.to_string(),
            at: utc_text(entry.at),
            at_micros: entry.at.as_micros(),
            tenant_id: entry.tenant_id.map(|id| id.to_string()),
            actor: entry.actor.clone(),
            action: entry.action.clone(),
            object: entry.object.clone(),
            refusal: entry.refusal.clone(),
            changes: entry.changes.clone(),
            request_id: entry.request_id.map(|id| id.to_string()),
            previous_hash: chained.previous_hash.to_string(),
            hash: chained.hash.to_string(),
        }
    }
}

impl EntryLine {
    pub(super) fn into_entry(self) -> Result<ChainedEntry, BadField> {
        let entry = AuditEntry {
            position: self.position,
            id: parse("id", &self.id)?,
            tenant_id: self.tenant_id.map(|id| parse("tenant_id", &id)).transpose()?,
            actor: self.actor,
            action: self.action,
            object: self.object,
            refusal: self.refusal,
            changes: self.changes,
            request_id: self.request_id.map(|id| parse("request_id", &id)).transpose()?,
            at: parse_time("at", &self.at, self.at_micros)?,
        };
        let previous_hash = parse("previous_hash", &self.previous_hash)?;
        Ok(ChainedEntry { entry, previous_hash, hash: parse("hash", &self.hash)? })
    }
}

impl EndLine {
    pub(super) fn new(entries: u64, head: Option<&SealedHead>) -> Self {
        let head = head.map(|SealedHead { head, seal }| HeadObject {
            position: head.position,
            hash: head.hash.to_string(),
            key_id: seal.key_id().to_string(),
            tag: HEXLOWER.encode(seal.tag()),
        });
        Self { end: EndObject { entries, head } }
    }
}

impl EndObject {
    pub(super) fn into_head(self, instance_id: InstanceId) -> Result<Option<SealedHead>, BadField> {
        let Some(object) = self.head else { return Ok(None) };
        let head = ChainHead { instance_id, position: object.position, hash: parse("hash", &object.hash)? };
        Ok(Some(SealedHead { head, seal: parse_seal(&object.key_id, &object.tag)? }))
    }
}

fn parse<T: FromStr>(field: &'static str, text: &str) -> Result<T, BadField> {
    text.parse().map_err(|_| BadField(field))
}

/// The text for people must say what the number says, or somebody could change one and leave the other.
fn parse_time(field: &'static str, text: &str, micros: i64) -> Result<Timestamp, BadField> {
    let time = Timestamp::from_micros(micros);
    if utc_text(time) == text { Ok(time) } else { Err(BadField(field)) }
}

fn parse_seal(key_id: &str, tag: &str) -> Result<Seal, BadField> {
    Ok(Seal::from_parts(MasterKeyId::from_bytes(parse_hex("key_id", key_id)?), parse_hex("tag", tag)?))
}

fn parse_hex<const N: usize>(field: &'static str, text: &str) -> Result<[u8; N], BadField> {
    let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| BadField(field))?;
    bytes.try_into().map_err(|_| BadField(field))
}
