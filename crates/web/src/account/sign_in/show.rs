//! The sign-in page, for whoever wants to get in and for who has to prove it once more.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::form::{Form, PasskeyOffer};
use turnkeep_console::render::Render;
use turnkeep_console::sign_in::{SignInMessage, SignInPage};

use super::destination::Destination;
use crate::account::error_page::PageError;
use crate::account::page_form::read_page_query;
use crate::account::page_request::PageRequest;

/// `GET /account/sign-in`. Who is signed in already goes on to the account, unless an app, or the account itself, wants
/// more.
pub(crate) async fn show_sign_in(page: PageRequest) -> Result<HttpResponse, PageError> {
    let mut query = read_page_query(&page.request)?;
    let was_ended = query.take("ended").is_some();
    let destination = match (query.take("interaction"), query.take("again")) {
        (None, Some(_)) => Destination::account_again(),
        (interaction, _) => Destination::of(&page, interaction).await?,
    };
    let is_signed_in = page.signed_in().await?.is_some();
    if is_signed_in && destination.interaction().is_none() {
        return Ok(page.see_other(&page.paths.account()));
    }
    let message = if is_signed_in {
        Some(SignInMessage::SignInAgain)
    } else {
        // A made-up link says nothing to who was never here.
        (was_ended && page.presents_session()).then_some(SignInMessage::SessionOver)
    };
    let user_name = destination.login_hint().unwrap_or_default();
    sign_in_page(&page, &destination, user_name, message, StatusCode::OK)
}

/// The page with what was typed before, and what to say about it.
pub(super) fn sign_in_page(
    page: &PageRequest,
    destination: &Destination,
    user_name: &str,
    message: Option<SignInMessage>,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let csrf = page.form_token();
    let (action, forgotten) = (page.paths.sign_in(), page.paths.to("/account/forgotten"));
    let (passkey, options) =
        (page.paths.to("/account/passkey/sign-in"), page.paths.to("/account/passkey/options"));
    let html = SignInPage {
        frame: page.frame(),
        form: Form { action: &action, csrf: &csrf, interaction: destination.interaction() },
        app_name: destination.app_name(),
        user_name,
        message,
        passkey: page.offers_passkeys().then_some(PasskeyOffer { action: &passkey, options_path: &options }),
        forgotten_path: Some(&forgotten),
    };
    page.page_towards(status, html.render(), destination.redirect_origin())
}
