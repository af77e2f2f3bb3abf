//! The audit trail held against what was acknowledged: one event for each mutation, and none without one.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::ensure;
use serde_json::Value;

use super::operation::Operation;
use crate::management::{Api, text};

/// What the trail has to hold.
#[derive(Default)]
pub(super) struct Trail {
    /// Ids of events that were there before the test, or whose change was found without an acknowledgement.
    known: BTreeSet<String>,
    /// Request id to what was done.
    acknowledged: BTreeMap<String, String>,
}

impl Trail {
    /// Takes what is there for granted.
    pub(super) fn begin(api: &mut Api) -> anyhow::Result<Self> {
        let events = read(api)?;
        let known = events.iter().map(|event| text(event, "id")).collect::<Result<_, _>>()?;
        Ok(Self { known, acknowledged: BTreeMap::new() })
    }

    pub(super) fn acknowledge(&mut self, acknowledged: Vec<(String, Operation)>) {
        let described =
            acknowledged.into_iter().map(|(request_id, operation)| (request_id, operation.describe()));
        self.acknowledged.extend(described);
    }

    /// `appeared` are the ids of records that were changed without an acknowledgement, each by one mutation.
    pub(super) fn check(&mut self, api: &mut Api, appeared: Vec<String>) -> anyhow::Result<()> {
        self.compare(&read(api)?, appeared)
    }

    fn compare(&mut self, events: &[Value], mut appeared: Vec<String>) -> anyhow::Result<()> {
        let mut missing: BTreeMap<&str, &str> =
            self.acknowledged.iter().map(|(id, what)| (id.as_str(), what.as_str())).collect();
        let mut found = Vec::new();
        let mut ids = BTreeSet::new();
        for event in events {
            let id = text(event, "id")?;
            ensure!(ids.insert(id.clone()), "event {id} is listed twice");
            let request_id = event.get("request_id").and_then(Value::as_str).unwrap_or_default();
            if missing.remove(request_id).is_some() || self.known.contains(&id) {
                continue;
            }
            ensure!(!self.acknowledged.contains_key(request_id), "request {request_id} has two events");
            let object = event.get("object").and_then(Value::as_str).unwrap_or_default();
            let Some(at) = appeared.iter().position(|changed| changed == object) else {
                anyhow::bail!("an event without its change: {event}");
            };
            appeared.swap_remove(at);
            found.push(id);
        }
        if let Some((request_id, what)) = missing.first_key_value() {
            anyhow::bail!(
                "{} acknowledged mutations have no event, such as {what} ({request_id})",
                missing.len()
            );
        }
        if let Some(id) = appeared.first() {
            anyhow::bail!("{id} was changed without an event");
        }
        self.known.extend(found);
        Ok(())
    }
}

fn read(api: &mut Api) -> anyhow::Result<Vec<Value>> {
    api.list("/audit-events", "outcome=done")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcome(events: &[Value], appeared: &[&str]) -> Result<(), String> {
        let acknowledged = BTreeMap::from([("req_1".to_owned(), "PATCH /apps/app_1".to_owned())]);
        let mut trail = Trail { known: BTreeSet::from(["evt_0".to_owned()]), acknowledged };
        let appeared = appeared.iter().map(ToString::to_string).collect();
        trail.compare(events, appeared).map_err(|error| error.to_string())
    }

    #[test]
    fn each_change_has_its_one_event() {
        let event = |id: &str, request: &str, object: &str| json!({"id": id, "request_id": request, "object": object});
        let first = event("evt_0", "req_0", "ins_1");
        let good = event("evt_1", "req_1", "app_1");
        let unseen = event("evt_2", "req_2", "app_2");
        let again = event("evt_3", "req_1", "app_1");
        assert_eq!(outcome(&[first.clone(), good.clone()], &[]), Ok(()));
        assert_eq!(outcome(&[first.clone(), good.clone(), unseen.clone()], &["app_2"]), Ok(()));
        for (events, appeared) in [
            (vec![first.clone()], vec![]),
            (vec![good.clone(), good.clone()], vec![]),
            (vec![good.clone(), again], vec![]),
            (vec![good.clone(), unseen.clone()], vec![]),
            (vec![good.clone(), unseen], vec!["app_3"]),
            (vec![good], vec!["app_2"]),
        ] {
            assert!(outcome(&events, &appeared).is_err(), "{events:?} {appeared:?}");
        }
    }
}
