//! New recovery codes, which are shown once.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::recovery_codes_once::RecoveryCodesOncePage;
use turnkeep_console::render::Render;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::sign_in::second_factors::renew_recovery_codes;

use super::refused::refused;
use super::sent_form::{OLD_CODES_STOP, SentForm};
use super::show::sent_form_page;
use crate::account::error_page::PageError;
use crate::account::person::PersonRequest;

/// `POST /account/recovery-codes`, where it was ticked that the old ones may stop.
pub(crate) async fn submit_recovery_codes(
    person: PersonRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = person.read_form(payload).await?;
    person.require_fresh()?;
    if let Err(errors) = OLD_CODES_STOP.check(&mut form) {
        let sent = SentForm::RecoveryCodes(errors);
        return sent_form_page(&person, None, StatusCode::UNPROCESSABLE_ENTITY, sent).await;
    }
    let (signed_in, request_id) = (person.signed_in.clone(), Some(person.page.context.request_id));
    match person.page.ask(move |authority| renew_recovery_codes(authority, &signed_in, request_id)).await? {
        Ok(codes) => recovery_codes_page(&person, &codes),
        Err(denial) => refused(&person, denial).await,
    }
}

/// The page with the codes.
pub(super) fn recovery_codes_page(
    person: &PersonRequest,
    codes: &[PlaintextSecret],
) -> Result<HttpResponse, PageError> {
    let account = person.page.paths.account();
    let codes: Vec<String> = codes.iter().map(|code| code.expose().to_owned()).collect();
    let html = RecoveryCodesOncePage { frame: person.page.frame(), codes: &codes, account_path: &account };
    person.page.page(StatusCode::OK, html.render())
}
