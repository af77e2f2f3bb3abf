//! The revocation endpoint (RFC 7009).

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::resource::priority::Priority;
use turnkeep_protocol::oauth_error::ErrorDescription;
use turnkeep_service::tokens::revoke_token::{RevokeTokenCommand, revoke_token};

use crate::admission::request_admission::RequestAdmission;
use crate::allowed_origin::note_origin;
use crate::blocking::Urgency;
use crate::client_authentication::present_client;
use crate::connect::form_request::read_form;
use crate::connect::guarded::Guarded;
use crate::error::connect_error::ConnectError;
use crate::issuer::AddressedIssuer;
use crate::request_context::RequestContext;
use crate::response::connect_response;
use crate::state::WebState;

/// Revokes a token of the calling client. A hint of its type is not needed and not looked at (RFC 7009 §2.1).
pub(crate) async fn revoke(
    state: web::Data<WebState>,
    context: RequestContext,
    AddressedIssuer(issuer): AddressedIssuer,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ConnectError> {
    const NO_TOKEN: ErrorDescription = ErrorDescription::new("token is missing");
    let kind = (Endpoint::Revocation, Priority::AlwaysPass);
    let admission = RequestAdmission::arrive(&state, &request, kind, context.address)?;
    let mut form = read_form(&request, payload).await?;
    let token = form.take("token").ok_or(ConnectError::invalid_request(NO_TOKEN))?;
    let presentation = present_client(&request, &mut form)?;
    let client_id = presentation.client.client_id.clone();
    let guarded = Guarded {
        state: &state,
        admission: Arc::clone(&admission),
        context,
        issuer: &issuer,
        client_id: Some(&client_id),
        challenge: presentation.challenge,
        // An app that gives back all it can get must not keep an operator from stopping it.
        urgency: Urgency::Revocation,
    };
    let command = RevokeTokenCommand {
        issuer: issuer.clone(),
        client: presentation.client,
        token,
        request_id: Some(context.request_id),
        admission,
    };
    let ended = guarded.run_change(&request, move |authority| revoke_token(authority, &command)).await;
    note_origin(&state.authority, &request, &issuer, &client_id);
    ended?;
    Ok(connect_response(StatusCode::OK).finish())
}
