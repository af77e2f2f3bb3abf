//! `refresh_token` (RFC 6749 §6).

use turnkeep_domain::scope::ScopeSet;
use turnkeep_protocol::oauth_error::ErrorDescription;
use turnkeep_service::person_tokens::refresh_tokens::{RefreshTokensCommand, refresh_tokens};

use crate::connect::grants::{
    Grant, GrantRequest, GrantUseCase, presented_handle, requested_audience, response,
};
use crate::error::connect_error::ConnectError;

/// The grant.
pub(super) const GRANT: Grant = Grant { grant_type: "refresh_token", prepare };

fn prepare(mut request: GrantRequest) -> Result<GrantUseCase, ConnectError> {
    const NO_TOKEN: ErrorDescription = ErrorDescription::new("refresh_token is missing");
    let token = request.form.take("refresh_token").ok_or(ConnectError::invalid_request(NO_TOKEN))?;
    let command = RefreshTokensCommand {
        issuer: request.issuer,
        client: request.client,
        refresh_token: presented_handle(token),
        // Scopes that cannot be are more than was granted.
        scopes: request.form.take("scope").map(|text| ScopeSet::parse(&text).unwrap_or_default()),
        audience: requested_audience(&mut request.form)?,
        request_id: Some(request.request_id),
        admission: request.admission,
    };
    Ok(Box::new(move |authority, look_up| Ok(response(refresh_tokens(authority, &command, look_up)?))))
}
