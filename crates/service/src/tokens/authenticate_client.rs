//! An app that asks about a token, or gives one back, shows who it is.

use turnkeep_domain::id::{AppId, InstanceId, RequestId};
use turnkeep_domain::slug::Slug;
use turnkeep_policy::decide_token::decide_client;
use turnkeep_policy::token_denial::TokenDenial;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::keys::publish_key_set::UnknownIssuer;
use crate::tokens::check_client::check_client;
use crate::tokens::note_refusal::{ClientRefusal, note_refusal};
use crate::tokens::presented_client::PresentedClient;
use crate::tokens::registration::Registration;

/// What the client is up to, for the audit trail.
pub(crate) struct ClientAttempt {
    pub(crate) action: &'static str,
    pub(crate) request_id: Option<RequestId>,
}

/// The app and its instance, if it authenticated and is in use. Refusals are noted.
pub(crate) fn authenticate_client<D: From<UnknownIssuer> + From<TokenDenial>>(
    authority: &Authority,
    issuer: &Slug,
    client: &PresentedClient,
    attempt: &ClientAttempt,
) -> Result<(AppId, InstanceId), Failure<D>> {
    let registration = authority
        .store
        .read(|reads| Registration::of_client(reads, &authority.decoys, issuer, &client.client_id))?
        .ok_or(Failure::Denied(UnknownIssuer.into()))?;
    let authentication = check_client(authority, registration.app.as_ref(), client, authority.now())?;
    let facts = registration.app_facts();
    let decided = decide_client(facts.as_ref(), authentication);
    match (decided, facts) {
        (Ok(()), Some(facts)) => Ok((facts.app.id, registration.instance.id)),
        (Ok(()), None) => Err(Failure::Denied(TokenDenial::AppUnknown.into())),
        (Err(denial), _) => {
            let ClientAttempt { action, request_id } = *attempt;
            note_refusal(
                authority,
                &registration,
                &ClientRefusal { action, authentication, denial, request_id },
            );
            Err(Failure::Denied(denial.into()))
        }
    }
}
