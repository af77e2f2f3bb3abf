//! What remains of a client that was refused: a number, and an event of the audit trail (seed 000 §7).

use turnkeep_domain::audit::{Actor, AuditEvent, AuditOutcome};
use turnkeep_domain::id::{AuditEventId, RequestId};
use turnkeep_policy::decide_token::Authentication;

use crate::authority::Authority;
use crate::tokens::registration::Registration;

/// What was refused, and why.
pub(crate) struct ClientRefusal {
    pub(crate) action: &'static str,
    pub(crate) authentication: Authentication,
    /// The stable code of the cause.
    pub(crate) code: &'static str,
    pub(crate) request_id: Option<RequestId>,
}

/// Counts a refusal and notes it in the books.
pub(crate) fn note_refusal(authority: &Authority, registration: &Registration, refusal: &ClientRefusal) {
    if let Some(app) = &registration.app {
        app.tokens.note_refused(authority.now(), refusal.code);
    }
    note_counted_refusal(authority, registration, refusal);
}

/// Notes a refusal in the books that is counted already. Who did not authenticate is anonymous, whatever client id it
/// named.
pub(crate) fn note_counted_refusal(
    authority: &Authority,
    registration: &Registration,
    refusal: &ClientRefusal,
) {
    let now = authority.now();
    let app = registration.app.as_ref().map(|cached| &cached.live.app);
    let actor = match (app, refusal.authentication) {
        (Some(app), Authentication::Verified) => Actor::App(app.id),
        (
            Some(_),
            Authentication::Failed | Authentication::NotAttempted | Authentication::Impossible { .. },
        )
        | (None, _) => Actor::Anonymous,
    };
    authority.books.note_refusal(AuditEvent {
        id: AuditEventId::new(now, authority.random_bytes()),
        instance_id: registration.issuer.catalogue.instance.id,
        tenant_id: app.map(|app| app.tenant_id),
        actor,
        action: refusal.action,
        object: app.map(|app| app.id.to_string()),
        outcome: AuditOutcome::Refused { code: refusal.code },
        request_id: refusal.request_id,
        at: now,
    });
}
