//! Importing a file part by part, at a server or on its database. Formats of others end here: the parts are ours.

use std::path::Path;

use serde_json::{Value, json};
use turnkeep_exchange::document::Document;
use turnkeep_exchange::document::chunks::ChunkLimits;
use turnkeep_exchange::import_set::{ImportProblem, ImportSet};

use crate::remote::fields::read_document;
use crate::remote::flags::OutputFormat;
use crate::remote::nouns::import::Import;
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::remote::output::Screen;
use crate::remote::table::{Column, cell, find, printable};
use crate::system::{end_progress, remark, report_progress};

/// So that nobody waits long for one part, and no part is more than a server takes.
const PART: ChunkLimits = ChunkLimits { records: 1_000, bytes: 1024 * 1024 };

const COLUMNS: &[Column] =
    &[("OUTCOME", "outcome"), ("KIND", "kind"), ("RECORD", "key"), ("DETAILS", "details")];

/// Reads the file, gives its parts to `take` one after the other, and shows what the reports say. Without
/// `--keep-going` it ends at the first part with a refused record, of which `take` leaves nothing behind.
pub(crate) fn import_file<E: From<RemoteError>>(
    arguments: &Import,
    screen: Screen,
    mut take: impl FnMut(Document) -> Result<Value, E>,
) -> Result<(), E> {
    let set = read(&arguments.file, arguments)?;
    let mut whole = Whole::begin(screen.format, &set.problems, set.notes);
    let goes_on = arguments.keep_going || arguments.dry_run;
    let parts = if goes_on || whole.refused == 0 { set.records.into_chunks(PART) } else { Vec::new() };
    let count = parts.len();
    if arguments.dry_run && 1 < count {
        remark("a part is tried without those before it: what refers to new records there shows as refused");
    }
    for (done, part) in parts.into_iter().enumerate() {
        if 1 < count {
            report_progress(&format!("part {} of {count} …", done.saturating_add(1)));
        }
        let taken = take(part);
        if taken.is_err() && 0 < done {
            end_progress();
            remark(&format!("{done} of {count} parts are imported; import the file again to go on"));
        }
        whole.add(&taken?);
        if 0 < whole.refused && !goes_on {
            break;
        }
    }
    if 1 < count {
        end_progress();
    }
    whole.show(screen, arguments.dry_run);
    match whole.refused {
        0 => Ok(()),
        _ => Err(RemoteError::Refused("not every record was taken; see above").into()),
    }
}

fn read(path: &Path, arguments: &Import) -> RemoteResult<ImportSet> {
    let text = read_document(path)?;
    let set = arguments.format.read(&text);
    set.map_err(|error| RemoteError::Usage(format!("{}: {error}", path.display())))
}

/// What became of the file, like the report of one part.
struct Whole {
    created: u64,
    updated: u64,
    unchanged: u64,
    refused: u64,
    applied: bool,
    /// As they will be shown: a long import has many.
    records: Vec<Value>,
    notes: Vec<String>,
    format: OutputFormat,
}

impl Whole {
    /// What could not be read as a record is refused before anything is sent.
    fn begin(format: OutputFormat, problems: &[ImportProblem], notes: Vec<String>) -> Self {
        let mut records: Vec<(&str, Vec<Value>)> = Vec::new();
        for problem in problems {
            let error = json!({"field": problem.field, "code": "invalid_fields", "message": problem.message});
            match records.last_mut().filter(|(key, _)| *key == problem.record) {
                Some((_, errors)) => errors.push(error),
                None => records.push((&problem.record, vec![error])),
            }
        }
        let refused = u64::try_from(records.len()).unwrap_or(u64::MAX);
        let records = records.into_iter().map(|(key, errors)| {
            let record =
                json!({"kind": "input", "key": key, "outcome": "refused", "changes": [], "errors": errors});
            shown(format, &record)
        });
        let records = records.collect();
        let (created, updated, unchanged) = (0, 0, 0);
        Self { created, updated, unchanged, refused, applied: false, records, notes, format }
    }

    fn add(&mut self, report: &Value) {
        let count = |name| find(report, name).and_then(Value::as_u64).unwrap_or(0);
        self.created = self.created.saturating_add(count("created"));
        self.updated = self.updated.saturating_add(count("updated"));
        self.unchanged = self.unchanged.saturating_add(count("unchanged"));
        self.refused = self.refused.saturating_add(count("refused"));
        self.applied = find(report, "applied").and_then(Value::as_bool).unwrap_or(false);
        let list = |name| find(report, name).and_then(Value::as_array).into_iter().flatten();
        let told = list("records").filter(|record| !is(record, "unchanged"));
        self.records.extend(told.map(|record| shown(self.format, record)));
        self.notes.extend(list("notes").filter_map(Value::as_str).map(str::to_owned));
    }

    fn show(&self, screen: Screen, dry_run: bool) {
        if screen.format == OutputFormat::Json {
            let report = json!({
                "applied": self.applied,
                "created": self.created,
                "updated": self.updated,
                "unchanged": self.unchanged,
                "refused": self.refused,
                "records": self.records,
                "notes": self.notes,
            });
            return screen.json(report.to_string().as_bytes());
        }
        for note in &self.notes {
            remark(&printable(note));
        }
        if !self.records.is_empty() {
            screen.table(COLUMNS, &self.records);
        }
        let state = match (dry_run, self.applied) {
            (true, _) => " (dry run: nothing was changed)",
            (false, true) => "",
            (false, false) => " (not imported)",
        };
        let Self { created, updated, unchanged, refused, .. } = self;
        screen.text(&format!(
            "created {created}, updated {updated}, unchanged {unchanged}, refused {refused}{state}\n"
        ));
    }
}

fn shown(format: OutputFormat, record: &Value) -> Value {
    match format {
        OutputFormat::Json => record.clone(),
        OutputFormat::Table => row(record),
    }
}

fn is(record: &Value, outcome: &str) -> bool {
    find(record, "outcome").and_then(Value::as_str) == Some(outcome)
}

/// A record as a row: of a new one the document says everything, so details are for the others.
fn row(record: &Value) -> Value {
    let text = |item: &Value, name: &str| find(item, name).map_or_else(String::new, cell);
    let list = |name| find(record, name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let details: Vec<String> = if is(record, "updated") {
        let changes = list("changes").iter();
        let told = |change: &Value| {
            let (before, after) = (text(change, "before"), text(change, "after"));
            format!("{}: {before} → {after}", text(change, "attribute"))
        };
        changes.map(told).collect()
    } else {
        let errors = list("errors").iter();
        let told = |error: &Value| match find(error, "field").and_then(Value::as_str) {
            None | Some("") => text(error, "message"),
            Some(field) => format!("{field}: {}", text(error, "message")),
        };
        errors.map(told).collect()
    };
    let member = |name| find(record, name).cloned().unwrap_or_default();
    json!({
        "outcome": member("outcome"),
        "kind": member("kind"),
        "key": member("key"),
        "details": details.join("; "),
    })
}
