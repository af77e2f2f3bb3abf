//! `turnkeep import`.

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

use crate::remote::call::Call;
use crate::remote::fields::{Fields, read_document};
use crate::remote::flags::OutputFormat;
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::{Column, find};

const COLUMNS: &[Column] = &[
    ("OUTCOME", "outcome"),
    ("KIND", "kind"),
    ("RECORD", "key"),
    ("CHANGES", "changes"),
    ("ERRORS", "errors"),
];

/// `import`.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// File with the document (JSON); `-` is standard input
    file: PathBuf,
    /// Change nothing; show what would change
    #[arg(long)]
    dry_run: bool,
}

impl RemoteCommand for Import {
    fn run(self, session: &Session) -> RemoteResult {
        let shown = self.file.display();
        let document: Value = serde_json::from_str(&read_document(&self.file)?)
            .map_err(|error| RemoteError::Usage(format!("{shown} is not JSON: line {}", error.line())))?;
        let body =
            Fields::default().with("dry_run", Some(self.dry_run)).with("document", Some(document)).body();
        let answer = session.connection.send(&Call::post(&[&"import"]).body(&body))?;
        let report = answer.json()?;
        let records = find(&report, "records").and_then(Value::as_array);
        match (session.screen.format, records) {
            (OutputFormat::Table, Some(records)) => session.screen.table(COLUMNS, records),
            (OutputFormat::Table | OutputFormat::Json, _) => session.screen.record(&answer, "")?,
        }
        let refused = |record: &Value| find(record, "outcome").and_then(Value::as_str) == Some("refused");
        match records {
            Some(records) if records.iter().any(refused) => {
                Err(RemoteError::Refused("not every record was taken; see above"))
            }
            Some(_) | None => Ok(()),
        }
    }
}
