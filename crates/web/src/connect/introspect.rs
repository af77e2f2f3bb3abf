//! The introspection endpoint (RFC 7662).

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use turnkeep_domain::authentication::AssuranceLevel;
use turnkeep_domain::user::UserKind;
use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::resource::priority::Priority;
use turnkeep_protocol::bearer::{BearerError, BearerToken};
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::introspection_response::{
    ActiveRefreshToken, ActiveToken, AppClaims, IntrospectionResponse, PersonClaims,
};
use turnkeep_protocol::oauth_error::ErrorDescription;
use turnkeep_protocol::token_response::TokenType;
use turnkeep_service::tokens::introspect_token::{
    IntrospectTokenCommand, Introspection, IntrospectionCaller, introspect_token,
};

use turnkeep_verify::access_token::VerifiedAccessToken;
use turnkeep_verify::limits::LimitsClaim;

use crate::admission::request_admission::RequestAdmission;
use crate::blocking::Urgency;
use crate::client_authentication::basic::authorization;
use crate::client_authentication::{Presentation, present_client};
use crate::connect::form_request::read_form;
use crate::connect::guarded::Guarded;
use crate::connect::introspected_reference_token;
use crate::error::connect_error::{Challenge, ConnectError};
use crate::issuer::AddressedIssuer;
use crate::request_context::RequestContext;
use crate::response::connect_json;
use crate::state::WebState;

/// Tells an authenticated caller about a token.
pub(crate) async fn introspect(
    state: web::Data<WebState>,
    context: RequestContext,
    AddressedIssuer(issuer): AddressedIssuer,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ConnectError> {
    const NO_TOKEN: ErrorDescription = ErrorDescription::new("token is missing");
    let kind = (Endpoint::Introspection, Priority::Introspection);
    let admission = RequestAdmission::arrive(&state, &request, kind, context.address)?;
    let mut form = read_form(&request, payload).await?;
    let token = form.take("token").ok_or(ConnectError::invalid_request(NO_TOKEN))?;
    let (caller, challenge) = present_caller(&request, &mut form)?;
    // A bearer token cannot be guessed at.
    let client_id = match &caller {
        IntrospectionCaller::Client(client) => Some(client.client_id.clone()),
        IntrospectionCaller::Bearer(_) => None,
    };
    let request_id = Some(context.request_id);
    let command = IntrospectTokenCommand {
        issuer: issuer.clone(),
        caller,
        token,
        request_id,
        admission: Arc::<RequestAdmission>::clone(&admission),
    };
    let guarded = Guarded {
        state: &state,
        admission,
        context,
        issuer: &issuer,
        client_id: client_id.as_deref(),
        challenge,
        urgency: Urgency::Usual,
    };
    let introspection = guarded
        .run_from_memory(move |authority, look_up| introspect_token(authority, &command, look_up))
        .await?;
    let response = match introspection {
        Introspection::Inactive => IntrospectionResponse::Inactive,
        Introspection::ActiveRefreshToken(token) => {
            IntrospectionResponse::ActiveRefreshToken(Box::new(ActiveRefreshToken {
                iss: state.authority.base_url().issuer_of(&issuer),
                sub: token.user_id.to_string(),
                client_id: token.client_id.to_string(),
                scope: token.scopes.to_string(),
                exp: token.expires_at,
                iat: token.issued_at,
            }))
        }
        Introspection::ActiveReferenceToken(token) => IntrospectionResponse::Active(Box::new(
            introspected_reference_token::shown(state.authority.base_url().issuer_of(&issuer), *token),
        )),
        Introspection::Active(token) => IntrospectionResponse::Active(Box::new(ActiveToken {
            iss: state.authority.base_url().issuer_of(&issuer),
            sub: token.subject.clone(),
            aud: token.audience.to_string(),
            client_id: token.client_id.to_string(),
            token_type: TokenType::Bearer,
            scope: token.scopes.to_string(),
            exp: token.expires_at,
            iat: token.issued_at,
            nbf: token.not_before,
            jti: token.token_id.to_string(),
            app: app_claims(&token),
        })),
    };
    Ok(connect_json(StatusCode::OK, &response))
}

fn app_claims(token: &VerifiedAccessToken) -> AppClaims {
    let [first, second, third] =
        token.allowed_domains.slots().each_ref().map(|slot| slot.as_ref().map(ToString::to_string));
    AppClaims {
        tenant_id: token.tenant_id.to_string(),
        app_id: token.app_id.to_string(),
        license_region: token.license_region.as_ref().map(ToString::to_string),
        db_code: token.db_code.as_ref().map(ToString::to_string),
        allowed_domain_1: first,
        allowed_domain_2: second,
        allowed_domain_3: third,
        limits: token.limits.as_ref().and_then(LimitsClaim::to_value),
        entitlements: token.entitlements.as_ref().and_then(LimitsClaim::to_value),
        seq: token.sequence.as_number(),
        person: token.person.map(|person| PersonClaims {
            user_kind: kind_text(person.kind),
            auth_time: person.authenticated_at,
            acr: person.assurance.map(AssuranceLevel::acr),
        }),
    }
}

fn kind_text(kind: UserKind) -> &'static str {
    match kind {
        UserKind::Internal => "internal",
        UserKind::Community => "community",
        UserKind::System => "system",
    }
}

fn present_caller(
    request: &HttpRequest,
    form: &mut FormParameters,
) -> Result<(IntrospectionCaller, Challenge), ConnectError> {
    const SEVERAL: ErrorDescription =
        ErrorDescription::new("more than one client authentication method is used");
    match authorization(request)?.map(BearerToken::parse) {
        Some(Ok(_) | Err(BearerError::Malformed)) if form.has("client_secret") => {
            Err(ConnectError::invalid_request(SEVERAL))
        }
        Some(Ok(token)) => Ok((IntrospectionCaller::Bearer(token.expose().to_owned()), Challenge::None)),
        Some(Err(BearerError::Malformed)) => Err(ConnectError::InvalidToken),
        Some(Err(BearerError::Scheme)) | None => {
            let Presentation { client, challenge } = present_client(request, form)?;
            Ok((IntrospectionCaller::Client(client), challenge))
        }
    }
}
