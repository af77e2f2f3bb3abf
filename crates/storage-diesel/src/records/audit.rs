//! Rows of `audit_events`.

use diesel::prelude::*;
use turnkeep_domain::audit::{Actor, AuditEvent, AuditOutcome};
use turnkeep_domain::id::{AuditEventId, RequestId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::audit::AuditEntry;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use super::json;
use crate::schema::audit_events;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_events)]
pub(crate) struct AuditEventRow {
    instance_id: Vec<u8>,
    id: Vec<u8>,
    tenant_id: Option<Vec<u8>>,
    actor: String,
    action: String,
    object: Option<String>,
    refusal: Option<String>,
    changes: String,
    request_id: Option<Vec<u8>>,
    at: i64,
}

impl From<&AuditEvent> for AuditEventRow {
    fn from(event: &AuditEvent) -> Self {
        let (refusal, changes) = match &event.outcome {
            AuditOutcome::Done { changes } => (None, json::changes(changes)),
            AuditOutcome::Refused { code } => (Some((*code).to_owned()), json::changes(&[])),
        };
        Self {
            instance_id: event.instance_id.as_bytes().to_vec(),
            id: event.id.as_bytes().to_vec(),
            tenant_id: event.tenant_id.map(|id| id.as_bytes().to_vec()),
            actor: actor_text(event.actor),
            action: event.action.to_owned(),
            object: event.object.clone(),
            refusal,
            changes,
            request_id: event.request_id.map(|id| id.as_bytes().to_vec()),
            at: event.at.as_micros(),
        }
    }
}

fn actor_text(actor: Actor) -> String {
    match actor {
        Actor::System => "system".to_owned(),
        Actor::CommandLine => "command-line".to_owned(),
        Actor::App(id) => id.to_string(),
        Actor::User(id) => id.to_string(),
        Actor::Anonymous => "anonymous".to_owned(),
    }
}

const fn at(column: &'static str) -> Cell {
    cell("audit_events", column)
}

impl AuditEventRow {
    pub(crate) fn into_entry(self) -> StoreResult<AuditEntry> {
        let tenant_id = self.tenant_id.map(|id| at("tenant_id").bytes(&id)).transpose()?;
        let request_id = self.request_id.map(|id| at("request_id").bytes(&id)).transpose()?;
        Ok(AuditEntry {
            id: AuditEventId::from_bytes(at("id").bytes(&self.id)?).to_string(),
            tenant_id: tenant_id.map(|id| TenantId::from_bytes(id).to_string()),
            actor: self.actor,
            action: self.action,
            object: self.object,
            refusal: self.refusal,
            changes: self.changes,
            request_id: request_id.map(|id| RequestId::from_bytes(id).to_string()),
            at: Timestamp::from_micros(self.at),
        })
    }
}
