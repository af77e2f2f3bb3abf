//! Where signing in leads: on with the request of an app that is sealed in an interaction, back to an invitation or a
//! page of the dashboard, to the dashboard, or to the account. Never to an address that a request names (attack 17).

use turnkeep_console::account::message::AccountMessage;
use turnkeep_service::authorization::interaction::{InteractionView, describe_interaction};
use turnkeep_service::people::look_at_invitation::is_invitation_handle;

use crate::account::error_page::PageError;
use crate::account::overview::notice::announced;
use crate::account::page_request::PageRequest;
use crate::account::return_to::open_return;

/// What stands in the place of an interaction for who signs in again to change something about their account. A fixed
/// word, so that it never expires; no sealed text is that short.
const ACCOUNT_AGAIN: &str = "again";

/// The destination.
pub(crate) struct Destination(Aim);

/// All texts take the place of an interaction in forms and addresses.
enum Aim {
    Account,
    AccountAgain,
    Dashboard,
    App(String, InteractionView),
    /// With the handle that the invited person presents.
    Invitation(String),
    /// A page of ours, sealed and open.
    Page(String, String),
}

impl Destination {
    /// The person's own account.
    pub(crate) fn account() -> Self {
        Self(Aim::Account)
    }

    /// The same for who was there and has to prove once more who they are. What they had sent was not done, and the account
    /// says so.
    pub(crate) fn account_again() -> Self {
        Self(Aim::AccountAgain)
    }

    /// The first page of the dashboard, for who has nothing else to do yet.
    pub(crate) fn dashboard() -> Self {
        Self(Aim::Dashboard)
    }

    /// An invitation, with what has the form of its handle.
    pub(crate) fn invitation(handle: String) -> Self {
        Self(Aim::Invitation(handle))
    }

    /// What a request says about it. An interaction that is not ours, or too old, leads nowhere.
    pub(crate) async fn of(page: &PageRequest, interaction: Option<String>) -> Result<Self, PageError> {
        let Some(text) = interaction else { return Ok(Self::account()) };
        if text == ACCOUNT_AGAIN {
            return Ok(Self::account_again());
        }
        if is_invitation_handle(&text) {
            return Ok(Self::invitation(text));
        }
        if let Some(location) = open_return(page, &text)? {
            return Ok(Self(Aim::Page(text, location)));
        }
        let issuer = page.issuer.clone();
        let opened = page
            .run(move |authority| {
                let view = describe_interaction(authority, &issuer, &text)?;
                Ok(view.map(|view| (text, view)))
            })
            .await?;
        let (text, view) = opened.ok_or(PageError::InteractionExpired)?;
        Ok(Self(Aim::App(text, view)))
    }

    /// The sealed interaction or what stands in its place, for hidden fields.
    pub(crate) fn interaction(&self) -> Option<&str> {
        match &self.0 {
            Aim::Account | Aim::Dashboard => None,
            Aim::AccountAgain => Some(ACCOUNT_AGAIN),
            Aim::App(text, _) | Aim::Invitation(text) | Aim::Page(text, _) => Some(text),
        }
    }

    /// The app that the person wants to get into.
    pub(crate) fn app_name(&self) -> Option<&str> {
        self.app().map(|view| view.app_name.as_str())
    }

    /// The user name that the app thinks it is. Never trusted, only typed in for the person.
    pub(crate) fn login_hint(&self) -> Option<&str> {
        self.app().and_then(|view| view.login_hint.as_deref())
    }

    /// Where forms may lead in the end besides this server.
    pub(crate) fn redirect_origin(&self) -> Option<&str> {
        self.app().map(|view| view.redirect_origin.as_str())
    }

    /// Where the browser goes once somebody is signed in.
    pub(crate) fn location(&self, page: &PageRequest) -> String {
        match &self.0 {
            Aim::App(text, _) => page.paths.with_interaction("/connect/authorize/resume", Some(text)),
            // A handle needs no encoding in a query.
            Aim::Invitation(handle) => page.paths.to(&format!("/account/invitation?token={handle}")),
            Aim::Page(_, location) => location.clone(),
            Aim::Dashboard => page.paths.dashboard(),
            Aim::Account => page.paths.account(),
            Aim::AccountAgain => page.paths.to(&announced(AccountMessage::SignedInAgain)),
        }
    }

    /// The page to sign in at that leads here.
    pub(crate) fn sign_in(&self, page: &PageRequest) -> String {
        page.paths.with_interaction("/account/sign-in", self.interaction())
    }

    fn app(&self) -> Option<&InteractionView> {
        match &self.0 {
            Aim::App(_, view) => Some(view),
            Aim::Account | Aim::AccountAgain | Aim::Dashboard | Aim::Invitation(_) | Aim::Page(..) => None,
        }
    }
}
