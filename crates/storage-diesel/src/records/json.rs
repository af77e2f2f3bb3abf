//! Lists and maps that are stored as JSON texts, since they are only ever read and written as a whole.

use std::collections::BTreeMap;

use serde_json::Value;
use turnkeep_domain::plan::{FeatureValue, Features};
use turnkeep_storage::error::StoreResult;

use super::cell::Cell;

/// A list of texts.
pub(super) fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    Value::Array(texts.map(Value::from).collect()).to_string()
}

/// Reads [`texts`].
pub(super) fn read_texts(cell: Cell, json: &str) -> StoreResult<Vec<String>> {
    cell.valid(serde_json::from_str(json))
}

/// An object with one member for each feature.
pub(super) fn features(features: &Features) -> String {
    let members = features.iter().map(|(name, value)| {
        let value = match value {
            FeatureValue::Flag(flag) => Value::from(*flag),
            FeatureValue::Number(number) => Value::from(*number),
            FeatureValue::Text(text) => Value::from(text.as_str()),
        };
        (name.to_owned(), value)
    });
    Value::Object(members.collect()).to_string()
}

/// Reads [`features`].
pub(super) fn read_features(cell: Cell, json: &str) -> StoreResult<Features> {
    let members: BTreeMap<String, Value> = cell.valid(serde_json::from_str(json))?;
    let features = members.into_iter().map(|(name, value)| {
        let value = match value {
            Value::Bool(flag) => FeatureValue::Flag(flag),
            Value::Number(number) => FeatureValue::Number(cell.present(number.as_i64())?),
            Value::String(text) => FeatureValue::Text(text),
            Value::Null | Value::Array(_) | Value::Object(_) => return Err(cell.corrupt()),
        };
        Ok((name, value))
    });
    cell.valid(Features::new(features.collect::<StoreResult<_>>()?))
}
