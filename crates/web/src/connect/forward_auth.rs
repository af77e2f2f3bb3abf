//! Forward authentication: a gateway holds a request up, asks here with the request's own headers, and lets it pass at
//! 200 (nginx `auth_request`, Traefik `forwardAuth`, Envoy `ext_authz`). What is needed stands in the query, which is the
//! gateway's; what a client says of itself in `X-Forwarded-…` plays no part.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderName;
use actix_web::{HttpRequest, HttpResponse, web};
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::resource::priority::Priority;
use turnkeep_protocol::bearer::{BearerError, BearerToken};
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::oauth_error::ErrorDescription;
use turnkeep_protocol::user_credentials::UserCredentials;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::basic::check_basic::BasicAttempt;
use turnkeep_service::forward_auth::authorize_request::{
    AuthorizedRequest, ForwardAuthCommand, ForwardedCredentials, authorize_request,
};

use crate::admission::request_admission::RequestAdmission;
use crate::blocking::Urgency;
use crate::body::single_header;
use crate::client_authentication::basic::authorization;
use crate::connect::form_request::refuse_credentials_in;
use crate::connect::guarded::Guarded;
use crate::error::connect_error::{Challenge, ConnectError};
use crate::error::forward_auth_error::ForwardAuthError;
use crate::issuer::AddressedIssuer;
use crate::request_context::RequestContext;
use crate::response::connect_response;
use crate::state::WebState;

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Ends what is the gateway's own in the query: Envoy puts the path and query of the held-up request behind it.
const ORIGINAL: &str = "&original=";

/// What the gateway was configured to ask for.
struct Needs {
    audience: Audience,
    scopes: ScopeSet,
    /// The app whose users may come with their passwords.
    client_id: Option<String>,
}

/// Says whether a request may pass.
pub(crate) async fn forward_auth(
    state: web::Data<WebState>,
    context: RequestContext,
    AddressedIssuer(issuer): AddressedIssuer,
    request: HttpRequest,
) -> Result<HttpResponse, ForwardAuthError> {
    let kind = (Endpoint::Introspection, Priority::Introspection);
    let admission =
        RequestAdmission::arrive(&state, &request, kind, context.address).map_err(ConnectError::from)?;
    let needs = Needs::read(request.query_string())?;
    let takes_basic = needs.client_id.is_some();
    let Some(credentials) = credentials_of(&request, &issuer, context, &needs)? else {
        return Err(ForwardAuthError::NoCredentials { takes_basic });
    };
    // A token cannot be guessed at.
    let guessed = match &credentials {
        ForwardedCredentials::Basic(attempt) => Some(attempt.user_name.clone()),
        ForwardedCredentials::Bearer(_) | ForwardedCredentials::ApiKey(_) => None,
    };
    let Needs { audience, scopes, .. } = needs;
    let request_id = Some(context.request_id);
    let wanted = scopes.clone();
    let command = ForwardAuthCommand { issuer: issuer.clone(), credentials, audience, scopes, request_id };
    let guarded = Guarded {
        state: &state,
        admission: Arc::clone(&admission),
        context,
        issuer: &issuer,
        client_id: guessed.as_deref(),
        challenge: Challenge::Basic,
        urgency: Urgency::Usual,
    };
    let authorized = guarded
        .run_from_memory(move |authority, look_up| authorize_request(authority, &command, look_up))
        .await
        .map_err(|error| ForwardAuthError::refused(error, takes_basic, wanted))?;
    Ok(passed(&authorized))
}

impl Needs {
    fn read(query: &str) -> Result<Self, ConnectError> {
        const NO_AUDIENCE: ErrorDescription = ErrorDescription::new("audience is missing");
        const BAD_AUDIENCE: ErrorDescription = ErrorDescription::new("audience is malformed");
        const BAD_SCOPE: ErrorDescription = ErrorDescription::new("scope is malformed");
        let own = query.split_once(ORIGINAL).map_or(query, |(own, _)| own);
        let mut query = FormParameters::parse(own.as_bytes())?;
        refuse_credentials_in(&query)?;
        let audience = query.take("audience").ok_or(ConnectError::invalid_request(NO_AUDIENCE))?;
        let audience = Audience::parse(&audience).map_err(|_| ConnectError::invalid_request(BAD_AUDIENCE))?;
        let scopes = ScopeSet::parse(&query.take("scope").unwrap_or_default())
            .map_err(|_| ConnectError::invalid_request(BAD_SCOPE))?;
        Ok(Self { audience, scopes, client_id: query.take("client_id") })
    }
}

/// What the held-up request carries; `None` for nothing that is taken here.
fn credentials_of(
    request: &HttpRequest,
    issuer: &Slug,
    context: RequestContext,
    needs: &Needs,
) -> Result<Option<ForwardedCredentials>, ConnectError> {
    const TWO_PLACES: ErrorDescription = ErrorDescription::new("more than one credential");
    let header = authorization(request)?;
    if request.headers().contains_key(X_API_KEY) {
        return match (header, single_header(request, &X_API_KEY)) {
            (None, Some(key)) => secret(key.trim()).map(ForwardedCredentials::ApiKey).map(Some),
            (Some(_), _) | (None, None) => Err(ConnectError::invalid_request(TWO_PLACES)),
        };
    }
    let Some(header) = header else {
        return Ok(None);
    };
    match BearerToken::parse(header) {
        Ok(token) => Ok(Some(ForwardedCredentials::Bearer(PlaintextSecret::new(token.expose().to_owned())))),
        Err(BearerError::Malformed) => Err(ConnectError::InvalidToken),
        Err(BearerError::Scheme) => match (&needs.client_id, UserCredentials::parse(header)) {
            (Some(client_id), Ok(credentials)) => {
                let (user_name, password) = credentials.into_parts();
                Ok(Some(ForwardedCredentials::Basic(Box::new(BasicAttempt {
                    issuer: issuer.clone(),
                    client_id: client_id.clone(),
                    audience: needs.audience.clone(),
                    user_name,
                    password: PlaintextSecret::new(password),
                    address: context.address,
                    request_id: Some(context.request_id),
                }))))
            }
            (Some(_) | None, _) => Ok(None),
        },
    }
}

fn secret(text: &str) -> Result<PlaintextSecret, ConnectError> {
    PlaintextSecret::presented(text.to_owned()).map_err(|_| ConnectError::InvalidToken)
}

/// Every one of these is there: a gateway that copies them overwrites whatever a client made up.
fn passed(authorized: &AuthorizedRequest) -> HttpResponse {
    let AuthorizedRequest { subject, user_name, client_id, app_id, tenant_id, scopes } = authorized;
    let user_name = user_name.as_ref().map_or("", |name| name.as_str());
    let mut response = connect_response(StatusCode::OK);
    for (name, value) in [
        ("x-turnkeep-subject", subject.as_str()),
        ("x-turnkeep-user-name", user_name),
        ("x-turnkeep-client-id", client_id),
        ("x-turnkeep-app-id", &app_id.to_string()),
        ("x-turnkeep-tenant-id", &tenant_id.to_string()),
        ("x-turnkeep-scope", &scopes.to_string()),
    ] {
        response.insert_header((name, value));
    }
    response.finish()
}
