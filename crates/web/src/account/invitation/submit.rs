//! Accepting an invitation.

use actix_web::{HttpResponse, web};
use turnkeep_console::account::message::AccountMessage;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::people::accept_invitation::accept_invitation_as;

use super::show::invitation_spent;
use crate::account::error_page::PageError;
use crate::account::person::PersonRequest;

/// `POST /account/invitation`.
pub(crate) async fn submit_invitation(
    person: PersonRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = person.read_form(payload).await?;
    let handle = PlaintextSecret::new(form.take("token").unwrap_or_default());
    let (user, request_id) = (person.signed_in.user.clone(), Some(person.page.context.request_id));
    let accepted =
        person.page.ask(move |authority| accept_invitation_as(authority, &user, &handle, request_id)).await?;
    match accepted {
        Ok(_) => Ok(person.done(AccountMessage::InvitationAccepted)),
        Err(_) => invitation_spent(&person.page, Some(&person.signed_in.user), None),
    }
}
