//! Importing a file part by part, at a server or on its database. Formats of others end here: the parts are ours.

use std::collections::HashSet;
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

/// Of a dry run, where a part has along what it refers to.
const REHEARSED_PART: ChunkLimits = ChunkLimits { records: 400, ..PART };

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
    let mut whole = Whole::begin(screen.format, arguments.dry_run, &set.problems, set.notes);
    let goes_on = arguments.keep_going || arguments.dry_run;
    let parts = match set.records {
        _ if !goes_on && 0 < whole.refused => Vec::new(),
        records if arguments.dry_run => records.into_rehearsals(REHEARSED_PART),
        records => records.into_chunks(PART),
    };
    let count = parts.len();
    for (done, part) in parts.into_iter().enumerate() {
        if 1 < count {
            report_progress(&format!("part {} of {count} …", done.saturating_add(1)));
        }
        let taken = take(part);
        if taken.is_err() && 0 < done && !arguments.dry_run {
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
    whole.show(screen);
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
    dry_run: bool,
    /// Kinds and keys of what earlier parts of a dry run reported: later ones have some of it along.
    told: HashSet<(String, String)>,
    notes: Vec<String>,
    format: OutputFormat,
}

impl Whole {
    /// What could not be read as a record is refused before anything is sent.
    fn begin(format: OutputFormat, dry_run: bool, problems: &[ImportProblem], notes: Vec<String>) -> Self {
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
        Self {
            created,
            updated,
            unchanged,
            refused,
            applied: false,
            records,
            dry_run,
            told: HashSet::new(),
            notes,
            format,
        }
    }

    fn add(&mut self, report: &Value) {
        self.applied = find(report, "applied").and_then(Value::as_bool).unwrap_or(false);
        let list = |name| find(report, name).and_then(Value::as_array).into_iter().flatten();
        let mut told = Vec::new();
        for record in list("records") {
            let text = |name| find(record, name).map_or_else(String::new, cell);
            let record_key = (text("kind"), text("key"));
            if self.told.contains(&record_key) {
                continue;
            }
            self.count(&text("outcome"));
            if !is(record, "unchanged") {
                self.records.push(shown(self.format, record));
            }
            told.push(record_key);
        }
        if self.dry_run {
            self.told.extend(told);
        }
        self.notes.extend(list("notes").filter_map(Value::as_str).map(str::to_owned));
    }

    fn count(&mut self, outcome: &str) {
        let counter = match outcome {
            "created" => &mut self.created,
            "updated" => &mut self.updated,
            "refused" => &mut self.refused,
            _ => &mut self.unchanged,
        };
        *counter = counter.saturating_add(1);
    }

    fn show(&self, screen: Screen) {
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
        let state = match (self.dry_run, self.applied) {
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
