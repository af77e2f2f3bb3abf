//! Finds out what became of a mutation that was not acknowledged: it happened as a whole, or it did not.

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::holdings::Holdings;
use super::operation::{Effect, Operation};
use super::record::{Kind, Record, contains, is_as_acknowledged};
use crate::management::{Api, text};

/// Whether it happened. The records are brought to what they really are. An error says that it happened in part.
pub(super) fn resolve(
    api: &mut Api,
    holdings: &mut Holdings,
    operation: &Operation,
) -> anyhow::Result<Option<String>> {
    let resolved = match &operation.effect {
        Effect::Makes { kind } => find_made(api, holdings, *kind, operation.body.as_ref()),
        Effect::Changes { id, fields } => find_changed(api, holdings.record(id)?, fields),
        Effect::Deletes { id } => find_deleted(api, holdings.record(id)?),
        Effect::Regenerates { id } => find_regenerated(api, holdings.record(id)?),
    };
    resolved.with_context(|| format!("unacknowledged {}", operation.describe()))
}

/// Returns the id of the new record.
fn find_made(
    api: &mut Api,
    holdings: &mut Holdings,
    kind: Kind,
    body: Option<&Value>,
) -> anyhow::Result<Option<String>> {
    let body = body.context("no body")?;
    let query = match body.get("tenant_id").and_then(Value::as_str) {
        Some(tenant) => format!("tenant_id={tenant}"),
        None => String::new(),
    };
    let all = api.list(kind.collection(), &query)?;
    let mut found = all.into_iter().filter(|record| record.get("name") == body.get("name"));
    let Some(shown) = found.next() else { return Ok(None) };
    ensure!(found.next().is_none(), "made twice");
    // What is not shown the way it was asked for is compared by nobody.
    for field in ["tenant_id", "code", "app_limit"] {
        ensure!(body.get(field).is_none_or(|asked| shown.get(field) == Some(asked)), "made without {field}");
    }
    let id = text(&shown, "id")?;
    // A list shows less of a record than the record does.
    let record = Record::made(kind, api.get(&format!("{}/{id}", kind.collection()))?)?;
    if kind == Kind::App {
        ensure!(live_secrets(api, &id)?.len() == 1, "an app was made without its secret");
    }
    holdings.records.push(record);
    Ok(Some(id))
}

fn find_changed(api: &mut Api, record: &mut Record, fields: &Value) -> anyhow::Result<Option<String>> {
    let before = record.shown.clone().unwrap_or_default();
    let found = api.get(&record.path())?;
    if is_as_acknowledged(&found, &before)? {
        return Ok(None);
    }
    let others = |whole: &Value| {
        let mut others = whole.clone();
        if let (Some(others), Some(changed)) = (others.as_object_mut(), fields.as_object()) {
            // Which follow from the others.
            for derived in ["version", "state_since", "warnings"] {
                others.remove(derived);
            }
            others.retain(|name, _| !changed.contains_key(name));
        }
        others
    };
    ensure!(
        contains(&found, fields) && others(&found) == others(&before),
        "half done: {found}, was {before}"
    );
    record.shown = Some(found);
    Ok(Some(record.id.clone()))
}

fn find_deleted(api: &mut Api, record: &mut Record) -> anyhow::Result<Option<String>> {
    match api.find(&record.path())? {
        Some(found) => {
            let before = record.shown.clone().unwrap_or_default();
            ensure!(is_as_acknowledged(&found, &before)?, "half deleted: {found}, was {before}");
            Ok(None)
        }
        None => {
            (record.shown, record.secret) = (None, None);
            Ok(Some(record.id.clone()))
        }
    }
}

fn find_regenerated(api: &mut Api, record: &mut Record) -> anyhow::Result<Option<String>> {
    let live = live_secrets(api, &record.id)?;
    let [live] = live.as_slice() else { anyhow::bail!("{} live secrets", live.len()) };
    let known = record.secret.as_ref().map(|(id, _)| id);
    let newest = newest_secret(api, &record.id)?;
    ensure!(*live == newest, "the newest secret is not the live one");
    // A secret that came with the app has no known id; whether it is still the first tells.
    let happened = match known {
        Some(id) if !id.is_empty() => id != live,
        Some(_) | None => api.list(&format!("{}/secrets", record.path()), "")?.len() > 1,
    };
    if !happened {
        return Ok(None);
    }
    record.secret = Some((live.clone(), None));
    Ok(Some(record.id.clone()))
}

/// The ids of the live secrets of an app.
pub(super) fn live_secrets(api: &mut Api, app: &str) -> anyhow::Result<Vec<String>> {
    let secrets = api.list(&format!("/apps/{app}/secrets"), "")?;
    let live = secrets.iter().filter(|secret| secret.get("state") == Some(&json!("live")));
    live.map(|secret| text(secret, "id")).collect()
}

fn newest_secret(api: &mut Api, app: &str) -> anyhow::Result<String> {
    let secrets = api.list(&format!("/apps/{app}/secrets"), "")?;
    text(secrets.first().context("no secrets")?, "id")
}
