//! The audit event of an authorization that was refused. What an app asks again and again without a person, and what is
//! no more than a question still open, is none.

use turnkeep_domain::audit::{Actor, AuditEvent, AuditOutcome};
use turnkeep_domain::id::{AuditEventId, RequestId, UserId};
use turnkeep_policy::authorization_denial::{AuthorizationDenial, PageDenial};

use crate::authority::Authority;
use crate::tokens::registration::Registration;

/// What was attempted.
pub(crate) const ACTION: &str = "authorization.grant";

/// Who asked, as far as that is known.
pub(crate) struct Asker {
    pub(crate) user_id: Option<UserId>,
    pub(crate) request_id: Option<RequestId>,
}

/// Notes that the person saw an error page.
pub(crate) fn note_page(
    authority: &Authority,
    registration: &Registration,
    asker: &Asker,
    denial: PageDenial,
) {
    note(authority, registration, asker, denial.code());
}

/// Notes that the app got an error.
pub(crate) fn note_refused(
    authority: &Authority,
    registration: &Registration,
    asker: &Asker,
    denial: AuthorizationDenial,
) {
    match denial {
        AuthorizationDenial::LoginRequired | AuthorizationDenial::ConsentRequired => {}
        AuthorizationDenial::Malformed
        | AuthorizationDenial::App(_)
        | AuthorizationDenial::NotForPeople
        | AuthorizationDenial::PkceRequired
        | AuthorizationDenial::Scope(_)
        | AuthorizationDenial::SignIn(_)
        | AuthorizationDenial::ConsentDenied => note(authority, registration, asker, denial.code()),
    }
}

fn note(authority: &Authority, registration: &Registration, asker: &Asker, code: &'static str) {
    let now = authority.now();
    let app = registration.app.as_ref().map(|cached| &cached.live.app);
    authority.books.note_refusal(AuditEvent {
        id: AuditEventId::new(now, authority.random_bytes()),
        instance_id: registration.issuer.catalogue.instance.id,
        tenant_id: app.map(|app| app.tenant_id),
        actor: asker.user_id.map_or(Actor::Anonymous, Actor::User),
        action: ACTION,
        object: app.map(|app| app.id.to_string()),
        outcome: AuditOutcome::Refused { code },
        request_id: asker.request_id,
        at: now,
    });
}
