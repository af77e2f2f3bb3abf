//! What a client says of itself before anything is believed.

use turnkeep_secret::plaintext::PlaintextSecret;

/// A client id and, perhaps, a secret, as they came.
#[derive(Debug)]
pub struct PresentedClient {
    /// The text of the client id; perhaps none that could be registered.
    pub client_id: String,
    /// The secret. One that is longer than any secret is left out, and so is wrong.
    pub secret: Option<PlaintextSecret>,
}
