//! How a client says who it is at `/connect/…` (RFC 6749 §2.3). One file per method; a further method is a new
//! file and a line in [`METHODS`].

use actix_web::HttpRequest;
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::oauth_error::ErrorDescription;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::tokens::presented_client::PresentedClient;

use crate::client_authentication::assertion::ClientAssertion;
use crate::client_authentication::basic::ClientSecretBasic;
use crate::client_authentication::post::ClientSecretPost;
use crate::error::connect_error::{Challenge, ConnectError};

mod assertion;
pub(crate) mod basic;
mod post;

/// Every method.
const METHODS: [&dyn ClientAuthenticationMethod; 3] =
    [&ClientSecretBasic, &ClientSecretPost, &ClientAssertion];

/// The names of those that are taken, as the metadata lists them.
pub(crate) fn supported_methods() -> Vec<&'static str> {
    METHODS.into_iter().filter_map(ClientAuthenticationMethod::name).collect()
}

/// One way for a client to authenticate.
trait ClientAuthenticationMethod: Sync {
    /// Its name in the metadata; none if it is recognised only to be refused.
    fn name(&self) -> Option<&'static str>;

    /// Whether the request uses it, rightly or wrongly.
    fn is_used(&self, request: &HttpRequest, form: &FormParameters) -> bool;

    /// What the answer to a failure asks for.
    fn challenge(&self) -> Challenge;

    /// Takes what the client presents.
    fn present(
        &self,
        request: &HttpRequest,
        form: &mut FormParameters,
    ) -> Result<PresentedClient, ConnectError>;
}

/// A client as it presents itself.
#[derive(Debug)]
pub(crate) struct Presentation {
    pub(crate) client: PresentedClient,
    pub(crate) challenge: Challenge,
}

/// Takes the client's credentials out of the request. Nothing is believed or checked yet.
pub(crate) fn present_client(
    request: &HttpRequest,
    form: &mut FormParameters,
) -> Result<Presentation, ConnectError> {
    const SEVERAL: ErrorDescription =
        ErrorDescription::new("more than one client authentication method is used");
    const TWO_CLIENT_IDS: ErrorDescription =
        ErrorDescription::new("client_id is not that of the client that authenticates");
    let mut used = METHODS.into_iter().filter(|method| method.is_used(request, form));
    let method = used.next();
    if used.next().is_some() {
        return Err(ConnectError::invalid_request(SEVERAL));
    }
    let Some(method) = method else {
        // A public client names itself and has nothing to prove it with; the registry decides what it may.
        let client_id = form.take("client_id").ok_or(ConnectError::InvalidClient(Challenge::None))?;
        let client = PresentedClient { client_id, secret: None };
        return Ok(Presentation { client, challenge: Challenge::None });
    };
    let client = method.present(request, form)?;
    if form.take("client_id").is_some_and(|named| named != client.client_id) {
        return Err(ConnectError::invalid_request(TWO_CLIENT_IDS));
    }
    Ok(Presentation { client, challenge: method.challenge() })
}

/// A secret that is longer than any secret is as good as a wrong one, and is never hashed.
fn presented_secret(text: String) -> Option<PlaintextSecret> {
    PlaintextSecret::presented(text).ok()
}
