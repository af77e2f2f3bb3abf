//! Reading records out of JSON one by one, so that one that is wrong leaves the others alone. What serde says about
//! a value is not passed on, as it quotes the value.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;
use turnkeep_protocol::strict_json::fault::{Fault, FaultKind};
use turnkeep_protocol::strict_json::read::{StrictJsonError, read_json};

use crate::import_set::{ImportError, MAX_RECORDS, RecordProblems, shown_id};

/// The elements of an array, unread; more than [`MAX_RECORDS`] are refused without keeping them.
#[derive(Debug, Default)]
pub(crate) struct RawRecords<'a>(pub(crate) Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for RawRecords<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(RawRecordsVisitor)
    }
}

struct RawRecordsVisitor;

/// Told from serde's own messages by its text, which is ours.
const TOO_MANY: &str = "more records than one import may have";

impl<'de> Visitor<'de> for RawRecordsVisitor {
    type Value = RawRecords<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut records = Vec::new();
        while let Some(record) = sequence.next_element()? {
            if records.len() == MAX_RECORDS {
                return Err(serde::de::Error::custom(TOO_MANY));
            }
            records.push(record);
        }
        Ok(RawRecords(records))
    }
}

/// Reads a document, or a part of it that is none of its records.
pub(crate) fn read_document<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, ImportError> {
    read_json(text.as_bytes()).map_err(|error| match error {
        StrictJsonError::NotJson(error) => document_error(&error),
        StrictJsonError::Faults(faults) => document_error_of(&faults),
    })
}

fn document_error_of(faults: &[Fault]) -> ImportError {
    let unknown = faults.iter().find(|fault| fault.kind == FaultKind::Unknown);
    match (unknown, faults.first()) {
        (Some(unknown), _) => ImportError::UnknownMember { member: shown_path(&unknown.path.to_string()) },
        (None, Some(first)) => document_error(&first.error),
        // There is at least one.
        (None, None) => ImportError::Json { line: 1, column: 1 },
    }
}

/// What a failure of the parser means for the document as a whole.
pub(crate) fn document_error(error: &serde_json::Error) -> ImportError {
    if error.to_string().starts_with(TOO_MANY) {
        return ImportError::TooManyRecords;
    }
    ImportError::Json { line: error.line(), column: error.column() }
}

/// Reads one record; what is wrong becomes problems with the paths of the members, but without their values.
pub(crate) fn read_record<'de, T: Deserialize<'de>>(
    raw: &'de RawValue,
    problems: &mut RecordProblems<'_>,
) -> Option<T> {
    let faults = match read_json(raw.get().as_bytes()) {
        Ok(record) => return Some(record),
        Err(StrictJsonError::Faults(faults)) => faults,
        // It was JSON when it was found in the document.
        Err(StrictJsonError::NotJson(_)) => Vec::new(),
    };
    for fault in &faults {
        let meaning = match fault.kind {
            FaultKind::Missing => "is missing",
            FaultKind::Unknown => "is not known",
            FaultKind::Repeated => "is there twice",
            FaultKind::NoSuchVariant | FaultKind::WrongType => WRONG_VALUE,
        };
        problems.add(shown_path(&fault.path.to_string()), meaning);
    }
    if faults.is_empty() {
        problems.add("", WRONG_VALUE);
    }
    None
}

const WRONG_VALUE: &str = "has the wrong type, or is none of the values that are possible here";

/// A text member of a record that may be wrong otherwise, to name the record by it.
pub(crate) fn peek_text<'a>(raw: &'a RawValue, member: &str) -> Option<&'a str> {
    let members: std::collections::BTreeMap<&str, &RawValue> = serde_json::from_str(raw.get()).ok()?;
    serde_json::from_str(members.get(member)?.get()).ok()
}

/// What a record is called in messages: by its key if that can be shown, otherwise by its place.
pub(crate) fn record_label(word: &str, key_member: &str, index: usize, raw: &RawValue) -> String {
    match peek_text(raw, key_member).and_then(shown_id) {
        Some(key) => format!("{word} «{key}»"),
        None => format!("{word} {}", index + 1),
    }
}

fn shown_path(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'[' | b']');
    if path.len() <= 200 && path.bytes().all(plain) { path.to_owned() } else { "?".to_owned() }
}
