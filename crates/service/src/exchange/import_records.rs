//! Importing records: idempotent, all or nothing, by the rules that hold for whoever makes the same changes one by one.
//!
//! Beyond those an import may only say what cannot be said otherwise: client ids, where apps live, hashes of secrets,
//! and the states in which new records begin. It never removes a record. Secrets go to new apps only, so that importing
//! the same document again cannot bring a revoked secret back.

use turnkeep_domain::audit::{AuditEvent, AuditOutcome};
use turnkeep_domain::id::AuditEventId;
use turnkeep_domain::time::Timestamp;
use turnkeep_exchange::document::Document;
use turnkeep_exchange::format::ImportFormat;
use turnkeep_exchange::import_set::{ImportProblem, ImportSet};
use turnkeep_storage::store::Writes;

use crate::audit::append::append_to_chains;
use crate::exchange::apps::import_app;
use crate::exchange::discardable::{Ending, mutate_or_discard};
use crate::exchange::import_report::{ImportOutcome, ImportReport, ImportedRecord, RecordError};
use crate::exchange::importing::{Imported, Importing, RefusedRecords};
use crate::exchange::instance::import_instance;
use crate::exchange::people::{import_operator, import_user};
use crate::exchange::plans::import_plan;
use crate::exchange::prepared::Prepared;
use crate::exchange::regions::import_region;
use crate::exchange::resources::import_resource;
use crate::exchange::tenants::import_tenant;
use crate::failure::{Failure, Fault};
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::idempotency::{note_done, refuse_repetition};
use crate::registry::recording::{Change, Done};

/// How many records, parts of records counted, go into one transaction at most, since everybody else waits for it.
/// A record with as many parts as it may have fits.
pub const MAX_RECORDS_AT_ONCE: usize = 2_000;

/// How often what was refused is left out and the rest tried again: more often than records refer to each other.
const MAX_PASSES: u32 = 10;

const ACTION: &str = "import.apply";

/// Whether the import is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportMode {
    /// Yes.
    Apply,
    /// No: it is done and thrown away, to see what it would do.
    DryRun,
}

/// What becomes of an import with records that are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnRefusal {
    /// Nothing is imported.
    ImportNothing,
    /// The others are imported.
    SkipRecord,
}

/// How to import.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// Whether it is meant.
    pub mode: ImportMode,
    /// What becomes of an import with records that are refused.
    pub on_refusal: OnRefusal,
    /// The tenant of apps whose records name none, by name or id.
    pub default_tenant: Option<String>,
    /// The code of the region of new apps whose records name none.
    pub default_region: Option<String>,
}

/// Imports a document of our own format. Operators only.
pub fn import_document(
    context: &RegistryContext<'_>,
    text: &str,
    options: &ImportOptions,
) -> RegistryResult<ImportReport> {
    context.audited(ACTION, None, context.require_operator())?;
    let set = ImportFormat::Turnkeep.read(text).map_err(RegistryDenial::ImportUnreadable)?;
    import_records(context, &set, options)
}

/// Imports records that were read from any format. Operators only.
pub fn import_records(
    context: &RegistryContext<'_>,
    set: &ImportSet,
    options: &ImportOptions,
) -> RegistryResult<ImportReport> {
    context.audited(ACTION, None, context.require_operator())?;
    if MAX_RECORDS_AT_ONCE < set.records.len_with_parts() {
        return Err(RegistryDenial::ImportTooLarge.into());
    }
    let unreadable = unreadable_records(&set.problems);
    let prepared = Prepared::make(context, &set.records)?;
    let mut refused = RefusedRecords::new();
    let mut pass = 1;
    loop {
        let plan = Plan { set, options, prepared: &prepared, refused: &refused, unreadable: &unreadable };
        let (imported, applied) = run(context, &plan)?;
        let try_again = options.on_refusal == OnRefusal::SkipRecord && !imported.refused_now.is_empty();
        if try_again && pass < MAX_PASSES {
            refused.extend(imported.refused_now);
            pass += 1;
            continue;
        }
        if options.mode == ImportMode::Apply && !applied {
            note_refusal(context);
        }
        let notes = set.notes.iter().cloned().chain(imported.notes).collect();
        return Ok(ImportReport {
            applied,
            records: unreadable.into_iter().chain(imported.records).collect(),
            notes,
        });
    }
}

/// One pass over a document.
struct Plan<'p> {
    set: &'p ImportSet,
    options: &'p ImportOptions,
    prepared: &'p Prepared,
    refused: &'p RefusedRecords,
    unreadable: &'p [ImportedRecord],
}

/// Imports everything in one transaction, and says whether it stays.
fn run(context: &RegistryContext<'_>, plan: &Plan<'_>) -> RegistryResult<(Imported, bool)> {
    let now = context.authority.now();
    let ended = mutate_or_discard(&*context.authority.store, |writes| {
        if let Err(repeated) = refuse_repetition(context, writes, now)? {
            return Ok(Ending::Discard(Err(repeated)));
        }
        let imported = walk(context, plan, writes, now)?;
        let is_complete = match plan.options.on_refusal {
            OnRefusal::SkipRecord => imported.refused_now.is_empty(),
            OnRefusal::ImportNothing => imported.refused_now.is_empty() && plan.unreadable.is_empty(),
        };
        if plan.options.mode == ImportMode::DryRun || !is_complete {
            return Ok(Ending::Discard(Ok((imported, false))));
        }
        // Nobody can have been faster, since mutations run one after the other.
        let _noted = note_done(context, writes, now)?;
        let unreadable = plan.unreadable.len();
        let mut events = vec![event_of(context, &imported.records, unreadable, now)];
        events.extend(imported.events.iter().cloned());
        append_to_chains(context.authority, writes, &events)?;
        Ok(Ending::Commit(Ok((imported, true))))
    })?;
    ended.map_err(Failure::Denied)
}

fn walk(
    context: &RegistryContext<'_>,
    plan: &Plan<'_>,
    writes: &mut dyn Writes,
    now: Timestamp,
) -> Result<Imported, Fault> {
    let change = Change { writes, now };
    let mut importing = Importing::new(context, change, plan.options, plan.prepared, plan.refused);
    let Document { turnkeep: _, instance, resources, regions, plans, users, operators, tenants, apps } =
        &plan.set.records;
    if let Some(instance) = instance {
        import_instance(&mut importing, instance)?;
    }
    for resource in resources {
        import_resource(&mut importing, resource)?;
    }
    for region in regions {
        import_region(&mut importing, region)?;
    }
    for plan in plans {
        import_plan(&mut importing, plan)?;
    }
    for user in users {
        import_user(&mut importing, user)?;
    }
    for operator in operators {
        import_operator(&mut importing, operator)?;
    }
    for tenant in tenants {
        import_tenant(&mut importing, tenant)?;
    }
    for app in apps {
        import_app(&mut importing, app)?;
    }
    Ok(importing.finish())
}

/// The one event of the import as a whole; each record that changed has its own beside it.
fn event_of(
    context: &RegistryContext<'_>,
    records: &[ImportedRecord],
    unreadable: usize,
    now: Timestamp,
) -> AuditEvent {
    let count = |outcome| records.iter().filter(|record| record.outcome == outcome).count();
    let refused = count(ImportOutcome::Refused).saturating_add(unreadable);
    let done = Done::of(context.instance_id, ())
        .set("created", count(ImportOutcome::Created))
        .set("updated", count(ImportOutcome::Updated))
        .set("unchanged", count(ImportOutcome::Unchanged))
        .set("refused", refused);
    done.into_event(context, ACTION, now).1
}

fn note_refusal(context: &RegistryContext<'_>) {
    let at = context.authority.now();
    context.authority.books.note_refusal(AuditEvent {
        id: AuditEventId::new(at, context.authority.random_bytes()),
        instance_id: context.instance_id,
        tenant_id: context.own_tenant(),
        actor: context.caller.actor,
        action: ACTION,
        object: None,
        outcome: AuditOutcome::Refused { code: "import_refused" },
        request_id: context.request_id,
        at,
    });
}

/// What could not even be read as a record, with all that is wrong with it.
fn unreadable_records(problems: &[ImportProblem]) -> Vec<ImportedRecord> {
    let mut records: Vec<ImportedRecord> = Vec::new();
    for problem in problems {
        let error = RecordError {
            field: problem.field.clone(),
            code: "invalid_fields",
            message: problem.message.clone(),
        };
        match records.last_mut().filter(|record| record.key == problem.record) {
            Some(record) => record.errors.push(error),
            None => records.push(ImportedRecord {
                kind: "input",
                key: problem.record.clone(),
                outcome: ImportOutcome::Refused,
                changes: Vec::new(),
                errors: vec![error],
            }),
        }
    }
    records
}
