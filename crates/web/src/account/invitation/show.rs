//! The page behind the link of an invitation: what it offers, and the question whether to accept it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::form::Form;
use turnkeep_console::invitation::{InvitationPage, InvitationSpentPage};
use turnkeep_console::render::Render;
use turnkeep_domain::user::User;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::people::look_at_invitation::{
    InvitationOffer, is_invitation_handle, look_at_invitation,
};

use crate::account::error_page::PageError;
use crate::account::page_form::read_page_query;
use crate::account::page_request::PageRequest;
use crate::account::readable::moment;
use crate::account::sign_in::destination::Destination;

/// `GET /account/invitation?token=…`. Who is not signed in does that first, and comes back.
pub(crate) async fn show_invitation(page: PageRequest) -> Result<HttpResponse, PageError> {
    let token = read_page_query(&page.request)?.take("token").unwrap_or_default();
    let signed_in = page.signed_in().await?;
    if !is_invitation_handle(&token) {
        return invitation_spent(&page, signed_in.as_ref().map(|signed_in| &signed_in.user), None);
    }
    let Some(signed_in) = signed_in else {
        return Ok(page.see_other(&Destination::invitation(token).sign_in(&page)));
    };
    let (user, handle) = (signed_in.user.clone(), PlaintextSecret::new(token.clone()));
    let offer = page.run(move |authority| look_at_invitation(authority, &user, &handle)).await?;
    match offer {
        Some(offer) => invitation_page(&page, &signed_in.user, &token, &offer),
        None => invitation_spent(&page, Some(&signed_in.user), Some(token)),
    }
}

fn invitation_page(
    page: &PageRequest,
    user: &User,
    token: &str,
    offer: &InvitationOffer,
) -> Result<HttpResponse, PageError> {
    let (csrf, action, account) =
        (page.form_token(), page.paths.to("/account/invitation"), page.paths.account());
    let html = InvitationPage {
        frame: page.frame(),
        form: Form { action: &action, csrf: &csrf, interaction: None },
        token,
        tenant_name: offer.tenant_name.as_str(),
        role: offer.role.as_str(),
        user_name: user.name.as_str(),
        expires_at: moment(offer.expires_at),
        account_path: &account,
    };
    page.page(StatusCode::OK, html.render())
}

/// One page for all that is wrong with an invitation: whoever it is not for learns nothing of it.
pub(super) fn invitation_spent(
    page: &PageRequest,
    user: Option<&User>,
    token: Option<String>,
) -> Result<HttpResponse, PageError> {
    // Somebody else may be meant, who uses the same browser.
    let sign_in = match token {
        Some(token) => Destination::invitation(token).sign_in(page),
        None => page.paths.sign_in(),
    };
    let html = InvitationSpentPage {
        frame: page.frame(),
        user_name: user.map(|user| user.name.as_str()),
        sign_in_path: &sign_in,
    };
    page.page(StatusCode::BAD_REQUEST, html.render())
}
