//! An app that asks about a token, or gives one back, shows who it is.

use turnkeep_domain::id::{AppId, RequestId};
use turnkeep_domain::slug::Slug;
use turnkeep_policy::decide_token::decide_client;
use turnkeep_policy::token_denial::TokenDenial;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::keys::publish_key_set::UnknownIssuer;
use crate::snapshot::look_up::LookUp;
use crate::tokens::admission::{Admission, Applicant, NotAdmitted};
use crate::tokens::check_client::check_client;
use crate::tokens::note_refusal::{ClientRefusal, note_refusal};
use crate::tokens::presented_client::PresentedClient;
use crate::tokens::registration::Registration;

/// What the client is up to, for the audit trail.
pub(crate) struct ClientAttempt<'a> {
    pub(crate) action: &'static str,
    pub(crate) request_id: Option<RequestId>,
    pub(crate) admission: &'a dyn Admission,
}

/// A client that is who it says.
pub(crate) struct AuthenticatedClient {
    pub(crate) app_id: AppId,
    pub(crate) registration: Registration,
}

/// The app with its issuer, if it authenticated and is in use. Refusals are noted.
pub(crate) fn authenticate_client<D: From<UnknownIssuer> + From<TokenDenial> + From<NotAdmitted>>(
    authority: &Authority,
    issuer: &Slug,
    client: &PresentedClient,
    attempt: &ClientAttempt<'_>,
    look_up: LookUp,
) -> Result<AuthenticatedClient, Failure<D>> {
    let now = authority.now();
    let registration = Registration::of_client(authority, issuer, &client.client_id, look_up)?
        .ok_or(Failure::Denied(UnknownIssuer.into()))?;
    let checked = check_client(authority, registration.app.as_deref(), client, now, look_up)?;
    let facts = registration.app_facts();
    let decided = decide_client(facts.as_ref(), checked.authentication);
    match (decided, facts.as_ref().zip(registration.app.as_ref())) {
        (Ok(()), Some((facts, app))) => {
            let admitted = attempt.admission.admit(&Applicant::of(facts));
            admitted.map_err(|refused| Failure::Denied(refused.into()))?;
            checked.note_use(authority, app, now);
            Ok(AuthenticatedClient { app_id: app.live.app.id, registration })
        }
        (Ok(()), None) => Err(Failure::Denied(TokenDenial::AppUnknown.into())),
        (Err(denial), _) => {
            let ClientAttempt { action, request_id, .. } = *attempt;
            let authentication = checked.authentication;
            let refusal = ClientRefusal { action, authentication, code: denial.code(), request_id };
            note_refusal(authority, &registration, &refusal);
            Err(Failure::Denied(denial.into()))
        }
    }
}
