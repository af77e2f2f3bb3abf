//! What is known of the browser that somebody signs in with.

use actix_web::http::header;
use turnkeep_service::sign_in::browser::Browser;

use crate::account::cookies::{CookieKind, session_handle};
use crate::account::page_request::PageRequest;
use crate::body::single_header;

/// The browser of a request.
pub(crate) fn browser_of(page: &PageRequest) -> Browser {
    Browser {
        address: page.context.address,
        user_agent: single_header(&page.request, &header::USER_AGENT).unwrap_or_default().to_owned(),
        device: CookieKind::Device.read(&page.request, &page.issuer),
        present_session: session_handle(&page.request, &page.issuer),
    }
}
