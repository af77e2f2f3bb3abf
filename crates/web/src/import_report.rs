//! What an import did in the words of the wire; for the management API, and for a command line without a server.

use turnkeep_protocol::management::audit_event::AttributeChangeResponse;
use turnkeep_protocol::management::exchange::{
    ImportOutcomeName, ImportResponse, ImportedRecordResponse, RecordErrorResponse,
};
use turnkeep_service::exchange::import_report::{ImportOutcome, ImportReport, ImportedRecord};

/// Every record with what became of it.
pub fn show_import(report: &ImportReport) -> ImportResponse {
    ImportResponse {
        applied: report.applied,
        created: report.count(ImportOutcome::Created),
        updated: report.count(ImportOutcome::Updated),
        unchanged: report.count(ImportOutcome::Unchanged),
        refused: report.count(ImportOutcome::Refused),
        changes_shown: true,
        records: report.records.iter().map(show_record).collect(),
        notes: report.notes.clone(),
    }
}

fn show_record(record: &ImportedRecord) -> ImportedRecordResponse {
    let changes = record.changes.iter().map(|change| AttributeChangeResponse {
        attribute: change.attribute.to_owned(),
        before: change.before.clone(),
        after: change.after.clone(),
    });
    let errors = record.errors.iter().map(|error| RecordErrorResponse {
        field: error.field.clone(),
        code: error.code,
        message: error.message.clone(),
    });
    ImportedRecordResponse {
        kind: record.kind,
        key: record.key.clone(),
        outcome: match record.outcome {
            ImportOutcome::Created => ImportOutcomeName::Created,
            ImportOutcome::Updated => ImportOutcomeName::Updated,
            ImportOutcome::Unchanged => ImportOutcomeName::Unchanged,
            ImportOutcome::Refused => ImportOutcomeName::Refused,
        },
        changes: changes.collect(),
        errors: errors.collect(),
    }
}
