//! What a client program knows: the server, its own credentials, and somebody at a browser.

use serde::Deserialize;

/// As `cargo xtask interop` has written it.
#[derive(Deserialize)]
pub(crate) struct Surroundings {
    pub(crate) issuer: String,
    /// Where somebody at a browser takes errands.
    pub(crate) person: String,
    /// The name of the user.
    pub(crate) user: String,
    /// A scope of an API.
    pub(crate) scope: String,
    pub(crate) apps: Apps,
}

/// Those that are used here.
#[derive(Deserialize)]
pub(crate) struct Apps {
    /// Public, with redirect URIs on a loopback address.
    pub(crate) native: App,
    /// Confidential, without people.
    pub(crate) service: App,
}

/// A registration.
#[derive(Deserialize)]
pub(crate) struct App {
    pub(crate) client_id: String,
    /// Where sign-out may lead back to.
    pub(crate) signed_out_uri: String,
    /// None for a public app.
    pub(crate) client_secret: Option<String>,
}
