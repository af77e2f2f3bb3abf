//! Signing in with a user name and a password. The answer is the same for every reason why it does not work
//! (ASVS 6.3.8).

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, web};
use turnkeep_console::sign_in::SignInMessage;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::sign_in::refusal::SignInRefusal;
use turnkeep_service::sign_in::sign_in_with_password::{
    PasswordOutcome, PasswordSignIn, sign_in_with_password,
};

use super::admitted::admitted;
use super::browser::browser_of;
use super::destination::Destination;
use super::guessing::Guessing;
use super::second_factor::ask_second_factor;
use super::show::sign_in_page;
use crate::account::error_page::PageError;
use crate::account::page_form::read_page_form;
use crate::account::page_request::PageRequest;
use crate::admission::refusal::Paced;
use crate::error::retry_after;

/// `POST /account/sign-in`.
pub(crate) async fn submit_sign_in(
    page: PageRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = read_page_form(&page.request, payload).await?;
    let destination = Destination::of(&page, form.take("interaction")).await?;
    let user_name = form.take("user_name").unwrap_or_default();
    let again = |message, status| sign_in_page(&page, &destination, &user_name, Some(message), status);
    if page.check_form(&mut form).is_err() {
        return again(SignInMessage::FormExpired, StatusCode::FORBIDDEN);
    }
    let guessing = Guessing::at(&page, &user_name);
    if let Some(wait) = guessing.wait() {
        let refused = again(SignInMessage::TooManyAttempts, StatusCode::TOO_MANY_REQUESTS)?;
        return Ok(too_many_attempts(refused, wait));
    }
    let password = PlaintextSecret::new(form.take("password").unwrap_or_default());
    let command = PasswordSignIn {
        issuer: page.issuer.clone(),
        user_name: user_name.clone(),
        password,
        browser: browser_of(&page),
        request_id: Some(page.context.request_id),
    };
    match page.ask_hashing(move |authority| sign_in_with_password(authority, &command)).await? {
        Ok(PasswordOutcome::SignedIn(session)) => Ok(admitted(&page, &destination, &session)),
        Ok(PasswordOutcome::SecondFactorNeeded(pending)) => ask_second_factor(&page, &destination, &pending),
        Err(SignInRefusal::WrongCredentials) => {
            guessing.failed();
            again(SignInMessage::Refused, StatusCode::FORBIDDEN)
        }
        Err(SignInRefusal::TooManyAttempts { retry_after }) => {
            let refused = again(SignInMessage::TooManyAttempts, StatusCode::TOO_MANY_REQUESTS)?;
            Ok(too_many_attempts(refused, retry_after))
        }
    }
}

/// Says when to come back, and lets the answer wait.
pub(crate) fn too_many_attempts(mut response: HttpResponse, wait: Duration) -> HttpResponse {
    let seconds = HeaderValue::from(retry_after::seconds(wait));
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
    response.extensions_mut().insert(Paced::OverLimit);
    response
}
