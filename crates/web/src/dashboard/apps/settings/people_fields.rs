//! The fields about the sign-in of people.

use turnkeep_console::parts::choice_field::ChoiceField;
use turnkeep_console::parts::text_field::{TextField, TextKind};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::pkce::PkceRequirement;

use super::fields::{Fields, buttons, choice};

impl Fields<'_> {
    pub(super) fn sign_in(&self) -> ChoiceField {
        buttons(
            ("sign-in", "sign_in", "Who may sign in"),
            &self.typed.sign_in,
            vec![
                choice("nobody", "Nobody", "For services that work without people."),
                choice("internal", "Internal users", "People who work for whoever runs this instance."),
                choice(
                    "internal_and_community",
                    "Internal and community users",
                    "Customers and partners, too: for a portal that both use.",
                ),
                choice(
                    "community",
                    "Community users only",
                    "Rarely right: internal users should be able to see what their customers see.",
                ),
            ],
            self.errors.of("sign_in"),
        )
    }

    pub(super) fn login_redirect_uris(&self) -> TextField {
        self.uris(
            ("login-redirect-uris", "login_redirect_uris", "Redirect URIs"),
            &self.typed.login_redirect_uris,
            "Where people come back to after they signed in. One per line, compared letter by letter; https, or http to \
             localhost.",
        )
    }

    pub(super) fn logout_redirect_uris(&self) -> TextField {
        self.uris(
            ("logout-redirect-uris", "logout_redirect_uris", "Redirect URIs after sign-out"),
            &self.typed.logout_redirect_uris,
            "Where people may go after they signed out. One per line, by the same rules.",
        )
    }

    fn uris(
        &self,
        (id, name, label): (&'static str, &'static str, &'static str),
        value: &str,
        hint: &'static str,
    ) -> TextField {
        TextField {
            id: id.into(),
            hint: Some(hint.into()),
            error: self.errors.of_lines(name),
            kind: TextKind::Lines,
            ..TextField::line(name, label, value.to_owned())
        }
    }

    pub(super) fn backchannel_logout_uri(&self) -> TextField {
        let value = self.typed.backchannel_logout_uri.clone();
        TextField {
            id: "backchannel-logout-uri".into(),
            hint: Some(
                "Where the app is told that somebody signed out, so that it ends its own session of theirs. An https \
                 address on the public internet."
                    .into(),
            ),
            error: self.errors.of("backchannel_logout_uri"),
            ..TextField::line("backchannel_logout_uri", "Back-channel logout URI", value)
        }
    }

    /// Operators choose; others may go back to what is safe.
    pub(super) fn pkce(&self) -> Option<ChoiceField> {
        let is_lifted = self.app.settings.pkce == PkceRequirement::Optional;
        let can_be_lifted = self.is_operator && self.app.client_type == ClientType::Confidential;
        (is_lifted || can_be_lifted).then(|| {
            buttons(
                ("pkce", "pkce", "PKCE at sign-in"),
                self.typed.pkce.as_deref().unwrap_or_default(),
                vec![
                    choice("required", "Required", "The app proves that it began the sign-in whose code it has."),
                    choice(
                        "optional",
                        "Optional",
                        "Only for a confidential client that cannot do it. What it sends is checked all the same.",
                    ),
                ],
                self.errors.of("pkce"),
            )
        })
    }
}
