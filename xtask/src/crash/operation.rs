//! A mutation: the request, and how to see afterwards whether it happened.

use serde_json::Value;

use super::record::Kind;

/// One request that changes something.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) body: Option<Value>,
    pub(super) effect: Effect,
}

/// What it does.
#[derive(Debug, Clone)]
pub(super) enum Effect {
    /// A new record with the fields of the body, found again by its name.
    Makes { kind: Kind },
    /// These fields of a record get these values; objects may get more fields than are named.
    Changes { id: String, fields: Value },
    /// An app is gone.
    Deletes { id: String },
    /// An app has one new live secret, and no other.
    Regenerates { id: String },
}

impl Operation {
    pub(super) fn makes(kind: Kind, body: Value) -> Self {
        let path = kind.collection().to_owned();
        Self { method: "POST", path, body: Some(body), effect: Effect::Makes { kind } }
    }

    /// A `PATCH` with just these fields.
    pub(super) fn patches(kind: Kind, id: &str, fields: Value) -> Self {
        let path = format!("{}/{id}", kind.collection());
        let effect = Effect::Changes { id: id.to_owned(), fields: fields.clone() };
        Self { method: "PATCH", path, body: Some(fields), effect }
    }

    /// An action such as `disable`.
    pub(super) fn acts(kind: Kind, id: &str, action: &str, fields: Value) -> Self {
        let path = format!("{}/{id}/{action}", kind.collection());
        let effect = Effect::Changes { id: id.to_owned(), fields };
        Self { method: "POST", path, body: None, effect }
    }

    /// The record that it concerns, unless that is only being made.
    pub(super) fn concerns(&self) -> Option<&str> {
        match &self.effect {
            Effect::Makes { .. } => None,
            Effect::Changes { id, .. } | Effect::Deletes { id } | Effect::Regenerates { id } => Some(id),
        }
    }

    pub(super) fn describe(&self) -> String {
        let body = self.body.as_ref().map(Value::to_string).unwrap_or_default();
        format!("{} {} {body}", self.method, self.path)
    }
}
