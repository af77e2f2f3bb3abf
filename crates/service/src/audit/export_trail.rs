//! The trail as JSON lines, piece by piece: whoever reads slowly holds neither a transaction nor memory.
//!
//! A trail only grows, so that pages read one after the other are those of the moment at which the export began,
//! unless it is pruned meanwhile; then the export ends without its last line, and readers call it truncated.

use turnkeep_audit::json_lines::{ExportHeader, ExportWriter};
use turnkeep_audit::seal::SealedHead;
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::page::{AuditPage, Direction};
use turnkeep_storage::error::StoreError;

use crate::audit::list_events::filter_for;
use crate::authority::Authority;
use crate::failure::Fault;
use crate::registry::context::{Extent, RegistryContext, RegistryResult};

/// How many entries a piece has at most.
const PAGE: u32 = 200;

/// An export that goes on.
pub struct TrailExport {
    header: ExportHeader,
    filter: AuditFilter,
    /// The last line names it.
    head: Option<SealedHead>,
    /// The last position that belongs to the export.
    end: u64,
    after: Option<u64>,
    /// `None` when everything was written.
    writer: Option<ExportWriter<Vec<u8>>>,
}

/// Begins an export of the wanted entries that the caller may see. One of the whole trail can be verified without
/// gaps; operators get the seals with it, and a tenant learns nothing about what lies between its own entries.
pub fn begin_export(context: &RegistryContext<'_>, filter: &AuditFilter) -> RegistryResult<TrailExport> {
    let filter = filter_for(context, filter)?;
    let instance_id = context.instance_id;
    let newest = AuditPage { after: None, direction: Direction::Descending, limit: 1 };
    let (head, last, segments) = context.authority.store.read(|reads| {
        let last = reads.list_audit_trail(instance_id, &AuditFilter::default(), newest)?;
        Ok((reads.audit_head(instance_id)?, last, reads.list_audit_segments(instance_id)?))
    })?;
    // Entries behind the head are wrong, and have to show.
    let end = last.first().map_or(0, |last| last.entry.position);
    let (complete, segments, head) = match context.extent()? {
        Extent::Instance => (filter == AuditFilter::default(), segments, head),
        Extent::Tenant(_) => (false, Vec::new(), None),
    };
    let header = ExportHeader { instance_id, complete, segments };
    let writer = ExportWriter::begin(Vec::new(), &header).map_err(Fault::Export)?;
    Ok(TrailExport { header, filter, head, end, after: None, writer: Some(writer) })
}

impl TrailExport {
    /// The instance it is of.
    pub fn instance_id(&self) -> InstanceId {
        self.header.instance_id
    }

    /// The next piece, of whole lines; `None` behind the last one.
    pub fn next_piece(&mut self, authority: &Authority) -> Result<Option<Vec<u8>>, Fault> {
        let Some(mut writer) = self.writer.take() else {
            return Ok(None);
        };
        let page = AuditPage { after: self.after, direction: Direction::Ascending, limit: PAGE };
        let instance_id = self.header.instance_id;
        let (entries, segments) = authority.store.read(|reads| {
            let entries = reads.list_audit_trail(instance_id, &self.filter, page)?;
            Ok((entries, reads.list_audit_segments(instance_id)?))
        })?;
        if self.header.complete && segments != self.header.segments {
            return Err(Fault::Store(StoreError::Unavailable("the trail was pruned meanwhile".into())));
        }
        let mut is_last = entries.is_empty();
        for entry in &entries {
            if self.end < entry.entry.position {
                is_last = true;
                break;
            }
            writer.write_entry(entry)?;
            self.after = Some(entry.entry.position);
        }
        if is_last {
            return Ok(Some(writer.end(self.head.as_ref())?));
        }
        let piece = std::mem::take(writer.output_mut());
        self.writer = Some(writer);
        Ok(Some(piece))
    }
}
