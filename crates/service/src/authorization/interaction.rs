//! A request of an app, while a person signs in for it. It goes through the browser, sealed; nothing is stored, and when
//! it comes back all of it is looked at anew.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::decide_token::{Authentication, decide_client};

use crate::authority::Authority;
use crate::authorization::browser_mark::BrowserMark;
use crate::authorization::redirect_address::origin_of;
use crate::failure::Fault;
use crate::snapshot::look_up::LookUp;
use crate::tokens::registration::Registration;

/// How long a person may take.
const LIFETIME: Duration = Duration::from_secs(3_600);

const PURPOSE: &str = "interaction";

/// A request that waits for its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interaction {
    /// The app, as the request names it.
    pub client_id: String,
    /// Where the answer goes, as it was decided.
    pub redirect_uri: String,
    /// Whom the app thinks it is; never trusted.
    pub login_hint: Option<String>,
    /// The whole request, as a form.
    pub request: String,
    /// When the app first asked: whoever signs in later has done so for it, in the same browser.
    pub began_at: Timestamp,
    /// In which browser, if that has shown itself.
    pub browser: Option<BrowserMark>,
}

impl Interaction {
    /// When the app first asked in this browser; `None` if it did so elsewhere: a sign-in here was for something else.
    pub fn began_in(&self, browser: Option<&BrowserMark>) -> Option<Timestamp> {
        (browser.is_some() && browser == self.browser.as_ref()).then_some(self.began_at)
    }
}

/// Under this form it is sealed.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredInteraction {
    client_id: String,
    redirect_uri: String,
    login_hint: Option<String>,
    request: String,
    /// Microseconds since the epoch.
    began_at: i64,
    /// What an earlier version sealed has none.
    browser: Option<BrowserMark>,
}

impl From<Interaction> for StoredInteraction {
    fn from(interaction: Interaction) -> Self {
        let Interaction { client_id, redirect_uri, login_hint, request, began_at, browser } = interaction;
        Self { client_id, redirect_uri, login_hint, request, began_at: began_at.as_micros(), browser }
    }
}

impl From<StoredInteraction> for Interaction {
    fn from(stored: StoredInteraction) -> Self {
        let StoredInteraction { client_id, redirect_uri, login_hint, request, began_at, browser } = stored;
        let began_at = Timestamp::from_micros(began_at);
        Self { client_id, redirect_uri, login_hint, request, began_at, browser }
    }
}

/// What the page to sign in at says of the app that a person wants to get into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InteractionView {
    /// Its name.
    pub app_name: String,
    /// The name of its tenant.
    pub tenant_name: String,
    /// Whom the app thinks it is; only to be typed in for the person.
    pub login_hint: Option<String>,
    /// The origin that the browser is sent to in the end.
    pub redirect_origin: String,
}

/// Seals a request.
pub fn seal_interaction(
    authority: &Authority,
    issuer: &Slug,
    interaction: Interaction,
) -> Result<String, Fault> {
    authority.seal_state(PURPOSE, issuer, &StoredInteraction::from(interaction), LIFETIME)
}

/// Opens it; `None` if it is not of this issuer, or too old.
pub fn open_interaction(
    authority: &Authority,
    issuer: &Slug,
    text: &str,
) -> Result<Option<Interaction>, Fault> {
    let opened = authority.open_state::<StoredInteraction>(PURPOSE, issuer, text)?;
    Ok(opened.map(Interaction::from))
}

/// What it is about; `None` if it leads nowhere, or the app is gone or stopped since.
pub fn describe_interaction(
    authority: &Authority,
    issuer: &Slug,
    text: &str,
) -> Result<Option<InteractionView>, Fault> {
    let Some(interaction) = open_interaction(authority, issuer, text)? else {
        return Ok(None);
    };
    let Some(registration) =
        Registration::of_client(authority, issuer, &interaction.client_id, LookUp::Anywhere)?
    else {
        return Ok(None);
    };
    let is_live = decide_client(registration.app_facts().as_ref(), Authentication::Verified).is_ok();
    Ok(registration.app.filter(|_| is_live).map(|cached| InteractionView {
        app_name: cached.live.app.settings.name.to_string(),
        tenant_name: cached.live.tenant.name.to_string(),
        redirect_origin: origin_of(&interaction.redirect_uri).to_owned(),
        login_hint: interaction.login_hint,
    }))
}
