//! The records of one worker. Nobody else touches them, so what was last acknowledged is what they are.

use anyhow::Context;
use serde_json::{Value, json};

use super::operation::{Effect, Operation};
use super::record::{Kind, Record};
use crate::management::text;
use crate::random::Chance;

/// Enough to have something in every state, few enough to change each often.
const TENANTS: usize = 3;
const PLANS: usize = 3;
const APPS_OF_TENANT: usize = 8;

/// A worker's records, and its way to choose what to do with them.
pub(super) struct Holdings {
    pub(super) records: Vec<Record>,
    pub(super) chance: Chance,
    name: String,
    names_given: u32,
    region: String,
}

impl Holdings {
    /// None so far. `name` tells the worker's records from all others.
    pub(super) fn new(name: String, region: String, chance: Chance) -> Self {
        Self { records: Vec::new(), chance, name, names_given: 0, region }
    }

    /// What to do next: always something that the server has to accept and that changes something.
    pub(super) fn next_operation(&mut self) -> Operation {
        loop {
            let die = self.chance.below(20);
            let operation = match die {
                0 => self.make_tenant(),
                1 | 2 => self.change_tenant(),
                3 => self.make_plan(),
                4 => self.change_plan(),
                5..=8 => self.make_app(),
                9 => self.delete_app(),
                10..=12 => self.regenerate(),
                13..=15 => self.change_plan_of_app(),
                _ => self.change_app(),
            };
            if let Some(operation) = operation {
                return operation;
            }
        }
    }

    /// Remembers what an answer has acknowledged.
    pub(super) fn acknowledge(&mut self, operation: &Operation, answer: &Value) -> anyhow::Result<()> {
        match &operation.effect {
            Effect::Makes { kind } => {
                let mut record = Record::made(*kind, answer.clone())?;
                if let Ok(secret) = text(answer, "client_secret") {
                    record.secret = Some((String::new(), Some(secret)));
                }
                self.records.push(record);
            }
            Effect::Changes { id, .. } => self.record(id)?.shown = Some(answer.clone()),
            Effect::Deletes { id } => {
                let record = self.record(id)?;
                (record.shown, record.secret) = (None, None);
            }
            Effect::Regenerates { id } => {
                let secret = (text(answer, "id")?, Some(text(answer, "client_secret")?));
                self.record(id)?.secret = Some(secret);
            }
        }
        Ok(())
    }

    /// One of the records.
    pub(super) fn record(&mut self, id: &str) -> anyhow::Result<&mut Record> {
        self.records.iter_mut().find(|record| record.id == id).context("a record that nobody made")
    }

    /// Whether an app's tenant is active.
    pub(super) fn is_tenant_active(&self, app: &Record) -> bool {
        let tenant = app.field("tenant_id");
        self.records.iter().any(|record| *tenant == record.id.as_str() && record.is_in_state("active"))
    }

    fn make_tenant(&mut self) -> Option<Operation> {
        (self.count(Kind::Tenant) < TENANTS)
            .then(|| Operation::makes(Kind::Tenant, json!({"name": self.new_name(), "app_limit": 100})))
    }

    fn change_tenant(&mut self) -> Option<Operation> {
        let tenant = self.choose(Kind::Tenant, |_| true)?;
        let id = &tenant.id;
        if !tenant.is_in_state("active") {
            return Some(Operation::acts(Kind::Tenant, id, "activate", json!({"state": "active"})));
        }
        Some(match self.chance.below(3) {
            0 => Operation::acts(Kind::Tenant, id, "suspend", json!({"state": "suspended"})),
            1 => Operation::patches(Kind::Tenant, id, json!({"name": self.new_name()})),
            _ => {
                let other = if *tenant.field("app_limit") == 100 { 101 } else { 100 };
                Operation::patches(Kind::Tenant, id, json!({"app_limit": other}))
            }
        })
    }

    fn make_plan(&mut self) -> Option<Operation> {
        if self.count(Kind::Plan) >= PLANS {
            return None;
        }
        let name = self.new_name();
        Some(Operation::makes(Kind::Plan, json!({"code": name, "name": name})))
    }

    fn change_plan(&mut self) -> Option<Operation> {
        let plan = self.choose(Kind::Plan, |_| true)?;
        if plan.is_in_state("draft") {
            return Some(Operation::acts(Kind::Plan, &plan.id, "activate", json!({"state": "active"})));
        }
        Some(Operation::patches(Kind::Plan, &plan.id, json!({"name": self.new_name()})))
    }

    fn make_app(&mut self) -> Option<Operation> {
        let tenant = self.choose(Kind::Tenant, |tenant| tenant.is_in_state("active"))?;
        let of_tenant = |app: &&Record| *app.field("tenant_id") == tenant.id.as_str();
        if self.records.iter().filter(of_tenant).count() >= APPS_OF_TENANT {
            return None;
        }
        let (name, region) = (self.new_name(), &self.region);
        Some(Operation::makes(Kind::App, json!({"tenant_id": tenant.id, "name": name, "region": region})))
    }

    fn change_app(&mut self) -> Option<Operation> {
        let app = self.choose_app()?;
        let (enabled, disabled) = (json!({"enabled": true}), json!({"enabled": false}));
        Some(match self.chance.below(3) {
            0 => Operation::patches(Kind::App, &app.id, json!({"name": self.new_name()})),
            1 => {
                let seconds = app.field("token_lifetime_seconds").as_u64().unwrap_or(0);
                let other = if seconds >= 900 { 60 } else { seconds + 1 };
                Operation::patches(Kind::App, &app.id, json!({"token_lifetime_seconds": other}))
            }
            _ if *app.field("enabled") == true => Operation::acts(Kind::App, &app.id, "disable", disabled),
            _ => Operation::acts(Kind::App, &app.id, "enable", enabled),
        })
    }

    fn change_plan_of_app(&mut self) -> Option<Operation> {
        let app = self.choose_app()?;
        let path = format!("/apps/{}/plan", app.id);
        let changes = |fields| Effect::Changes { id: app.id.clone(), fields };
        let Some(on_hold) = app.field("plan").get("on_hold") else {
            let plan = self.choose(Kind::Plan, |plan| plan.is_in_state("active"))?;
            let body = json!({"plan_id": plan.id});
            let effect = changes(json!({"plan": body}));
            return Some(Operation { method: "PUT", path, body: Some(body), effect });
        };
        Some(match (self.chance.below(2), on_hold == true) {
            (0, _) => {
                Operation { method: "DELETE", path, body: None, effect: changes(json!({"plan": null})) }
            }
            (_, true) => {
                Operation::acts(Kind::App, &app.id, "plan/release", json!({"plan": {"on_hold": false}}))
            }
            (_, false) => {
                Operation::acts(Kind::App, &app.id, "plan/hold", json!({"plan": {"on_hold": true}}))
            }
        })
    }

    fn delete_app(&mut self) -> Option<Operation> {
        let app = self.choose_app()?;
        let effect = Effect::Deletes { id: app.id.clone() };
        Some(Operation { method: "DELETE", path: app.path(), body: None, effect })
    }

    fn regenerate(&mut self) -> Option<Operation> {
        let app = self.choose_app()?;
        let path = format!("{}/secrets/regenerate", app.path());
        let effect = Effect::Regenerates { id: app.id };
        Some(Operation { method: "POST", path, body: None, effect })
    }

    fn choose_app(&mut self) -> Option<Record> {
        let active: Vec<String> = self
            .records
            .iter()
            .filter(|record| record.kind == Kind::Tenant && record.is_in_state("active"))
            .map(|tenant| tenant.id.clone())
            .collect();
        let in_active = |app: &Record| active.iter().any(|id| *app.field("tenant_id") == id.as_str());
        self.choose(Kind::App, in_active)
    }

    fn choose(&mut self, kind: Kind, suits: impl Fn(&Record) -> bool) -> Option<Record> {
        let suits = |record: &&Record| record.kind == kind && record.shown.is_some() && suits(record);
        let suitable: Vec<&Record> = self.records.iter().filter(suits).collect();
        self.chance.choose(&suitable).map(|record| (*record).clone())
    }

    fn count(&self, kind: Kind) -> usize {
        self.records.iter().filter(|record| record.kind == kind).count()
    }

    /// Good for a name and for a code.
    fn new_name(&mut self) -> String {
        self.names_given += 1;
        format!("{}-{}", self.name, self.names_given)
    }
}
