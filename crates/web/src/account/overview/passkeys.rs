//! Adding passkeys and removing them.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::account::message::AccountMessage;
use turnkeep_console::passkey_added::PasskeyAddedPage;
use turnkeep_console::render::Render;
use turnkeep_domain::id::PasskeyId;
use turnkeep_service::sign_in::account_denial::AccountDenial;
use turnkeep_service::sign_in::passkeys::{
    begin_passkey_registration, finish_passkey_registration, remove_passkey,
};

use super::refused::refused;
use super::sent_form::{PASSKEY_IS_LOST, SentForm};
use super::show::sent_form_page;
use crate::account::ceremony::{ceremony_refused, ceremony_response};
use crate::account::error_page::PageError;
use crate::account::person::{PersonRequest, UrgentRequest};

/// `POST /account/passkeys/options`: what the script passes to the authenticator, as JSON. Who has to sign in first is sent
/// there like from any form; the script sees that it is to go, and goes.
pub(crate) async fn begin_passkey(
    person: PersonRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    person.read_form(payload).await?;
    let (issuer, signed_in) = (person.page.issuer.clone(), person.signed_in.clone());
    let begun =
        person.page.ask(move |authority| begin_passkey_registration(authority, &issuer, &signed_in)).await?;
    match begun {
        Ok(ceremony) => ceremony_response(&person.page, &ceremony),
        Err(AccountDenial::TooManyPasskeys) => {
            Ok(ceremony_refused(&person.page, AccountMessage::TooManyPasskeys))
        }
        Err(denial) => refused(&person, denial).await,
    }
}

/// `POST /account/passkeys`.
pub(crate) async fn submit_passkey(
    person: PersonRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = person.read_form(payload).await?;
    let mut field = |name| form.take(name).unwrap_or_default();
    let (pending, response, name) = (field("ceremony"), field("credential"), field("name"));
    let (issuer, signed_in) = (person.page.issuer.clone(), person.signed_in.clone());
    let (request_id, named) = (Some(person.page.context.request_id), name.clone());
    let added = person
        .page
        .ask(move |authority| {
            finish_passkey_registration(
                authority, &issuer, &signed_in, &pending, &response, &named, request_id,
            )
        })
        .await?;
    match added {
        Ok(_) => {
            let account = person.page.paths.account();
            let html =
                PasskeyAddedPage { frame: person.page.frame(), passkey_name: &name, account_path: &account };
            person.page.page(StatusCode::OK, html.render())
        }
        Err(denial) => refused(&person, denial).await,
    }
}

/// `POST /account/passkeys/{id}/remove`, where it was ticked that this is meant.
pub(crate) async fn submit_passkey_removal(
    UrgentRequest(person): UrgentRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = person.read_form(payload).await?;
    person.require_fresh()?;
    let id: PasskeyId = person.path_id()?;
    if let Err(errors) = PASSKEY_IS_LOST.check(&mut form) {
        let sent = SentForm::PasskeyRemoval(id, errors);
        return sent_form_page(&person, None, StatusCode::UNPROCESSABLE_ENTITY, sent).await;
    }
    let (signed_in, request_id) = (person.signed_in.clone(), Some(person.page.context.request_id));
    match person.page.ask(move |authority| remove_passkey(authority, &signed_in, id, request_id)).await? {
        Ok(()) => Ok(person.done(AccountMessage::PasskeyRemoved)),
        Err(denial) => refused(&person, denial).await,
    }
}
