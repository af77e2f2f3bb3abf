//! The page that shows a new secret of an app, once (seed 001: "the new plaintext secret is shown once for that
//! regeneration event"). It is the answer to the form that made it, never to an address.

use askama::Template;

use crate::dashboard::app_tabs::AppHead;
use crate::dashboard::chrome::Chrome;
use crate::parts::moment::Moment;

/// The page. It holds a secret, so it cannot be printed.
#[derive(Template)]
#[template(path = "dashboard/secret_once.html")]
pub struct SecretOncePage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// What the page begins with.
    pub head: AppHead,
    /// What was made.
    pub made: MadeOnce,
    /// The secret itself.
    pub secret: &'a str,
    /// From when on it no longer counts, if ever.
    pub expires_at: Option<Moment>,
    /// The path of the list that it is in from now on.
    pub back_path: String,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MadeOnce {
    /// A secret of the app, instead of all others.
    Regenerated {
        /// The id that goes with it.
        client_id: String,
    },
    /// A secret of the app, beside an older one.
    Added {
        /// The id that goes with it.
        client_id: String,
        /// Until when the older one goes on, if there was one that worked.
        older_until: Option<Moment>,
    },
    /// A service access token of this name.
    ServiceAccessToken {
        /// Its name.
        name: String,
        /// As whom it acts.
        holder: String,
    },
}

impl SecretOncePage<'_> {
    /// What it is called.
    fn noun(&self) -> &'static str {
        match self.made {
            MadeOnce::Regenerated { .. } | MadeOnce::Added { .. } => "client_secret",
            MadeOnce::ServiceAccessToken { .. } => "Service access token",
        }
    }
}
