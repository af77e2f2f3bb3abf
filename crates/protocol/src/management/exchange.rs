//! Import and export of an instance's registry.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::management::audit_event::AttributeChangeResponse;
#[cfg(feature = "openapi")]
use crate::management::texts;

/// Records to import.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ImportRequest {
    /// Whether to say only what would happen.
    #[serde(default)]
    pub dry_run: bool,
    /// What becomes of an import with records that are refused.
    #[serde(default)]
    pub on_refusal: OnRefusalName,
    /// The tenant of apps whose records name none, by name or id.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<String>"))]
    pub tenant: Option<String>,
    /// The code of the region of new apps whose records name none.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::SlugText>"))]
    pub region: Option<String>,
    /// The records.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::ExchangeDocument"))]
    pub document: Box<RawValue>,
}

/// What becomes of an import with records that are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OnRefusalName {
    /// Nothing is imported.
    #[default]
    ImportNothing,
    /// The others are imported.
    SkipRecord,
}

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ImportResponse {
    /// Whether the records are as the report says now; if not, nothing was changed.
    pub applied: bool,
    /// How many records are new.
    pub created: usize,
    /// How many records were different.
    pub updated: usize,
    /// How many records were as the document says.
    pub unchanged: usize,
    /// How many records were refused.
    pub refused: usize,
    /// Whether `changes` are told. An answer that is repeated (`Idempotency-Key`) leaves them out if they are many.
    pub changes_shown: bool,
    /// Every record of the document.
    pub records: Vec<ImportedRecordResponse>,
    /// What was left out or decided without being asked, for a person to read.
    pub notes: Vec<String>,
}

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ImportedRecordResponse {
    /// What it is: `app`, `tenant`, `scope`; `input` for something that could not be read as a record.
    pub kind: &'static str,
    /// What it is found by.
    pub key: String,
    /// What became of it.
    pub outcome: ImportOutcomeName,
    /// What is different now.
    pub changes: Vec<AttributeChangeResponse>,
    /// Why it is refused.
    pub errors: Vec<RecordErrorResponse>,
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcomeName {
    /// There was none.
    Created,
    /// It was different.
    Updated,
    /// It was as the document says.
    Unchanged,
    /// It cannot be as the document says.
    Refused,
}

/// One reason to refuse a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct RecordErrorResponse {
    /// The field of the document; empty if it is the record as a whole.
    pub field: String,
    /// The stable code.
    pub code: &'static str,
    /// The rule.
    pub message: String,
}
