//! What goes to standard output: text for people or the API's JSON, never both.

use serde_json::Value;

use crate::remote::call::Answer;
use crate::remote::flags::OutputFormat;
use crate::remote::outcome::RemoteResult;
use crate::remote::table::{Column, record, table};
use crate::system::{remark, say_exactly, terminal_width};

/// Where results are shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    /// How.
    pub(crate) format: OutputFormat,
}

impl Screen {
    /// An answer with one record; `done` is what to tell people if there is no body.
    pub(crate) fn record(self, answer: &Answer, done: &str) -> RemoteResult {
        match self.format {
            OutputFormat::Json => self.json(answer.bytes()),
            OutputFormat::Table if answer.bytes().is_empty() => say_exactly(format!("{done}\n").as_bytes()),
            OutputFormat::Table => self.text(&record(&answer.json()?)),
        }
        Ok(())
    }

    /// Records with a heading, or a word that there are none.
    pub(crate) fn table(self, columns: &[Column], records: &[Value]) {
        let table = table(columns, records, terminal_width());
        self.text(&table.text);
        if !table.left_out.is_empty() {
            remark(&format!("no room for {}; --output json shows all", table.left_out.join(", ")));
        }
    }

    /// Text for people.
    pub(crate) fn text(self, text: &str) {
        say_exactly(text.as_bytes());
    }

    /// JSON as it came, and the end of a line.
    pub(crate) fn json(self, bytes: &[u8]) {
        if !bytes.is_empty() {
            say_exactly(&[bytes, b"\n"].concat());
        }
    }
}
