//! The guard of forms against forgery (RFC 6749 §10.12, ASVS 3.5): a form counts if it carries the token of a cookie that
//! only this browser has, and if the browser does not say that it comes from elsewhere. Visitors without a session get a
//! cookie for it, so that nobody can sign them in as somebody else.

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderName};
use turnkeep_domain::slug::Slug;

use crate::account::cookies::CookieKind;
use crate::account::error_page::PageError;
use crate::account::paths::origin_and_path;
use crate::body::single_header;
use crate::state::WebState;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What the forms of a browser are bound to: its session if it presents one, else the cookie for this.
pub(crate) fn bound_to(request: &HttpRequest, issuer: &Slug) -> Option<String> {
    CookieKind::Session.read(request, issuer).or_else(|| CookieKind::Form.read(request, issuer))
}

/// Whether a form was sent by the browser that it was made for, from a page of ours.
pub(crate) fn check_form(
    state: &WebState,
    request: &HttpRequest,
    issuer: &Slug,
    token: Option<&str>,
) -> Result<(), PageError> {
    check_origin(state, request)?;
    let cookie = bound_to(request, issuer).ok_or(PageError::FormExpired)?;
    let is_ours = token.is_some_and(|token| state.authority.is_form_token(&cookie, token));
    if is_ours { Ok(()) } else { Err(PageError::FormExpired) }
}

/// Whether the browser says that the request comes from another site. `null` says nothing: it is what browsers send from
/// pages that send no referrer, such as ours.
pub(crate) fn check_origin(state: &WebState, request: &HttpRequest) -> Result<(), PageError> {
    let (ours, _) = origin_and_path(state.authority.base_url());
    let is_foreign_origin = request.headers().contains_key(header::ORIGIN)
        && !single_header(request, &header::ORIGIN).is_some_and(|origin| origin == ours || origin == "null");
    let is_foreign_site = request.headers().contains_key(SEC_FETCH_SITE)
        && !single_header(request, &SEC_FETCH_SITE)
            .is_some_and(|site| matches!(site, "same-origin" | "none"));
    if is_foreign_origin || is_foreign_site { Err(PageError::FormExpired) } else { Ok(()) }
}
