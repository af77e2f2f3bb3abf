//! Signing out: only by a form of ours, so that no other site can do it to somebody (attack 28).

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::form::Form;
use turnkeep_console::render::Render;
use turnkeep_console::sign_out_confirm::SignOutConfirmPage;
use turnkeep_console::signed_out::SignedOutPage;
use turnkeep_service::sign_in::end_sessions::sign_out;

use crate::account::cookies::{CookieKind, session_handle};
use crate::account::error_page::PageError;
use crate::account::page_form::read_page_form;
use crate::account::page_request::{PageRequest, UrgentPage, set_cookie};

/// `GET /account/sign-out` asks first. Nobody comes back here by signing in: they would be asked to undo it.
pub(crate) async fn confirm_sign_out(page: PageRequest) -> Result<HttpResponse, PageError> {
    let signed_in = page.signed_in().await?.ok_or(PageError::NotSignedIn)?;
    let (csrf, action, account) =
        (page.form_token(), page.paths.to("/account/sign-out"), page.paths.account());
    let html = SignOutConfirmPage {
        frame: page.frame(),
        form: Form { action: &action, csrf: &csrf, interaction: None },
        app_name: None,
        user_name: signed_in.user.name.as_str(),
        account_path: &account,
    };
    page.page(StatusCode::OK, html.render())
}

/// `POST /account/sign-out`.
pub(crate) async fn submit_sign_out(
    UrgentPage(page): UrgentPage,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    // Whose session is over already has what they want.
    page.signed_in().await?.ok_or(PageError::NotSignedIn)?;
    let mut form = read_page_form(&page.request, payload).await?;
    page.check_form(&mut form)?;
    let (issuer, request_id) = (page.issuer.clone(), Some(page.context.request_id));
    if let Some(handle) = session_handle(&page.request, &page.issuer) {
        page.run(move |authority| sign_out(authority, &issuer, &handle, request_id)).await?;
    }
    let mut response = page.see_other(&page.paths.to("/account/signed-out"));
    set_cookie(&mut response, CookieKind::Session.clear(&page.issuer));
    Ok(response)
}

/// `GET /account/signed-out`.
pub(crate) async fn show_signed_out(page: PageRequest) -> Result<HttpResponse, PageError> {
    let sign_in = page.paths.sign_in();
    page.page(StatusCode::OK, SignedOutPage { frame: page.frame(), sign_in_path: &sign_in }.render())
}
