//! Where somebody goes on after having signed in: the page of ours that they asked for. It goes through the browser
//! sealed, so that no link can name another place (attack 17).

use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::http::Method;

use crate::account::error_page::PageError;
use crate::account::page_request::PageRequest;
use crate::account::paths::PagePaths;

const PURPOSE: &str = "return-to";

/// As long as the interaction of an app.
const LIFETIME: Duration = Duration::from_secs(3600);

/// Addresses of ours are shorter, but for what was made up.
const MAX_LENGTH: usize = 1_000;

/// The sealed page, which takes the place of an interaction.
#[derive(Debug, Clone)]
pub(crate) struct ReturnTo(pub(crate) String);

/// Notes at a request that nobody has signed in for which page to come back to. What was sent by a form is not sent again.
/// The account needs no note, which would only expire: signing in leads there anyway.
pub(crate) fn note_return(page: &PageRequest) -> Result<(), PageError> {
    let uri = page.request.uri();
    let asked = uri.path_and_query().map_or("", |asked| asked.as_str());
    if page.request.method() != Method::GET || MAX_LENGTH < asked.len() || !asked.starts_with('/') {
        return Ok(());
    }
    let authority = &page.state.authority;
    // A server that is behind something else sees the part of the path that is its own.
    let root = PagePaths::of_default(authority.base_url());
    if root.to(uri.path()) == page.paths.account() {
        return Ok(());
    }
    let location = root.to(asked);
    let sealed = authority
        .seal_state(PURPOSE, &page.issuer, &location, LIFETIME)
        .map_err(|fault| page.fault(&fault))?;
    page.request.extensions_mut().insert(ReturnTo(sealed));
    Ok(())
}

/// The page that a text leads back to, if it is one of ours.
pub(crate) fn open_return(page: &PageRequest, text: &str) -> Result<Option<String>, PageError> {
    page.state.authority.open_state(PURPOSE, &page.issuer, text).map_err(|fault| page.fault(&fault))
}
