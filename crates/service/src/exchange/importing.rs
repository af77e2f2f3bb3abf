//! An import within its transaction: one record after the other, each with its events and its line of the report.

use std::collections::HashMap;

use turnkeep_domain::audit::{AuditEvent, AuditOutcome};
use turnkeep_domain::change::{ChangeScope, TokensBefore};

use crate::exchange::import_records::ImportOptions;
use crate::exchange::import_report::{ImportOutcome, ImportedRecord, RecordError, RecordResult, Refusal};
use crate::exchange::prepared::Prepared;
use crate::failure::{Failure, Fault};
use crate::registry::context::RegistryContext;
use crate::registry::recording::{Change, Done};

/// Whether the record was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// It is there now.
    New,
    /// It was, and is now as the document says.
    Known,
}

/// Records that were refused in an earlier pass, by kind and key.
pub(super) type RefusedRecords = HashMap<(&'static str, String), Vec<RecordError>>;

/// The import.
pub(super) struct Importing<'c, 't> {
    pub(super) context: &'c RegistryContext<'c>,
    pub(super) change: Change<'t>,
    pub(super) options: &'c ImportOptions,
    pub(super) prepared: &'c Prepared,
    pub(super) notes: Vec<String>,
    /// Apps that were there and had secrets in the document.
    pub(super) apps_with_kept_secrets: u32,
    refused_before: &'c RefusedRecords,
    refused_now: RefusedRecords,
    records: Vec<ImportedRecord>,
    events: Vec<AuditEvent>,
    /// What became of other records than those of the document.
    consequences: Vec<AuditEvent>,
}

/// What an import did within its transaction.
pub(super) struct Imported {
    pub(super) records: Vec<ImportedRecord>,
    pub(super) events: Vec<AuditEvent>,
    pub(super) notes: Vec<String>,
    pub(super) refused_now: RefusedRecords,
}

impl<'c, 't> Importing<'c, 't> {
    pub(super) fn new(
        context: &'c RegistryContext<'c>,
        change: Change<'t>,
        options: &'c ImportOptions,
        prepared: &'c Prepared,
        refused_before: &'c RefusedRecords,
    ) -> Self {
        Self {
            context,
            change,
            options,
            prepared,
            notes: Vec::new(),
            apps_with_kept_secrets: 0,
            refused_before,
            refused_now: RefusedRecords::new(),
            records: Vec::new(),
            events: Vec::new(),
            consequences: Vec::new(),
        }
    }

    /// Imports one record; tells whether it is there. What was refused in an earlier pass is not tried again, as it
    /// may have left half of itself behind then.
    pub(super) fn record(
        &mut self,
        kind: &'static str,
        key: impl Into<String>,
        work: impl FnOnce(&mut Self) -> RecordResult<Found>,
    ) -> Result<bool, Fault> {
        let key = key.into();
        let place = (kind, key.clone());
        if let Some(errors) = self.refused_before.get(&place) {
            self.push(kind, key, ImportOutcome::Refused, errors.clone());
            return Ok(false);
        }
        let (events_before, consequences_before) = (self.events.len(), self.consequences.len());
        match work(self) {
            Ok(found) => {
                let outcome = match found {
                    Found::New => ImportOutcome::Created,
                    Found::Known if self.events.len() == events_before => ImportOutcome::Unchanged,
                    Found::Known => ImportOutcome::Updated,
                };
                self.push(kind, key, outcome, Vec::new());
                self.tell_changes(events_before);
                Ok(true)
            }
            Err(Failure::Denied(Refusal(errors))) => {
                self.events.truncate(events_before);
                self.consequences.truncate(consequences_before);
                self.refused_now.insert(place, errors.clone());
                self.push(kind, key, ImportOutcome::Refused, errors);
                Ok(false)
            }
            Err(Failure::Fault(fault)) => Err(fault),
        }
    }

    fn push(&mut self, kind: &'static str, key: String, outcome: ImportOutcome, errors: Vec<RecordError>) {
        self.records.push(ImportedRecord { kind, key, outcome, changes: Vec::new(), errors });
    }

    /// The changes of a record are those of its events.
    fn tell_changes(&mut self, first: usize) {
        let changes = self.events.iter().skip(first).flat_map(|event| match &event.outcome {
            AuditOutcome::Done { changes } => changes.as_slice(),
            AuditOutcome::Refused { .. } => &[],
        });
        let changes = changes.cloned().collect();
        if let Some(record) = self.records.last_mut() {
            record.changes = changes;
        }
    }

    /// Notes something that was done, under the name that it has in the audit trail.
    pub(super) fn done<T>(&mut self, action: &'static str, done: Done<T>) -> T {
        let (output, events) = done.into_events(self.context, action, self.change.now);
        let mut events = events.into_iter();
        self.events.extend(events.next());
        self.consequences.extend(events);
        output
    }

    /// Gives a change of the instance its place in the order.
    pub(super) fn record_instance_change(&mut self) -> Result<(), Fault> {
        self.change.record(ChangeScope::Instance(self.context.instance_id), TokensBefore::Live)?;
        Ok(())
    }

    /// All of it.
    pub(super) fn finish(mut self) -> Imported {
        if 0 < self.apps_with_kept_secrets {
            let count = self.apps_with_kept_secrets;
            self.notes.push(format!(
                "apps that were there keep the secrets that they have ({count}): an import gives secrets to new apps only"
            ));
        }
        let Self { records, mut events, consequences, notes, refused_now, .. } = self;
        events.extend(consequences);
        Imported { records, events, notes, refused_now }
    }
}
