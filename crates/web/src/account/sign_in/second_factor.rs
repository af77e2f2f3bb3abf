//! The second step of signing in: a code. What was proven before comes back sealed, in a hidden field.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::form::Form;
use turnkeep_console::render::Render;
use turnkeep_console::second_factor::{SecondFactorMessage, SecondFactorPage, SecondFactorWay};
use turnkeep_console::sign_in::SignInMessage;
use turnkeep_protocol::form::FormParameters;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::failure::Fault;
use turnkeep_service::sign_in::pending_sign_in::{PENDING_LIFETIME, PendingSignIn};
use turnkeep_service::sign_in::refusal::SignInRefusal;
use turnkeep_service::sign_in::sign_in_with_second_factor::{SecondFactorSignIn, sign_in_with_second_factor};

use super::admitted::admitted;
use super::browser::browser_of;
use super::destination::Destination;
use super::guessing::Guessing;
use super::show::sign_in_page;
use super::with_password::too_many_attempts;
use crate::account::error_page::PageError;
use crate::account::page_form::read_page_form;
use crate::account::page_request::PageRequest;

/// What the sealed first step is for, and nothing else.
const PURPOSE: &str = "second-factor";

/// Asks for the second factor after a first one that was right.
pub(crate) fn ask_second_factor(
    page: &PageRequest,
    destination: &Destination,
    pending: &PendingSignIn,
) -> Result<HttpResponse, PageError> {
    let sealed = page.state.authority.seal_state(PURPOSE, &page.issuer, pending, PENDING_LIFETIME);
    let sealed = sealed.map_err(|fault| page.fault(&fault))?;
    second_factor_page(page, destination, &sealed, SecondFactorWay::Authenticator, None, StatusCode::OK)
}

/// `POST /account/second-factor`.
pub(crate) async fn submit_second_factor(
    page: PageRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = read_page_form(&page.request, payload).await?;
    let destination = Destination::of(&page, form.take("interaction")).await?;
    page.check_form(&mut form)?;
    let sealed = form.take("pending").unwrap_or_default();
    let opened = open(&page, &sealed).map_err(|fault| page.fault(&fault))?;
    let Some(pending) = opened else {
        let message = Some(SignInMessage::SecondFactorExpired);
        return sign_in_page(&page, &destination, "", message, StatusCode::FORBIDDEN);
    };
    let way = SecondFactorWay::of_value(&form.take("way").unwrap_or_default());
    let again =
        |message, status| second_factor_page(&page, &destination, &sealed, way, Some(message), status);
    // The account is known to us here, but not by name: what was sealed stands for it.
    let guessing = Guessing::at(&page, &sealed);
    if let Some(wait) = guessing.wait() {
        let refused = again(SecondFactorMessage::TooManyAttempts, StatusCode::TOO_MANY_REQUESTS)?;
        return Ok(too_many_attempts(refused, wait));
    }
    let command = SecondFactorSignIn {
        issuer: page.issuer.clone(),
        pending,
        code: PlaintextSecret::new(code_of(&mut form)),
        browser: browser_of(&page),
        request_id: Some(page.context.request_id),
    };
    match page.ask(move |authority| sign_in_with_second_factor(authority, &command)).await? {
        Ok(session) => Ok(admitted(&page, &destination, &session)),
        Err(SignInRefusal::WrongCredentials) => {
            guessing.failed();
            again(SecondFactorMessage::CodeRefused, StatusCode::FORBIDDEN)
        }
        Err(SignInRefusal::TooManyAttempts { retry_after }) => {
            let refused = again(SecondFactorMessage::TooManyAttempts, StatusCode::TOO_MANY_REQUESTS)?;
            Ok(too_many_attempts(refused, retry_after))
        }
    }
}

fn code_of(form: &mut FormParameters) -> String {
    form.take("code").unwrap_or_default()
}

fn open(page: &PageRequest, sealed: &str) -> Result<Option<PendingSignIn>, Fault> {
    page.state.authority.open_state(PURPOSE, &page.issuer, sealed)
}

fn second_factor_page(
    page: &PageRequest,
    destination: &Destination,
    pending: &str,
    way: SecondFactorWay,
    message: Option<SecondFactorMessage>,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let csrf = page.form_token();
    let action = page.paths.to("/account/second-factor");
    let begin_anew = page.paths.with_interaction("/account/sign-in", destination.interaction());
    let html = SecondFactorPage {
        frame: page.frame(),
        form: Form { action: &action, csrf: &csrf, interaction: destination.interaction() },
        pending,
        way,
        message,
        sign_in_path: &begin_anew,
    };
    page.page_towards(status, html.render(), destination.redirect_origin())
}
