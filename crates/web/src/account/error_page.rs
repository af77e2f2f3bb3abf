//! Why there is not the page that was asked for. Mostly there is an error page then: a status and one fixed phrase, with
//! nothing of the request but its id. Who has to sign in first is sent there, and nobody is sent anywhere else.

use std::fmt;

use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpMessage, HttpResponse, ResponseError};
use turnkeep_console::error_page::{ErrorPage, PageError as ErrorPhrase, WayOn};
use turnkeep_console::frame::{Frame, Theme};
use turnkeep_console::render::Render;
use turnkeep_domain::accent::Accent;
use turnkeep_domain::id::RequestId;
use turnkeep_domain::slug::Slug;
use turnkeep_service::sign_in::issuer_look::issuer_look;
use turnkeep_service::snapshot::look_up::LookUp;

use crate::account::page::insert_page_headers;
use crate::account::page_request::theme_of;
use crate::account::paths::{PagePaths, SIGN_IN_AFTER_END, SIGN_IN_AGAIN};
use crate::account::return_to::ReturnTo;
use crate::admission::refusal::{Paced, Refusal};
use crate::error::fault::FaultKind;
use crate::error::retry_after;
use crate::issuer::addressed_slug;
use crate::state::WebState;
use crate::telemetry::route_label::RouteLabel;

/// The reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageError {
    /// 400: no app has this client id, or it is disabled, or not for people.
    UnknownClient,
    /// 400: the redirect URI is not registered.
    RedirectUriMismatch,
    /// 400: the redirect URI is missing.
    RedirectUriMissing,
    /// 400: a parameter came twice, so that nobody can tell what it says.
    DuplicateParameter,
    /// 400: it cannot be read, or is not what the address takes.
    MalformedRequest,
    /// 400: what was begun is too old, was finished before, is not ours, or its app is disabled.
    InteractionExpired,
    /// 403: the form has no valid token against forgery, or came from another site.
    FormExpired,
    /// 404.
    NotFound,
    /// 403: the person's role does not include it.
    Forbidden,
    /// 405, with what is allowed.
    MethodNotAllowed(&'static str),
    /// 413.
    TooLarge,
    /// 408: the body did not arrive.
    BodyTimedOut,
    /// 415: the body is not a form.
    NotAForm,
    /// 400: a one-time link that does not work.
    LinkInvalid,
    /// 400: a logout request that cannot be trusted.
    LogoutInvalid,
    /// 429 for a limit that is used up, 503 where there is more to do than this node can.
    NotAdmitted(Refusal),
    /// 303 to the sign-in page: nobody is signed in, or not any more.
    NotSignedIn,
    /// 303 to the sign-in page, which says that what was sent was not done: the session is over.
    SessionOver,
    /// 303 to the sign-in page: somebody is signed in, but not recently enough.
    NotFresh,
    /// 500 or 503.
    Fault(FaultKind),
}

/// The look of the instance that a request is for, as soon as it is known.
#[derive(Debug, Clone)]
pub(crate) struct PageTheme(pub(crate) Theme);

/// An answer that waits for what an error does not know: the request's id, and the look and the paths of its instance.
enum PendingPage {
    Error(ErrorPhrase),
    /// To a path of the instance.
    SeeOther(&'static str),
}

impl PageError {
    fn pending(self) -> PendingPage {
        match self {
            Self::NotSignedIn => PendingPage::SeeOther("/account/sign-in"),
            Self::SessionOver => PendingPage::SeeOther(SIGN_IN_AFTER_END),
            Self::NotFresh => PendingPage::SeeOther(SIGN_IN_AGAIN),
            error => PendingPage::Error(error.phrase()),
        }
    }

    fn phrase(self) -> ErrorPhrase {
        match self {
            Self::NotSignedIn | Self::SessionOver | Self::NotFresh => ErrorPhrase::FormExpired,
            Self::UnknownClient => ErrorPhrase::UnknownClient,
            Self::RedirectUriMismatch => ErrorPhrase::RedirectUriMismatch,
            Self::RedirectUriMissing => ErrorPhrase::RedirectUriMissing,
            Self::DuplicateParameter => ErrorPhrase::DuplicateParameter,
            Self::MalformedRequest | Self::NotAForm => ErrorPhrase::MalformedRequest,
            Self::InteractionExpired => ErrorPhrase::InteractionExpired,
            Self::FormExpired => ErrorPhrase::FormExpired,
            Self::NotFound => ErrorPhrase::NotFound,
            Self::Forbidden => ErrorPhrase::Forbidden,
            Self::MethodNotAllowed(_) => ErrorPhrase::MethodNotAllowed,
            Self::TooLarge => ErrorPhrase::TooLarge,
            Self::LinkInvalid => ErrorPhrase::LinkInvalid,
            Self::LogoutInvalid => ErrorPhrase::LogoutInvalid,
            Self::NotAdmitted(Refusal::Limited(_)) => ErrorPhrase::TooManyAttempts,
            Self::BodyTimedOut
            | Self::NotAdmitted(Refusal::Overloaded)
            | Self::Fault(FaultKind::Unavailable) => ErrorPhrase::TemporarilyUnavailable,
            Self::Fault(FaultKind::Internal) => ErrorPhrase::Internal,
        }
    }

    fn header(self) -> Option<(header::HeaderName, HeaderValue)> {
        match self {
            Self::MethodNotAllowed(allowed) => Some((header::ALLOW, HeaderValue::from_static(allowed))),
            Self::NotAdmitted(Refusal::Limited(standing)) => {
                Some((header::RETRY_AFTER, standing.retry_after_seconds().into()))
            }
            Self::NotAdmitted(Refusal::Overloaded) | Self::Fault(FaultKind::Unavailable) => {
                Some((header::RETRY_AFTER, retry_after::jittered_seconds().into()))
            }
            Self::UnknownClient
            | Self::RedirectUriMismatch
            | Self::RedirectUriMissing
            | Self::DuplicateParameter
            | Self::MalformedRequest
            | Self::InteractionExpired
            | Self::FormExpired
            | Self::NotFound
            | Self::Forbidden
            | Self::TooLarge
            | Self::BodyTimedOut
            | Self::NotAForm
            | Self::LinkInvalid
            | Self::LogoutInvalid
            | Self::NotSignedIn
            | Self::SessionOver
            | Self::NotFresh
            | Self::Fault(FaultKind::Internal) => None,
        }
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.phrase().code())
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::UnknownClient
            | Self::RedirectUriMismatch
            | Self::RedirectUriMissing
            | Self::DuplicateParameter
            | Self::MalformedRequest
            | Self::InteractionExpired
            | Self::LinkInvalid
            | Self::LogoutInvalid => StatusCode::BAD_REQUEST,
            Self::NotSignedIn | Self::SessionOver | Self::NotFresh => StatusCode::SEE_OTHER,
            Self::FormExpired | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotAdmitted(Refusal::Limited(_)) => StatusCode::TOO_MANY_REQUESTS,
            Self::NotAdmitted(Refusal::Overloaded) | Self::Fault(FaultKind::Unavailable) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Fault(FaultKind::Internal) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        if let Some((name, value)) = self.header() {
            response.headers_mut().insert(name, value);
        }
        if let Self::NotAdmitted(refusal) = self {
            response.extensions_mut().insert(Paced::from(*refusal));
        }
        response.extensions_mut().insert(self.pending());
        response
    }
}

impl From<Refusal> for PageError {
    fn from(refusal: Refusal) -> Self {
        Self::NotAdmitted(refusal)
    }
}

/// Completes an error page that waits for it.
pub(crate) fn complete_error_page(
    mut answered: ServiceResponse<BoxBody>,
    state: &WebState,
    request_id: RequestId,
) -> ServiceResponse<BoxBody> {
    let pending = answered.response_mut().extensions_mut().remove::<PendingPage>();
    let Some(pending) = pending else {
        return answered;
    };
    let base_url = state.authority.base_url();
    let issuer = addressed_slug(answered.request());
    let paths = match &issuer {
        Some(issuer) => PagePaths::of(base_url, issuer),
        None => PagePaths::of_default(base_url),
    };
    insert_page_headers(answered.headers_mut(), base_url, None);
    match pending {
        PendingPage::SeeOther(path) => {
            let back = answered.request().extensions().get::<ReturnTo>().cloned();
            let back = back.as_ref().map(|ReturnTo(sealed)| sealed.as_str());
            if let Ok(location) = HeaderValue::try_from(paths.with_interaction(path, back)) {
                answered.headers_mut().insert(header::LOCATION, location);
            }
            answered
        }
        PendingPage::Error(error) => {
            let known = answered.request().extensions().get::<PageTheme>().cloned();
            let PageTheme(theme) = known.unwrap_or_else(|| PageTheme(remembered(state, issuer.as_ref())));
            let route = RouteLabel::of(answered.request());
            let html = error_html(&theme, &paths, route, error, request_id);
            let html_type = HeaderValue::from_static("text/html; charset=utf-8");
            answered.headers_mut().insert(header::CONTENT_TYPE, html_type);
            answered.map_body(|_, _| BoxBody::new(html))
        }
    }
}

fn error_html(
    theme: &Theme,
    paths: &PagePaths,
    route: RouteLabel,
    error: ErrorPhrase,
    request_id: RequestId,
) -> String {
    let (assets, request_id) = (paths.assets(), request_id.to_string());
    let frame = Frame { theme, assets: &assets };
    let (dashboard, account) = (paths.dashboard(), paths.account());
    let way_on = match (route, error) {
        (RouteLabel::Dashboard, _) => Some(WayOn::Dashboard(&dashboard)),
        // Who signed in for a page of ours has no app to go back to.
        (_, ErrorPhrase::InteractionExpired) => Some(WayOn::Account(&account)),
        (_, _) => None,
    };
    // Fixed phrases always render.
    ErrorPage { frame, error, request_id: &request_id, way_on }.render().unwrap_or_default()
}

/// The look where the request ended before anybody asked for it: that of the instance if it is in memory, since an error
/// page waits for nothing.
fn remembered(state: &WebState, issuer: Option<&Slug>) -> Theme {
    let look = issuer.map(|issuer| issuer_look(&state.authority, issuer, LookUp::InMemory));
    look.and_then(Result::ok).map_or_else(nameless, |look| theme_of(&look))
}

/// The look of pages of no instance that is known.
fn nameless() -> Theme {
    Theme { name: "Turnkeep".to_owned(), accent: Accent::default() }
}

#[cfg(test)]
mod tests {
    use turnkeep_service::issuer::BaseUrl;

    use super::*;

    #[test]
    fn who_was_too_slow_to_sign_in_finds_the_way_to_their_account() {
        let base_url = BaseUrl::parse("https://id.example.com").unwrap();
        let paths = PagePaths::of(&base_url, &Slug::parse("acme").unwrap());
        let to_account = "id=\"account-link\" href=\"/i/acme/account\"";
        let to_dashboard = "id=\"dashboard-link\" href=\"/i/acme/dashboard\"";
        for (route, error, expected) in [
            (RouteLabel::Account, ErrorPhrase::InteractionExpired, [true, false]),
            (RouteLabel::Authorization, ErrorPhrase::InteractionExpired, [true, false]),
            (RouteLabel::Account, ErrorPhrase::UnknownClient, [false, false]),
            (RouteLabel::Dashboard, ErrorPhrase::NotFound, [false, true]),
        ] {
            let html = error_html(&nameless(), &paths, route, error, RequestId::from_bytes([7; 16]));
            let links = [to_account, to_dashboard].map(|link| html.contains(link));
            assert_eq!(links, expected, "{route:?} {error:?}: {html}");
        }
    }
}
