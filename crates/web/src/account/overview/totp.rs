//! Setting up an authenticator app, and taking it away.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::account::message::AccountMessage;
use turnkeep_console::form::Form;
use turnkeep_console::render::Render;
use turnkeep_console::totp_setup::{TotpSetupPage, TrustedSvg};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::sign_in::account_denial::AccountDenial;
use turnkeep_service::sign_in::refusal::SignInRefusal;
use turnkeep_service::sign_in::second_factors::{
    TotpSetup, begin_totp_setup, confirm_totp, remove_totp, show_totp_setup,
};

use super::recovery_codes::recovery_codes_page;
use super::refused::refused;
use super::show::account_page;
use crate::account::error_page::PageError;
use crate::account::person::PersonRequest;

/// `POST /account/totp`: shows a new secret, of which nothing is stored yet. Where it is to take the place of another one
/// it asks for the password.
pub(crate) async fn begin_totp(
    person: PersonRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = person.read_form(payload).await?;
    let password = form.take("current_password").map(PlaintextSecret::new);
    let (issuer, signed_in) = (person.page.issuer.clone(), person.signed_in.clone());
    let begun = person
        .page
        .ask_hashing(move |authority| begin_totp_setup(authority, &issuer, &signed_in, password.as_ref()))
        .await?;
    match begun {
        Ok(setup) => totp_page(&person, &setup, CodeRefused::No),
        Err(AccountDenial::SignIn(SignInRefusal::WrongCredentials) | AccountDenial::PasswordNeeded) => {
            account_page(&person, Some(AccountMessage::TotpPasswordRefused), StatusCode::FORBIDDEN).await
        }
        Err(denial) => refused(&person, denial).await,
    }
}

/// `POST /account/totp/confirm`: the first code turns it on.
pub(crate) async fn submit_totp(
    person: PersonRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = person.read_form(payload).await?;
    let pending = form.take("pending").unwrap_or_default();
    let code = PlaintextSecret::new(form.take("code").unwrap_or_default());
    let (issuer, signed_in) = (person.page.issuer.clone(), person.signed_in.clone());
    let (request_id, sealed) = (Some(person.page.context.request_id), pending.clone());
    let confirmed = person
        .page
        .ask(move |authority| confirm_totp(authority, &issuer, &signed_in, &sealed, &code, request_id))
        .await?;
    match confirmed {
        Ok(codes) => recovery_codes_page(&person, &codes),
        Err(AccountDenial::SignIn(SignInRefusal::WrongCredentials)) => show_again(&person, pending).await,
        Err(denial) => refused(&person, denial).await,
    }
}

/// `POST /account/totp/remove`.
pub(crate) async fn submit_totp_removal(
    person: PersonRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = person.read_form(payload).await?;
    let password = form.take("current_password").map(PlaintextSecret::new);
    let (issuer, signed_in) = (person.page.issuer.clone(), person.signed_in.clone());
    let request_id = Some(person.page.context.request_id);
    let removed = person
        .page
        .ask_hashing(move |authority| {
            remove_totp(authority, &issuer, &signed_in, password.as_ref(), request_id)
        })
        .await?;
    match removed {
        Ok(()) => Ok(person.done(AccountMessage::TotpRemoved)),
        Err(AccountDenial::SignIn(SignInRefusal::WrongCredentials) | AccountDenial::PasswordNeeded) => {
            account_page(&person, Some(AccountMessage::TotpPasswordRefused), StatusCode::FORBIDDEN).await
        }
        // A password may be shorter where a code comes after it.
        Err(AccountDenial::Password(_)) => {
            account_page(&person, Some(AccountMessage::TotpNeeded), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(denial) => refused(&person, denial).await,
    }
}

async fn show_again(person: &PersonRequest, pending: String) -> Result<HttpResponse, PageError> {
    let (issuer, signed_in) = (person.page.issuer.clone(), person.signed_in.clone());
    let shown =
        person.page.ask(move |authority| show_totp_setup(authority, &issuer, &signed_in, &pending)).await?;
    match shown {
        Ok(setup) => totp_page(person, &setup, CodeRefused::Yes),
        Err(denial) => refused(person, denial).await,
    }
}

/// Whether a code was entered that is wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CodeRefused {
    Yes,
    No,
}

fn totp_page(
    person: &PersonRequest,
    setup: &TotpSetup,
    code_refused: CodeRefused,
) -> Result<HttpResponse, PageError> {
    let page = &person.page;
    let code_refused = code_refused == CodeRefused::Yes;
    let (csrf, action, account) =
        (page.form_token(), page.paths.to("/account/totp/confirm"), page.paths.account());
    let html = TotpSetupPage {
        frame: page.frame(),
        form: Form { action: &action, csrf: &csrf, interaction: None },
        pending: Some(&setup.pending),
        qr: TrustedSvg::drawn_by_us(setup.qr_svg.expose()),
        secret_text: setup.secret.expose(),
        code_refused,
        account_path: &account,
    };
    page.page(if code_refused { StatusCode::FORBIDDEN } else { StatusCode::OK }, html.render())
}
