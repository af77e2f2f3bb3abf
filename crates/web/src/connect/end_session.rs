//! The logout endpoint (OpenID Connect RP-Initiated Logout §2): apps send browsers here, by GET or by POST. A link ends a
//! session only with an ID token of it; else the person is asked by a form that nobody else can send (attack 28). All of it
//! takes access away, so that it gets through when the server is busy.

use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use turnkeep_console::form::Form;
use turnkeep_console::render::Render;
use turnkeep_console::sign_out_confirm::SignOutConfirmPage;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::SessionId;
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::logout_parameters::{LogoutParameters, LogoutRequestTooLarge, signed_out_at};
use turnkeep_service::authorization::redirect_address::origin_of;
use turnkeep_service::logout::end_session::{
    EndSessionCommand, EndSessionDenial, LogoutQuestion, LogoutStep, end_session,
};
use turnkeep_service::logout::logout_request::{LogoutRequest, SealedLogout, open_logout, seal_logout};

use crate::account::cookies::{CookieKind, session_handle};
use crate::account::error_page::PageError;
use crate::account::page_form::{read_page_form, read_page_query};
use crate::account::page_request::{PageRequest, UrgentPage, set_cookie};

/// Where a request goes on that came without the cookie.
const RESUME: &str = "/connect/endsession/resume";

/// Where the answer to the question goes.
const CONFIRM: &str = "/connect/endsession/confirm";

/// The request is in the query.
pub(crate) async fn by_get(UrgentPage(page): UrgentPage) -> Result<HttpResponse, PageError> {
    let asked = read(read_page_query(&page.request)?)?;
    proceed(&page, asked, None).await
}

/// The request is in the body; what is in the query does not count. A form of another site comes without the cookie of the
/// session (`SameSite=Lax`), so that the browser is sent on to bring it along.
pub(crate) async fn by_post(
    UrgentPage(page): UrgentPage,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, PageError> {
    let asked = read(read_page_form(&request, payload).await?)?;
    if session_handle(&page.request, &page.issuer).is_some() {
        return proceed(&page, asked, None).await;
    }
    let sealed = seal(&page, asked, None)?;
    Ok(page.see_other(&page.paths.with_interaction(RESUME, Some(&sealed))))
}

/// Goes on with a request that came by a form. All of it is looked at anew.
pub(crate) async fn resume(UrgentPage(page): UrgentPage) -> Result<HttpResponse, PageError> {
    let text = read_page_query(&page.request)?.take("interaction").ok_or(PageError::InteractionExpired)?;
    let SealedLogout { request, .. } = open(&page, &text)?;
    proceed(&page, request, None).await
}

/// The person agrees.
pub(crate) async fn confirm(
    UrgentPage(page): UrgentPage,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = read_page_form(&request, payload).await?;
    page.check_form(&mut form)?;
    let text = form.take("interaction").ok_or(PageError::InteractionExpired)?;
    let SealedLogout { request, asked } = open(&page, &text)?;
    proceed(&page, request, asked).await
}

async fn proceed(
    page: &PageRequest,
    request: LogoutRequest,
    agreed: Option<SessionId>,
) -> Result<HttpResponse, PageError> {
    let session_handle = session_handle(&page.request, &page.issuer);
    let command = EndSessionCommand {
        issuer: page.issuer.clone(),
        request: request.clone(),
        session_handle,
        agreed,
        request_id: Some(page.context.request_id),
    };
    let ended = page.ask(move |authority| end_session(authority, &command)).await?;
    let LogoutStep { redirect_uri, question } = ended.map_err(page_error)?;
    if let Some(question) = question {
        return ask(page, request, &question, redirect_uri.as_deref());
    }
    let place = match redirect_uri {
        Some(redirect_uri) => signed_out_at(&redirect_uri, request.state.as_deref()),
        None => page.paths.to("/account/signed-out"),
    };
    let mut response = page.see_other(&place);
    set_cookie(&mut response, CookieKind::Session.clear(&page.issuer));
    Ok(response)
}

fn ask(
    page: &PageRequest,
    request: LogoutRequest,
    question: &LogoutQuestion,
    redirect_uri: Option<&str>,
) -> Result<HttpResponse, PageError> {
    let sealed = seal(page, request, Some(question.session_id))?;
    let (action, csrf, account) = (page.paths.to(CONFIRM), page.form_token(), page.paths.account());
    let html = SignOutConfirmPage {
        frame: page.frame(),
        form: Form { action: &action, csrf: &csrf, interaction: Some(&sealed) },
        app_name: question.app_name.as_ref().map(DisplayName::as_str),
        user_name: question.user_name.as_str(),
        account_path: &account,
    }
    .render();
    page.page_towards(StatusCode::OK, html, redirect_uri.map(origin_of))
}

fn read(mut form: FormParameters) -> Result<LogoutRequest, PageError> {
    let taken = LogoutParameters::take(&mut form).map_err(|LogoutRequestTooLarge| PageError::TooLarge)?;
    let LogoutParameters { id_token_hint, client_id, post_logout_redirect_uri, state } = taken;
    Ok(LogoutRequest { id_token_hint, client_id, redirect_uri: post_logout_redirect_uri, state })
}

fn seal(page: &PageRequest, request: LogoutRequest, asked: Option<SessionId>) -> Result<String, PageError> {
    seal_logout(&page.state.authority, &page.issuer, SealedLogout { request, asked })
        .map_err(|fault| page.fault(&fault))
}

fn open(page: &PageRequest, text: &str) -> Result<SealedLogout, PageError> {
    let opened = open_logout(&page.state.authority, &page.issuer, text);
    opened.map_err(|fault| page.fault(&fault))?.ok_or(PageError::InteractionExpired)
}

/// Why a request cannot be trusted, nobody is told.
fn page_error(denial: EndSessionDenial) -> PageError {
    match denial {
        EndSessionDenial::UnknownIssuer(_) => PageError::NotFound,
        EndSessionDenial::Request(_) => PageError::LogoutInvalid,
    }
}
