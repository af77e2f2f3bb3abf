//! The last step of making an app: its credentials, once (seed 001: "plaintext client_secret is shown once at creation
//! time"), and programs that use them.

use askama::Template;

use crate::dashboard::chrome::Chrome;
use crate::dashboard::code_samples::CodeSample;

/// The page. It holds a secret, so it cannot be printed.
#[derive(Template)]
#[template(path = "dashboard/new_app_credentials.html")]
pub struct NewAppCredentialsPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// The name of the app.
    pub app_name: String,
    /// Its client id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: &'a str,
    /// The URL of the token endpoint.
    pub token_endpoint: String,
    /// Why it gets no token yet: sentences with what to do.
    pub obstacles: Vec<String>,
    /// Where it is said who may sign in, if the app has addresses for people and nobody may yet.
    pub sign_in_path: Option<String>,
    /// The command that gets a token.
    pub curl: String,
    /// The same as programs.
    pub samples: Vec<CodeSample>,
    /// The path of the app's page.
    pub app_path: String,
}
