//! One step of a request, whether the app or a person brings it: the use case, and what becomes of its outcome.

use actix_web::HttpResponse;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::authorization_denial::{AuthorizationDenial, PageDenial};
use turnkeep_policy::authorization_facts::MalformedRequest;
use turnkeep_protocol::authorization_request::AuthorizationParameters;
use turnkeep_protocol::authorization_response::AuthorizationResponse;
use turnkeep_service::authorization::authorize::{
    AuthorizeCommand, AuthorizeDenial, Authorized, NextStep, authorize,
};
use turnkeep_service::authorization::consent_question::ConsentReply;
use turnkeep_service::authorization::interaction::{Interaction, seal_interaction};

use crate::account::cookies::session_handle;
use crate::account::error_page::PageError;
use crate::account::page_request::PageRequest;
use crate::connect::authorization::{consent, refusal, respond};

/// How a request got here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// In a way in which the browser sends the cookie of its session, if it has one.
    Link,
    /// By a form, perhaps of another site, so that the browser may have kept the cookie to itself (`SameSite=Lax`).
    Form,
}

/// A request, and how far it has come.
pub(super) struct Asking {
    pub(super) parameters: AuthorizationParameters,
    /// When the app first asked in this browser, unless it does so now.
    pub(super) began_at: Option<Timestamp>,
    pub(super) reply: Option<ConsentReply>,
    pub(super) arrival: Arrival,
}

/// Looks at a request, and answers the browser.
pub(super) async fn proceed(page: &PageRequest, asking: Asking) -> Result<HttpResponse, PageError> {
    let Asking { parameters, began_at, reply, arrival } = asking;
    let read = parameters.read();
    let flaw = read.as_ref().err().copied();
    let session_handle = session_handle(&page.request, &page.issuer);
    let may_have_session = arrival == Arrival::Form && session_handle.is_none();
    let command = AuthorizeCommand {
        issuer: page.issuer.clone(),
        client_id: parameters.stated("client_id").map(str::to_owned),
        redirect_uri: parameters.stated("redirect_uri").map(str::to_owned),
        request: read.map_err(|_| MalformedRequest),
        session_handle,
        began_at,
        reply,
        request_id: Some(page.context.request_id),
    };
    let authorized = page.ask(move |authority| authorize(authority, &command)).await?;
    let Authorized { redirect_uri, next } = authorized.map_err(page_error)?;
    let interaction = |redirect_uri: String| Interaction {
        client_id: parameters.stated("client_id").value().unwrap_or_default().to_owned(),
        redirect_uri,
        login_hint: parameters.login_hint().map(str::to_owned),
        request: parameters.understood(),
        began_at: began_at.unwrap_or_else(|| page.state.authority.now()),
        // A browser that keeps its cookies to itself is not given others: it shows them at the next step.
        browser: if may_have_session { page.known_browser() } else { Some(page.browser()) },
    };
    match next {
        NextStep::SignIn(_) | NextStep::Refuse(AuthorizationDenial::LoginRequired) if may_have_session => {
            send_to(page, "/connect/authorize/resume", interaction(redirect_uri))
        }
        NextStep::SignIn(_) => send_to(page, "/account/sign-in", interaction(redirect_uri)),
        NextStep::Ask(question) => consent::ask(page, interaction(redirect_uri), &question),
        NextStep::Refuse(denial) => {
            let (code, description) = refusal::answer(denial, flaw);
            let issuer = issuer_url(page);
            let response = AuthorizationResponse::error(code, description, parameters.state(), &issuer);
            respond::respond(page, &redirect_uri, parameters.response_mode(), response)
        }
        NextStep::Answer(code) => {
            let issuer = issuer_url(page);
            let response = AuthorizationResponse::code(code.expose(), parameters.state(), &issuer);
            respond::respond(page, &redirect_uri, parameters.response_mode(), response)
        }
    }
}

fn issuer_url(page: &PageRequest) -> String {
    page.state.authority.base_url().issuer_of(&page.issuer)
}

/// Sends the browser to another page of ours, with the request sealed.
fn send_to(page: &PageRequest, path: &str, interaction: Interaction) -> Result<HttpResponse, PageError> {
    let sealed = seal_interaction(&page.state.authority, &page.issuer, interaction)
        .map_err(|fault| page.fault(&fault))?;
    Ok(page.see_other(&page.paths.with_interaction(path, Some(&sealed))))
}

/// What is switched off looks like what never was.
fn page_error(denial: AuthorizeDenial) -> PageError {
    match denial {
        AuthorizeDenial::UnknownIssuer(_) => PageError::NotFound,
        AuthorizeDenial::AnswerUsed => PageError::InteractionExpired,
        AuthorizeDenial::Page(PageDenial::Ambiguous) => PageError::DuplicateParameter,
        AuthorizeDenial::Page(PageDenial::Client(_)) => PageError::UnknownClient,
        AuthorizeDenial::Page(PageDenial::RedirectUriMissing) => PageError::RedirectUriMissing,
        AuthorizeDenial::Page(PageDenial::RedirectUriMismatch) => PageError::RedirectUriMismatch,
    }
}
