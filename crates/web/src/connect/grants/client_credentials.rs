//! `client_credentials` (RFC 6749 §4.4).

use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_protocol::oauth_error::{ErrorDescription, OAuthErrorCode};
use turnkeep_protocol::token_response::{IssuedToken, TokenResponse, TokenType};
use turnkeep_service::tokens::issue_token::{IssueTokenCommand, issue_token};

use crate::connect::grants::{Grant, GrantRequest, GrantUseCase};
use crate::error::connect_error::ConnectError;

/// The grant.
pub(super) const GRANT: Grant = Grant { grant_type: "client_credentials", prepare };

fn prepare(mut request: GrantRequest) -> Result<GrantUseCase, ConnectError> {
    const NOT_A_RESOURCE: ErrorDescription = ErrorDescription::new("the resource is malformed");
    // Scopes that cannot be are asked for as no scope at all, which nobody is granted: so the client is
    // authenticated before it learns anything about scopes.
    let scopes = request.form.take("scope").map(|text| ScopeSet::parse(&text).unwrap_or_default());
    let audience = match request.form.take("resource").map(|text| Audience::parse(&text)) {
        None => None,
        Some(Ok(audience)) => Some(audience),
        Some(Err(_)) => {
            return Err(ConnectError::Refused(OAuthErrorCode::InvalidTarget, Some(NOT_A_RESOURCE)));
        }
    };
    let command = IssueTokenCommand {
        issuer: request.issuer,
        client: request.client,
        scopes,
        audience,
        request_id: Some(request.request_id),
        admission: request.admission,
    };
    Ok(Box::new(move |authority, look_up| {
        let issued = issue_token(authority, &command, look_up)?;
        Ok(TokenResponse {
            access_token: IssuedToken::new(issued.access_token.expose().to_owned()),
            token_type: TokenType::Bearer,
            expires_in: issued.lifetime.as_secs(),
            scope: issued.scopes.to_string(),
        })
    }))
}
