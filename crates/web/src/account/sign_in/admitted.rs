//! Somebody is in: the cookies of the new session, and the way on.

use actix_web::HttpResponse;
use turnkeep_service::sign_in::session::NewSession;

use super::destination::Destination;
use crate::account::cookies::CookieKind;
use crate::account::page_request::{PageRequest, set_cookie};

/// The answer to a sign-in that worked.
pub(crate) fn admitted(page: &PageRequest, destination: &Destination, session: &NewSession) -> HttpResponse {
    let mut response = page.see_other(&destination.location(page));
    keep_session(page, &mut response, session);
    response
}

/// Has the browser keep a session, and that it is known.
pub(crate) fn keep_session(page: &PageRequest, response: &mut HttpResponse, session: &NewSession) {
    set_cookie(response, CookieKind::Session.set(&page.issuer, session.handle.expose()));
    set_cookie(response, CookieKind::Device.set(&page.issuer, session.device.expose()));
}
