//! `client_credentials` (RFC 6749 §4.4).

use turnkeep_domain::scope::ScopeSet;
use turnkeep_service::tokens::issue_token::{IssueTokenCommand, issue_token};

use crate::connect::grants::{Grant, GrantRequest, GrantUseCase, requested_audience, response};
use crate::error::connect_error::ConnectError;

/// The grant.
pub(super) const GRANT: Grant = Grant { grant_type: "client_credentials", prepare };

fn prepare(mut request: GrantRequest) -> Result<GrantUseCase, ConnectError> {
    // Scopes that cannot be are asked for as no scope at all, which nobody is granted: so the client is
    // authenticated before it learns anything about scopes.
    let scopes = request.form.take("scope").map(|text| ScopeSet::parse(&text).unwrap_or_default());
    let command = IssueTokenCommand {
        issuer: request.issuer,
        client: request.client,
        scopes,
        audience: requested_audience(&mut request.form)?,
        request_id: Some(request.request_id),
        admission: request.admission,
    };
    Ok(Box::new(move |authority, look_up| Ok(response(issue_token(authority, &command, look_up)?))))
}
