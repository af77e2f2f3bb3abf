//! What is asked of the registry.

use anyhow::Context;
use serde_json::Value;

use super::probe::Probe;
use crate::management::text;

/// A line of the table.
pub(super) struct Question {
    pub(super) name: &'static str,
    /// Asked one after the other, over and over, so that caches do not see one record only.
    pub(super) paths: Vec<String>,
}

/// How many different records are asked for.
const RECORDS: usize = 500;

impl Question {
    /// What needs no record at all.
    pub(super) fn floor() -> Self {
        Self { name: "liveness", paths: vec!["/health/live".to_owned()] }
    }

    /// All others. Walks through the lists to find records and cursors of pages in their middle.
    pub(super) fn all(probe: &mut Probe) -> anyhow::Result<Vec<Self>> {
        let by_age = walk(probe, "/api/v1/apps?limit=100")?;
        let by_name = walk(probe, "/api/v1/apps?limit=100&sort=name")?;
        let field = |name: &str| -> anyhow::Result<Vec<String>> {
            by_age.records.iter().map(|app| text(app, name)).collect()
        };
        let (ids, tenants, client_ids) = (field("id")?, field("tenant_id")?, field("client_id")?);
        let plan = probe.page("/api/v1/plans?limit=1")?.0;
        let plan = text(plan.first().context("there is no plan")?, "id")?;
        let one = |name, path: &str| Self { name, paths: vec![format!("/api/v1{path}")] };
        let each = |name, keys: &[String], path: &dyn Fn(&str) -> String| Self {
            name,
            paths: keys.iter().map(|key| format!("/api/v1{}", path(key))).collect(),
        };
        Ok(vec![
            one("apps, first page of 50", "/apps"),
            one("apps, a page in the middle", &format!("/apps?after={}", by_age.middle)),
            one("apps by name, first page", "/apps?sort=name"),
            one("apps by name, a page in the middle", &format!("/apps?sort=name&after={}", by_name.middle)),
            each("apps of a tenant", &tenants, &|id| format!("/apps?tenant_id={id}")),
            one("apps that are disabled (1 in 50)", "/apps?state=disabled"),
            one("apps on a plan (all of them)", &format!("/apps?plan_id={plan}")),
            one("apps with a word in their name (all)", "/apps?search=measured"),
            one("apps with a word in their name (1)", "/apps?search=app%2077777"),
            one("apps with a word in their name (none)", "/apps?search=nowhere"),
            each("app by client id", &client_ids, &|id| format!("/apps?client_id={id}")),
            each("app by id", &ids, &|id| format!("/apps/{id}")),
            each("explain", &ids, &|id| format!("/apps/{id}/explain")),
            one("tenants, first page", "/tenants"),
            one("tenants with a word in their name (1)", "/tenants?search=tenant%207777"),
            one("review, first page", "/review"),
            each("review of a tenant", &tenants, &|id| format!("/review?tenant_id={id}")),
            one("audit events, first page", "/audit-events"),
            one("audit events of an action (1 in 2)", "/audit-events?action=tenant.activate"),
            one("audit events that were refused (none)", "/audit-events?outcome=refused"),
            each("audit events of a tenant", &tenants, &|id| format!("/audit-events?tenant_id={id}")),
            each("audit events of a record", &tenants, &|id| format!("/audit-events?object={id}")),
        ])
    }
}

/// What a walk through a list finds.
struct Walk {
    /// Of the page in the middle, for a page of the usual length.
    middle: String,
    /// Spread over the list.
    records: Vec<Value>,
}

fn walk(probe: &mut Probe, path: &str) -> anyhow::Result<Walk> {
    let (mut cursors, mut records) = (Vec::new(), Vec::new());
    let mut next = String::new();
    loop {
        let (items, cursor) = probe.page(&format!("{path}{next}"))?;
        // The first of a page each.
        records.extend(items.into_iter().next());
        let Some(cursor) = cursor else { break };
        next = format!("&after={cursor}");
        cursors.push(cursor);
    }
    records.truncate(RECORDS);
    let middle = cursors.get(cursors.len() / 2).context("the list has one page only")?.clone();
    Ok(Walk { middle, records })
}
