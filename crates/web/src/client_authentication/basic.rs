//! `client_secret_basic`: credentials in the `Authorization` header.

use actix_web::HttpRequest;
use actix_web::http::header;
use turnkeep_protocol::basic_credentials::BasicCredentials;
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::oauth_error::ErrorDescription;
use turnkeep_service::tokens::presented_client::PresentedClient;

use crate::body::single_header;
use crate::client_authentication::{ClientAuthenticationMethod, presented_secret};
use crate::error::connect_error::{Challenge, ConnectError};

/// The method.
pub(super) struct ClientSecretBasic;

impl ClientAuthenticationMethod for ClientSecretBasic {
    fn name(&self) -> Option<&'static str> {
        Some("client_secret_basic")
    }

    /// Whatever the scheme is: another one is an authentication that fails (RFC 6749 §5.2).
    fn is_used(&self, request: &HttpRequest, _: &FormParameters) -> bool {
        request.headers().contains_key(header::AUTHORIZATION)
    }

    fn challenge(&self) -> Challenge {
        Challenge::Basic
    }

    fn present(
        &self,
        request: &HttpRequest,
        _: &mut FormParameters,
    ) -> Result<PresentedClient, ConnectError> {
        let value = authorization(request)?.ok_or(ConnectError::InvalidClient(Challenge::Basic))?;
        let credentials =
            BasicCredentials::parse(value).map_err(|_| ConnectError::InvalidClient(Challenge::Basic))?;
        let (client_id, secret) = credentials.into_parts();
        Ok(PresentedClient { client_id, secret: presented_secret(secret) })
    }
}

/// The `Authorization` header if it is text; two of them are refused, since another reader may see the other one.
pub(crate) fn authorization(request: &HttpRequest) -> Result<Option<&str>, ConnectError> {
    const TWO_HEADERS: ErrorDescription = ErrorDescription::new("more than one Authorization header");
    if 1 < request.headers().get_all(header::AUTHORIZATION).count() {
        return Err(ConnectError::invalid_request(TWO_HEADERS));
    }
    Ok(single_header(request, &header::AUTHORIZATION))
}
