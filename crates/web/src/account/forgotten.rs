//! Forgotten passwords. Whoever asks is told the same, whether there is such a person or not (ASVS 6.3.8).

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::forgotten::ForgottenPage;
use turnkeep_console::forgotten_sent::ForgottenSentPage;
use turnkeep_console::form::Form;
use turnkeep_console::render::Render;
use turnkeep_service::sign_in::request_reset::{ResetRequest, request_reset};

use crate::account::cookies::CookieKind;
use crate::account::error_page::PageError;
use crate::account::page_form::read_page_form;
use crate::account::page_request::PageRequest;

/// `GET /account/forgotten`.
pub(crate) async fn show_forgotten(page: PageRequest) -> Result<HttpResponse, PageError> {
    let (csrf, action, sign_in) =
        (page.form_token(), page.paths.to("/account/forgotten"), page.paths.sign_in());
    let html = ForgottenPage {
        frame: page.frame(),
        form: Form { action: &action, csrf: &csrf, interaction: None },
        sign_in_path: &sign_in,
    };
    page.page(StatusCode::OK, html.render())
}

/// `POST /account/forgotten`.
pub(crate) async fn submit_forgotten(
    page: PageRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = read_page_form(&page.request, payload).await?;
    page.check_form(&mut form)?;
    let user_name = form.take("email").unwrap_or_default();
    // Only puts the request aside; what comes of it takes its time elsewhere.
    let (issuer, request_id) = (page.issuer.clone(), Some(page.context.request_id));
    let device = CookieKind::Device.read(&page.request, &page.issuer);
    request_reset(&page.state.authority, ResetRequest { issuer, user_name, device, request_id });
    Ok(page.see_other(&page.paths.to("/account/forgotten/sent")))
}

/// `GET /account/forgotten/sent`.
pub(crate) async fn show_forgotten_sent(page: PageRequest) -> Result<HttpResponse, PageError> {
    let sign_in = page.paths.sign_in();
    page.page(StatusCode::OK, ForgottenSentPage { frame: page.frame(), sign_in_path: &sign_in }.render())
}
