//! What a worker knows of a record that it made: what the server has last acknowledged.

use anyhow::Context;
use serde_json::Value;

use crate::management::text;

/// Which kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Tenant,
    App,
    Plan,
}

impl Kind {
    /// Where records of this kind are made and listed.
    pub(super) const fn collection(self) -> &'static str {
        match self {
            Self::Tenant => "/tenants",
            Self::App => "/apps",
            Self::Plan => "/plans",
        }
    }
}

/// A record.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) kind: Kind,
    pub(super) id: String,
    /// As the server has last answered it; `None` once it is deleted.
    pub(super) shown: Option<Value>,
    /// Of an app: the id of its only live secret, and the secret if it is known.
    pub(super) secret: Option<(String, Option<String>)>,
    /// Whether anything was tried on it since it was last compared.
    pub(super) touched: bool,
}

impl Record {
    /// A record from the answer to its creation.
    pub(super) fn made(kind: Kind, mut shown: Value) -> anyhow::Result<Self> {
        let id = text(&shown, "id")?;
        if let Some(fields) = shown.as_object_mut() {
            // The answer to a creation has it, no other.
            fields.remove("client_secret");
        }
        Ok(Self { kind, id, shown: Some(shown), secret: None, touched: true })
    }

    pub(super) fn path(&self) -> String {
        format!("{}/{}", self.kind.collection(), self.id)
    }

    /// Whether it is an app that was not deleted.
    pub(super) fn is_app(&self) -> bool {
        self.kind == Kind::App && self.shown.is_some()
    }

    pub(super) fn field(&self, name: &str) -> &Value {
        self.shown.as_ref().and_then(|shown| shown.get(name)).unwrap_or(&Value::Null)
    }

    pub(super) fn is_in_state(&self, state: &str) -> bool {
        self.field("state") == state
    }

    /// The credentials of an app that must get a token: it is enabled, and its secret is known.
    pub(super) fn live_secret(&self) -> Option<&str> {
        let is_live = *self.field("enabled") == true
            && self.field("plan").get("on_hold").is_none_or(|on_hold| *on_hold == false);
        self.secret.as_ref().filter(|_| is_live)?.1.as_deref()
    }
}

/// Whether a record is as it was acknowledged. Changes of its secrets count its version up without showing it.
pub(super) fn is_as_acknowledged(found: &Value, acknowledged: &Value) -> anyhow::Result<bool> {
    let version = |record: &Value| record.get("version").and_then(Value::as_u64).context("no version");
    Ok(without_version(found) == without_version(acknowledged) && version(found)? >= version(acknowledged)?)
}

/// Whether all fields of `part` are in `whole` with the same values. Objects may have more fields.
pub(super) fn contains(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(name, wanted)| whole.get(name).is_some_and(|found| contains(found, wanted)))
        }
        _ => whole == part,
    }
}

fn without_version(record: &Value) -> Value {
    let mut record = record.clone();
    if let Some(fields) = record.as_object_mut() {
        fields.remove("version");
    }
    record
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_lost_change_is_seen() {
        let acknowledged = json!({"id": "app_1", "enabled": false, "version": 3});
        let cases = [
            (json!({"id": "app_1", "enabled": false, "version": 3}), true),
            (json!({"id": "app_1", "enabled": false, "version": 4}), true),
            (json!({"id": "app_1", "enabled": false, "version": 2}), false),
            (json!({"id": "app_1", "enabled": true, "version": 3}), false),
            (json!({"id": "app_1", "version": 3}), false),
        ];
        for (found, expected) in cases {
            assert_eq!(is_as_acknowledged(&found, &acknowledged).unwrap(), expected, "{found}");
        }
    }

    #[test]
    fn a_part_is_found_in_the_whole() {
        let whole = json!({"name": "a", "plan": {"id": "p", "on_hold": false}});
        assert!(contains(&whole, &json!({"plan": {"on_hold": false}})));
        assert!(!contains(&whole, &json!({"plan": {"on_hold": true}})));
        assert!(!contains(&whole, &json!({"plan": null})));
    }

    #[test]
    fn only_an_app_that_works_has_a_live_secret() {
        let cases = [
            (json!({"id": "app_1", "enabled": true, "plan": null}), Some("s")),
            (json!({"id": "app_1", "enabled": false, "plan": null}), None),
            (json!({"id": "app_1", "enabled": true, "plan": {"on_hold": true}}), None),
            (json!({"id": "app_1", "enabled": true, "plan": {"on_hold": false}}), Some("s")),
        ];
        for (shown, expected) in cases {
            let mut record = Record::made(Kind::App, shown).unwrap();
            record.secret = Some(("sec_1".to_owned(), Some("s".to_owned())));
            assert_eq!(record.live_secret(), expected);
        }
    }
}
