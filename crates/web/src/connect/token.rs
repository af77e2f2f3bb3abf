//! The token endpoint (RFC 6749 §3.2).

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::resource::priority::Priority;
use turnkeep_protocol::oauth_error::{ErrorDescription, OAuthErrorCode};
use turnkeep_service::authority::Authority;

use crate::admission::request_admission::RequestAdmission;
use crate::allowed_origin::note_origin;
use crate::blocking::Urgency;
use crate::client_authentication::present_client;
use crate::connect::form_request::read_form;
use crate::connect::grants::{GRANTS, GrantRequest};
use crate::connect::guarded::Guarded;
use crate::error::connect_error::ConnectError;
use crate::issuer::AddressedIssuer;
use crate::request_context::RequestContext;
use crate::response::connect_json;
use crate::state::WebState;

/// Answers a token request: its shape first, then the client, then the grant.
pub(crate) async fn token(
    state: web::Data<WebState>,
    context: RequestContext,
    AddressedIssuer(issuer): AddressedIssuer,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ConnectError> {
    const NO_GRANT_TYPE: ErrorDescription = ErrorDescription::new("grant_type is missing");
    const UNKNOWN_GRANT_TYPE: ErrorDescription = ErrorDescription::new("this grant_type is not supported");
    let kind = (Endpoint::Token, Priority::Token);
    let admission = RequestAdmission::arrive(&state, &request, kind, context.address)?;
    let mut form = read_form(&request, payload).await?;
    let grant_type = form.take("grant_type").ok_or(ConnectError::invalid_request(NO_GRANT_TYPE))?;
    let grant = GRANTS
        .iter()
        .find(|grant| grant.grant_type == grant_type)
        .ok_or(ConnectError::Refused(OAuthErrorCode::UnsupportedGrantType, Some(UNKNOWN_GRANT_TYPE)))?;
    let presentation = present_client(&request, &mut form)?;
    let client_id = presentation.client.client_id.clone();
    let use_case = (grant.prepare)(GrantRequest {
        issuer: issuer.clone(),
        client: presentation.client,
        form,
        request_id: context.request_id,
        admission: Arc::<RequestAdmission>::clone(&admission),
    })?;
    let guarded = Guarded {
        state: &state,
        admission,
        context,
        issuer: &issuer,
        client_id: Some(&client_id),
        challenge: presentation.challenge,
        urgency: Urgency::Usual,
    };
    // A refusal is counted in here, where its reason is known; a token below, when nobody takes it back any more.
    let counted = state.clone();
    let use_case = move |authority: &Authority, look_up| {
        use_case(authority, look_up).inspect_err(|failure| counted.metrics.count_refused(failure))
    };
    let ended = guarded.run_from_memory(use_case).await;
    note_origin(&state.authority, &request, &issuer, &client_id);
    let response = ended?;
    state.metrics.count_issued();
    Ok(connect_json(StatusCode::OK, &response))
}
