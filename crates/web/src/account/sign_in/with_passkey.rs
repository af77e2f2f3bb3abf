//! Signing in with a passkey, which says by itself who it is for.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::sign_in::SignInMessage;
use turnkeep_service::sign_in::refusal::SignInRefusal;
use turnkeep_service::sign_in::sign_in_with_passkey::{
    PasskeySignIn, begin_passkey_sign_in, sign_in_with_passkey,
};

use super::admitted::admitted;
use super::browser::browser_of;
use super::destination::Destination;
use super::show::sign_in_page;
use super::with_password::too_many_attempts;
use crate::account::ceremony::ceremony_response;
use crate::account::error_page::PageError;
use crate::account::page_form::read_page_form;
use crate::account::page_request::PageRequest;

/// `POST /account/passkey/options`, by the script of the page.
pub(crate) async fn begin_passkey_use(
    page: PageRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = read_page_form(&page.request, payload).await?;
    page.check_form(&mut form)?;
    let issuer = page.issuer.clone();
    match page.ask(move |authority| begin_passkey_sign_in(authority, &issuer)).await? {
        Ok(ceremony) => ceremony_response(&page, &ceremony),
        // Only that there are none under this address.
        Err(_) => Err(PageError::NotFound),
    }
}

/// `POST /account/passkey/sign-in`.
pub(crate) async fn submit_passkey_use(
    page: PageRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = read_page_form(&page.request, payload).await?;
    let destination = Destination::of(&page, form.take("interaction")).await?;
    let again = |message, status| sign_in_page(&page, &destination, "", Some(message), status);
    if page.check_form(&mut form).is_err() {
        return again(SignInMessage::FormExpired, StatusCode::FORBIDDEN);
    }
    let command = PasskeySignIn {
        issuer: page.issuer.clone(),
        pending: form.take("ceremony").unwrap_or_default(),
        response_json: form.take("credential").unwrap_or_default(),
        browser: browser_of(&page),
        request_id: Some(page.context.request_id),
    };
    match page.ask(move |authority| sign_in_with_passkey(authority, &command)).await? {
        Ok(session) => Ok(admitted(&page, &destination, &session)),
        Err(SignInRefusal::WrongCredentials) => again(SignInMessage::PasskeyRefused, StatusCode::FORBIDDEN),
        Err(SignInRefusal::TooManyAttempts { retry_after }) => {
            let refused = again(SignInMessage::TooManyAttempts, StatusCode::TOO_MANY_REQUESTS)?;
            Ok(too_many_attempts(refused, retry_after))
        }
    }
}
