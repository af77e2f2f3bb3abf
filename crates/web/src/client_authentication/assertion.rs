//! `client_assertion` (RFC 7521 §4.2): recognised, so that it never passes unnoticed beside another method, and
//! refused, since no app can register a key for it.

use actix_web::HttpRequest;
use turnkeep_protocol::form::FormParameters;
use turnkeep_service::tokens::presented_client::PresentedClient;

use crate::client_authentication::ClientAuthenticationMethod;
use crate::error::connect_error::{Challenge, ConnectError};

/// An assertion in the body.
pub(super) struct ClientAssertion;

impl ClientAuthenticationMethod for ClientAssertion {
    fn name(&self) -> Option<&'static str> {
        None
    }

    fn is_used(&self, _: &HttpRequest, form: &FormParameters) -> bool {
        form.has("client_assertion") || form.has("client_assertion_type")
    }

    fn challenge(&self) -> Challenge {
        Challenge::None
    }

    fn present(&self, _: &HttpRequest, _: &mut FormParameters) -> Result<PresentedClient, ConnectError> {
        Err(ConnectError::InvalidClient(Challenge::None))
    }
}
