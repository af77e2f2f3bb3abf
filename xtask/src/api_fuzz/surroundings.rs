//! Everything that a tenant must not be able to touch, as the operator sees it.

use serde_json::{Map, Value};

use crate::management::{Api, text};

/// All records but those of one tenant: equal before and after means untouched.
pub(super) fn without(api: &mut Api, tenant: &str) -> anyhow::Result<Map<String, Value>> {
    let mut found = Map::new();
    for collection in ["/instances", "/plans", "/regions", "/resources", "/users", "/tenants", "/apps"] {
        for record in api.list(collection, "")? {
            let (id, owner) = (text(&record, "id")?, record.get("tenant_id").and_then(Value::as_str));
            if id == tenant || owner == Some(tenant) {
                continue;
            }
            let parts: &[&str] = match collection {
                "/apps" => &["secrets"],
                "/tenants" => &["members", "invitations"],
                "/regions" => &["databases"],
                "/resources" => &["scopes", "servers"],
                _ => &[],
            };
            for part in parts {
                let path = format!("{collection}/{id}/{part}");
                let items = api.list(&path, "")?;
                found.insert(path, items.into_iter().map(without_use).collect());
            }
            if collection == "/apps" {
                let path = format!("/apps/{id}/storage");
                found.insert(path.clone(), api.find(&path)?.unwrap_or_default());
            }
            let path = format!("{collection}/{id}");
            found.insert(id, api.get(&path)?);
        }
    }
    Ok(found)
}

/// Without what changes by mere use: of a secret, and of the room that all tenants share.
fn without_use(mut part: Value) -> Value {
    if let Some(fields) = part.as_object_mut() {
        fields.remove("last_used_at");
        fields.remove("app_count");
    }
    part
}
