//! The operations on the audit trail.

use turnkeep_protocol::management::audit_chain::AuditChainResponse;
use turnkeep_protocol::management::audit_event::AuditEventResponse;

use crate::management::audit::filter::PARAMETERS;
use crate::management::audit::{chain, export, read};
use crate::management::operation::get;
use crate::management::operations::Chapter;
use crate::management::query_parameter::SORT_BY_CREATION;

pub(crate) fn chapter() -> Chapter {
    Chapter {
        title: "Audit",
        description: "Everything that changes access leaves an event, and so does every refusal. The events of an \
            instance form a chain of hashes, so that a change or a gap shows.",
        operations: vec![
            get("/audit-events", "listAuditEvents", read::list)
                .summary("Lists events, the newest first: operators those of the instance, others those of their tenant.")
                .lists::<AuditEventResponse>()
                .query(&[SORT_BY_CREATION])
                .query(&PARAMETERS),
            get("/audit-events/{id}", "getAuditEvent", read::find)
                .summary("Shows an event.")
                .views::<AuditEventResponse>(),
            get("/audit-chain", "getAuditChain", chain::show)
                .summary("Shows where the chain of events begins and ends; for operators.")
                .views::<AuditChainResponse>(),
            get("/audit-export", "exportAuditTrail", export::export)
                .summary("Writes events as JSON lines; without a filter, operators get what can be verified offline.")
                .streams("application/jsonl")
                .query(&PARAMETERS),
        ],
    }
}
