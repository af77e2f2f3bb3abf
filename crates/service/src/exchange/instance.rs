//! The instance itself: how its pages look.

use turnkeep_domain::instance::Instance;
use turnkeep_exchange::document::instance::InstanceRecord;
use turnkeep_storage::error::StoreError;

use crate::exchange::import_report::RecordResult;
use crate::exchange::importing::{Found, Importing};
use crate::failure::Fault;
use crate::registry::manage_instance::{InstanceChanges, change_instance};

/// Operators of one instance do not change it, but what they export can be imported as it is.
const LEFT_ALONE: &str =
    "the accent of the instance stays as it is: only operators of the default instance change it";

/// Imports what a document says of the instance.
pub(super) fn import_instance(
    importing: &mut Importing<'_, '_>,
    record: &InstanceRecord,
) -> Result<(), Fault> {
    let found = importing.change.writes.find_instance(importing.context.instance_id)?;
    let before = found.ok_or(StoreError::Corrupt { table: "instances", column: "id" })?;
    let slug = before.slug.to_string();
    importing.record("instance", slug, |importing| put_instance(importing, record, &before))?;
    Ok(())
}

fn put_instance(
    importing: &mut Importing<'_, '_>,
    record: &InstanceRecord,
    before: &Instance,
) -> RecordResult<Found> {
    let accent = record.accent().unwrap_or(before.accent);
    if before.accent != accent {
        if importing.context.require_platform().is_err() {
            importing.notes.push(LEFT_ALONE.to_owned());
            return Ok(Found::Known);
        }
        let changes = InstanceChanges { name: None, accent: Some(accent) };
        let done = change_instance(&mut importing.change, before, &changes)?;
        importing.done("instance.update", done);
    }
    Ok(Found::Known)
}
