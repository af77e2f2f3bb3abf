//! The metadata documents (RFC 8414 §3, OpenID Connect Discovery §4).

use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, web};
use turnkeep_policy::protocol_scopes::ProtocolScope;
use turnkeep_protocol::metadata::{AuthorizationServerMetadata, OpenIdProviderMetadata, SupportedParts};
use turnkeep_service::keys::publish_key_set::describe_issuer;

use crate::blocking::Urgency;
use crate::client_authentication::supported_methods;
use crate::connect::grants::grant_types;
use crate::error::api_error::ApiError;
use crate::from_memory::run_from_memory;
use crate::issuer::AddressedIssuer;
use crate::request_context::RequestContext;
use crate::state::WebState;
use crate::well_known::publish;

/// `/.well-known/oauth-authorization-server`.
pub(crate) async fn authorization_server(
    state: web::Data<WebState>,
    context: RequestContext,
    issuer: AddressedIssuer,
) -> Result<HttpResponse, ApiError> {
    let document = describe(&state, context, issuer).await?;
    let mut response = HttpResponse::Ok();
    publish(&mut response);
    Ok(response.content_type(ContentType::json()).json(document))
}

/// `/.well-known/openid-configuration`.
pub(crate) async fn openid_provider(
    state: web::Data<WebState>,
    context: RequestContext,
    issuer: AddressedIssuer,
) -> Result<HttpResponse, ApiError> {
    let document = OpenIdProviderMetadata::new(describe(&state, context, issuer).await?);
    let mut response = HttpResponse::Ok();
    publish(&mut response);
    Ok(response.content_type(ContentType::json()).json(document))
}

async fn describe(
    state: &web::Data<WebState>,
    context: RequestContext,
    AddressedIssuer(issuer): AddressedIssuer,
) -> Result<AuthorizationServerMetadata, ApiError> {
    let facts = run_from_memory(state, Urgency::Usual, move |authority, look_up| {
        describe_issuer(authority, &issuer, look_up)
    })
    .await
    .map_err(|not_run| ApiError::not_run(&not_run, context.request_id))?
    .map_err(|failure| ApiError::from_failure(failure, context.request_id))?;
    let of_protocol = ProtocolScope::ALL.into_iter().map(|scope| scope.as_str().to_owned());
    let scopes = of_protocol.chain(facts.scopes.iter().map(ToString::to_string)).collect();
    let supported =
        SupportedParts { grant_types: grant_types(), client_authentication_methods: supported_methods() };
    Ok(AuthorizationServerMetadata::new(&facts.issuer, scopes, supported))
}
