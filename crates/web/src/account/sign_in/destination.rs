//! Where signing in leads: on with the request of an app that is sealed in an interaction, or to the account. Never to
//! an address that a request names (attack 17).

use turnkeep_service::authorization::interaction::{InteractionView, describe_interaction};

use crate::account::error_page::PageError;
use crate::account::page_request::PageRequest;

/// The destination.
pub(crate) struct Destination {
    interaction: Option<(String, InteractionView)>,
}

impl Destination {
    /// The person's own account.
    pub(crate) fn account() -> Self {
        Self { interaction: None }
    }

    /// What a request says about it. An interaction that is not ours, or too old, leads nowhere.
    pub(crate) async fn of(page: &PageRequest, interaction: Option<String>) -> Result<Self, PageError> {
        let Some(text) = interaction else { return Ok(Self::account()) };
        let issuer = page.issuer.clone();
        let opened = page
            .run(move |authority| {
                let view = describe_interaction(authority, &issuer, &text)?;
                Ok(view.map(|view| (text, view)))
            })
            .await?;
        opened.map(|found| Self { interaction: Some(found) }).ok_or(PageError::InteractionExpired)
    }

    /// The sealed interaction, for hidden fields.
    pub(crate) fn interaction(&self) -> Option<&str> {
        self.interaction.as_ref().map(|(text, _)| text.as_str())
    }

    /// The app that the person wants to get into.
    pub(crate) fn app_name(&self) -> Option<&str> {
        self.interaction.as_ref().map(|(_, view)| view.app_name.as_str())
    }

    /// The user name that the app thinks it is. Never trusted, only typed in for the person.
    pub(crate) fn login_hint(&self) -> Option<&str> {
        self.interaction.as_ref().and_then(|(_, view)| view.login_hint.as_deref())
    }

    /// Where forms may lead in the end besides this server.
    pub(crate) fn redirect_origin(&self) -> Option<&str> {
        self.interaction.as_ref().map(|(_, view)| view.redirect_origin.as_str())
    }

    /// Where the browser goes once somebody is signed in.
    pub(crate) fn location(&self, page: &PageRequest) -> String {
        match self.interaction() {
            Some(interaction) => page.paths.with_interaction("/connect/authorize/resume", Some(interaction)),
            None => page.paths.account(),
        }
    }
}
