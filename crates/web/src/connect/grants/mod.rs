//! The grants of the token endpoint: each a small unit, a new one is a new file and a line in [`GRANTS`].

use std::sync::Arc;

use turnkeep_domain::id::RequestId;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::slug::Slug;
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::oauth_error::{ErrorDescription, OAuthErrorCode};
use turnkeep_protocol::token_response::{IssuedToken, TokenResponse, TokenType};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::authority::Authority;
use turnkeep_service::failure::Failure;
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::admission::Admission;
use turnkeep_service::tokens::granted_tokens::GrantedTokens;
use turnkeep_service::tokens::issue_token_denial::IssueTokenDenial;
use turnkeep_service::tokens::presented_client::PresentedClient;

use crate::error::connect_error::ConnectError;

mod authorization_code;
mod client_credentials;
mod refresh_token;

/// Every grant.
pub(super) const GRANTS: [Grant; 3] =
    [client_credentials::GRANT, authorization_code::GRANT, refresh_token::GRANT];

/// Their names, as the metadata lists them.
pub(crate) fn grant_types() -> Vec<&'static str> {
    GRANTS.iter().map(|grant| grant.grant_type).collect()
}

/// One grant.
pub(super) struct Grant {
    /// The value of `grant_type`.
    pub(super) grant_type: &'static str,
    /// Turns a request into work.
    pub(super) prepare: fn(GrantRequest) -> Result<GrantUseCase, ConnectError>,
}

/// A token request of a client that is still to be authenticated.
pub(super) struct GrantRequest {
    pub(super) issuer: Slug,
    pub(super) client: PresentedClient,
    pub(super) form: FormParameters,
    pub(super) request_id: RequestId,
    pub(super) admission: Arc<dyn Admission>,
}

/// The work: authenticates the client first, then looks at the grant.
pub(super) type GrantUseCase =
    Box<dyn Fn(&Authority, LookUp) -> Result<TokenResponse, Failure<IssueTokenDenial>> + Send>;

/// A code, a verifier or a refresh token; `None` if it is longer than any.
fn presented_handle(text: String) -> Option<PlaintextSecret> {
    PlaintextSecret::presented(text).ok()
}

/// The resource that is named (RFC 8707 §2).
fn requested_audience(form: &mut FormParameters) -> Result<Option<Audience>, ConnectError> {
    const NOT_A_RESOURCE: ErrorDescription = ErrorDescription::new("the resource is malformed");
    match form.take("resource").map(|text| Audience::parse(&text)) {
        None => Ok(None),
        Some(Ok(audience)) => Ok(Some(audience)),
        Some(Err(_)) => Err(ConnectError::Refused(OAuthErrorCode::InvalidTarget, Some(NOT_A_RESOURCE))),
    }
}

/// What was issued, for the client.
fn response(issued: GrantedTokens) -> TokenResponse {
    TokenResponse {
        access_token: IssuedToken::new(issued.access_token.expose().to_owned()),
        token_type: TokenType::Bearer,
        expires_in: issued.lifetime.as_secs(),
        scope: issued.scopes.to_string(),
        refresh_token: issued.refresh_token.map(|token| IssuedToken::new(token.expose().to_owned())),
        id_token: issued.id_token.map(|token| IssuedToken::new(token.expose().to_owned())),
    }
}
