//! What comes out of an import's text: records, what is wrong with others, and what was left out on purpose.

use std::fmt::Display;

use turnkeep_domain::display_name::DisplayName;

use crate::document::Document;

/// The longest text that is looked at: 256 MiB.
pub const MAX_INPUT_BYTES: usize = 256 << 20;

/// The most records in one text.
pub const MAX_RECORDS: usize = 200_000;

/// Why a text as a whole cannot be imported. None of it holds a value of the text, only names of its members.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// More than [`MAX_INPUT_BYTES`].
    #[error("an import has at most {} MiB", MAX_INPUT_BYTES >> 20)]
    TooLarge,
    /// More than [`MAX_RECORDS`].
    #[error("an import has at most {MAX_RECORDS} records")]
    TooManyRecords,
    /// Not JSON, or not nested as it has to be.
    #[error("not valid JSON of this format at line {line}, column {column}")]
    Json {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// A member of the document that this version does not know.
    #[error("`{member}` is not a member of such a document")]
    UnknownMember {
        /// Its name, or `?` if that is not a plain word.
        member: String,
    },
    /// A member of the document is not there.
    #[error("the document has no `{member}`")]
    MissingMember {
        /// Its name.
        member: &'static str,
    },
    /// A `turnkeep` other than 1.
    #[error("a document of this format has `\"turnkeep\": {}`", Document::VERSION)]
    UnsupportedVersion,
    /// A header without columns, or with semicolons or tabs between them.
    #[error("the first row must have the names of the columns, separated by commas")]
    Header,
    /// A column that the format does not have.
    #[error("`{column}` is not a column of this format")]
    UnknownColumn {
        /// Its name, or `?` if that is not a plain word.
        column: String,
    },
    /// The same column twice.
    #[error("the column `{column}` is there twice")]
    RepeatedColumn {
        /// Its name.
        column: &'static str,
    },
    /// A column without which no record can be made.
    #[error("the column `{column}` is missing")]
    MissingColumn {
        /// Its name.
        column: &'static str,
    },
}

/// Why a record is not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportProblem {
    /// Which, as the text has it: `client «web»`, `row 7`.
    pub record: String,
    /// The field in the words of the text's format; empty if it is the record as a whole.
    pub field: String,
    /// What is wrong, without a value.
    pub message: String,
}

/// What comes out of an import's text.
#[derive(Debug, Clone, Default)]
pub struct ImportSet {
    /// The records without a problem.
    pub records: Document,
    /// What is wrong with the others, at least one for each that is not in `records`.
    pub problems: Vec<ImportProblem>,
    /// What was left out or decided without being asked, for a person to read.
    pub notes: Vec<String>,
}

/// Collects the problems of one record.
#[derive(Debug)]
pub(crate) struct RecordProblems<'a> {
    record: &'a str,
    problems: &'a mut Vec<ImportProblem>,
    found: bool,
}

impl<'a> RecordProblems<'a> {
    pub(crate) fn new(record: &'a str, problems: &'a mut Vec<ImportProblem>) -> Self {
        Self { record, problems, found: false }
    }

    pub(crate) fn add(&mut self, field: impl Into<String>, message: impl Display) {
        self.found = true;
        self.problems.push(ImportProblem {
            record: self.record.to_owned(),
            field: field.into(),
            message: message.to_string(),
        });
    }

    /// The value, or its error as a problem of the field.
    pub(crate) fn take<T, E: Display>(&mut self, field: &str, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.add(field, error)).ok()
    }

    pub(crate) fn found_any(&self) -> bool {
        self.found
    }
}

/// What is noted of an app whose text leaves out whether people may sign in.
pub(crate) const SIGN_IN_UNSAID: &str = "nothing says whether people may sign in: if it is new, nobody may";

/// A name from the text that may be shown: plain words only, so that nothing else gets into messages.
pub(crate) fn shown_name(name: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    if !name.is_empty() && name.len() <= 64 && name.bytes().all(plain) {
        name.to_owned()
    } else {
        "?".to_owned()
    }
}

/// An identifier or name from the text that may be shown: short, and nothing in it that disturbs a page or a log.
pub(crate) fn shown_id(id: &str) -> Option<&str> {
    let is_id = !id.is_empty() && id.len() <= 200 && id.bytes().all(|b| b.is_ascii_graphic());
    (is_id || DisplayName::parse(id).is_ok_and(|name| name.as_str() == id)).then_some(id)
}
