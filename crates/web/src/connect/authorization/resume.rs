//! Where a person comes back to with the request of an app, once they have signed in for it. All of it is looked at anew.

use actix_web::HttpResponse;
use turnkeep_protocol::authorization_request::AuthorizationParameters;
use turnkeep_service::authorization::interaction::open_interaction;

use crate::account::error_page::PageError;
use crate::account::page_form::read_page_query;
use crate::account::page_request::PageRequest;
use crate::connect::authorization::proceed::{Arrival, Asking, proceed};

/// Goes on with a request.
pub(crate) async fn resume(page: PageRequest) -> Result<HttpResponse, PageError> {
    let text = read_page_query(&page.request)?.take("interaction").ok_or(PageError::InteractionExpired)?;
    let opened = open_interaction(&page.state.authority, &page.issuer, &text);
    let interaction = opened.map_err(|fault| page.fault(&fault))?.ok_or(PageError::InteractionExpired)?;
    let parameters = AuthorizationParameters::parse(interaction.request.as_bytes());
    let began_at = interaction.began_in(page.known_browser().as_ref());
    proceed(&page, Asking { parameters, began_at, reply: None, arrival: Arrival::Link }).await
}
