//! `authorization_code` (RFC 6749 §4.1.3), with the verifier of RFC 7636 §4.5.

use turnkeep_protocol::oauth_error::ErrorDescription;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::person_tokens::redeem_code::{RedeemCodeCommand, redeem_code};

use crate::connect::grants::{
    Grant, GrantRequest, GrantUseCase, presented_handle, requested_audience, response,
};
use crate::error::connect_error::ConnectError;

/// The grant.
pub(super) const GRANT: Grant = Grant { grant_type: "authorization_code", prepare };

fn prepare(mut request: GrantRequest) -> Result<GrantUseCase, ConnectError> {
    const NO_CODE: ErrorDescription = ErrorDescription::new("code is missing");
    let code = request.form.take("code").ok_or(ConnectError::invalid_request(NO_CODE))?;
    let command = RedeemCodeCommand {
        issuer: request.issuer,
        client: request.client,
        code: presented_handle(code),
        redirect_uri: request.form.take("redirect_uri"),
        // One that is too long is no verifier, but it was sent.
        verifier: request
            .form
            .take("code_verifier")
            .map(|text| presented_handle(text).unwrap_or_else(nothing)),
        audience: requested_audience(&mut request.form)?,
        request_id: Some(request.request_id),
        admission: request.admission,
    };
    Ok(Box::new(move |authority, look_up| Ok(response(redeem_code(authority, &command, look_up)?))))
}

fn nothing() -> PlaintextSecret {
    PlaintextSecret::new(String::new())
}
