//! `client_secret_post`: credentials in the form.

use actix_web::HttpRequest;
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::oauth_error::ErrorDescription;
use turnkeep_service::tokens::presented_client::PresentedClient;

use crate::client_authentication::{ClientAuthenticationMethod, presented_secret};
use crate::error::connect_error::{Challenge, ConnectError};

/// The method.
pub(super) struct ClientSecretPost;

impl ClientAuthenticationMethod for ClientSecretPost {
    fn name(&self) -> Option<&'static str> {
        Some("client_secret_post")
    }

    fn is_used(&self, _: &HttpRequest, form: &FormParameters) -> bool {
        form.has("client_secret")
    }

    fn challenge(&self) -> Challenge {
        Challenge::None
    }

    fn present(&self, _: &HttpRequest, form: &mut FormParameters) -> Result<PresentedClient, ConnectError> {
        const NO_CLIENT_ID: ErrorDescription = ErrorDescription::new("client_id is missing");
        let secret = form.take("client_secret").and_then(presented_secret);
        let client_id = form.take("client_id").ok_or(ConnectError::invalid_request(NO_CLIENT_ID))?;
        Ok(PresentedClient { client_id, secret })
    }
}
