//! Reading records out of JSON one by one, so that one that is wrong leaves the others alone. What serde says about
//! a value is not passed on, as it quotes the value.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::import_set::{ImportError, MAX_RECORDS, RecordProblems, shown_name};

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

/// What a failure to read the document as a whole means.
pub(crate) fn document_error(error: &serde_json::Error) -> ImportError {
    let message = error.to_string();
    if message.starts_with(TOO_MANY) {
        return ImportError::TooManyRecords;
    }
    if let Some(member) = quoted_after(&message, "unknown field ") {
        return ImportError::UnknownMember { member: shown_name(member) };
    }
    ImportError::Json { line: error.line(), column: error.column() }
}

/// Reads one record; what is wrong becomes a problem with the path of the member, but without its value.
pub(crate) fn read_record<T: DeserializeOwned>(
    raw: &RawValue,
    problems: &mut RecordProblems<'_>,
) -> Option<T> {
    let mut deserializer = serde_json::Deserializer::from_str(raw.get());
    match serde_path_to_error::deserialize(&mut deserializer) {
        Ok(record) => Some(record),
        Err(error) => {
            let message = error.inner().to_string();
            let within = match error.path().to_string() {
                path if path == "." => String::new(),
                path => shown_path(&path),
            };
            for (kind, meaning) in [
                ("missing field ", "is missing"),
                ("unknown field ", "is not known"),
                ("duplicate field ", "is there twice"),
            ] {
                if let Some(member) = quoted_after(&message, kind) {
                    problems.add(join(&within, &shown_name(member)), meaning);
                    return None;
                }
            }
            problems.add(within, "has the wrong type, or is none of the values that are possible here");
            None
        }
    }
}

/// A text member of a record that may be wrong otherwise, to name the record by it.
pub(crate) fn peek_text<'a>(raw: &'a RawValue, member: &str) -> Option<&'a str> {
    let members: std::collections::BTreeMap<&str, &RawValue> = serde_json::from_str(raw.get()).ok()?;
    serde_json::from_str(members.get(member)?.get()).ok()
}

fn join(path: &str, member: &str) -> String {
    match path.rsplit('.').next() {
        // serde_path_to_error may or may not have gone into the member already.
        Some(last) if last == member => path.to_owned(),
        Some(_) if path.is_empty() => member.to_owned(),
        Some(_) | None => format!("{path}.{member}"),
    }
}

fn quoted_after<'a>(message: &'a str, kind: &str) -> Option<&'a str> {
    message.strip_prefix(kind)?.strip_prefix('`')?.split('`').next()
}

fn shown_path(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'[' | b']');
    if path.len() <= 200 && path.bytes().all(plain) { path.to_owned() } else { "?".to_owned() }
}
