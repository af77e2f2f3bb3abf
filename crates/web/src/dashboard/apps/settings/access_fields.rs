//! The fields about what an app may do, and about what it had better not.

use turnkeep_console::parts::choice_field::{Choice, ChoiceField};
use turnkeep_console::parts::text_field::{TextField, TextKind};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::user::{User, UserState};

use super::fields::{Fields, buttons, choice};

impl Fields<'_> {
    pub(super) fn service_access(&self) -> ChoiceField {
        let acts_as_user = matches!(self.app.settings.service_access, ServiceAccess::AsUser(_));
        let off = choice("none", "Off", "The app gets tokens only for people who sign in.");
        let as_app = Choice {
            is_disabled: self.is_public(),
            ..choice("app", "As the app itself", self.as_app_hint())
        };
        let as_user = Choice {
            is_disabled: self.is_public() || !(self.is_operator || acts_as_user),
            ..choice("user", "As a system user", self.as_user_hint())
        };
        // What is wrong with the user stands beside the user, where there is a field for it.
        let error = if self.chooses_user() {
            self.errors.of_itself("service_access")
        } else {
            self.errors.of("service_access")
        };
        ChoiceField {
            hint: Some("As whom it acts without a person. A change stops every token it has.".into()),
            ..buttons(
                ("service-access", "service_access", "Service access"),
                &self.typed.service_access,
                vec![off, as_app, as_user],
                error,
            )
        }
    }

    fn is_public(&self) -> bool {
        self.app.client_type == ClientType::Public
    }

    fn chooses_user(&self) -> bool {
        self.is_operator && !self.is_public()
    }

    fn as_app_hint(&self) -> &'static str {
        if self.is_public() {
            "A public app keeps no secret, so it cannot act without a person."
        } else {
            "A backend presents the client id and a secret. This is usual."
        }
    }

    fn as_user_hint(&self) -> &'static str {
        match (self.is_public(), self.is_operator) {
            (true, _) => "A public app keeps no secret, so it cannot act as a user either.",
            (false, true) => {
                "Its tokens act with the rights of that user. Choose one with as few as the work needs."
            }
            (false, false) => "Its tokens act with the rights of a user that an operator chooses.",
        }
    }

    /// For operators, who choose among the system users of the instance. The one of now is there in any case, though it
    /// were disabled or beyond the first two hundred.
    pub(super) fn system_user(&self, users: &[User]) -> Option<ChoiceField> {
        let current = match self.app.settings.service_access {
            ServiceAccess::AsUser(id) => Some(id),
            ServiceAccess::AsApp | ServiceAccess::Disabled => None,
        };
        let item = |user: &User| Choice {
            is_disabled: user.state == UserState::Disabled && current != Some(user.id),
            ..Choice::of(user.id.to_string(), format!("{} ({})", user.display_name, user.name))
        };
        let unlisted = current
            .filter(|id| users.iter().all(|user| user.id != *id))
            .map(|id| Choice::of(id.to_string(), id.to_string()));
        let none = Choice::of("", "None");
        self.chooses_user().then(|| ChoiceField {
            id: "system-user".into(),
            name: "system_user_id".into(),
            label: "System user".into(),
            chosen: self.typed.system_user.clone().unwrap_or_default(),
            choices: std::iter::once(none).chain(unlisted).chain(users.iter().map(item)).collect(),
            hint: Some("Only for service access as a system user.".into()),
            error: self.errors.of("service_access.user_id"),
            ..ChoiceField::default()
        })
    }

    pub(super) fn scopes(&self) -> TextField {
        TextField {
            hint: Some(
                "Separated by spaces. Begin with read, and add update only if the app writes. Taking one away stops every \
                 token it has."
                    .into(),
            ),
            error: self.errors.of("scopes"),
            ..TextField::line("scopes", "Scopes", self.typed.scopes.clone())
        }
    }

    pub(super) fn token_lifetime(&self) -> TextField {
        let value = self.typed.token_lifetime.clone();
        TextField {
            id: "token-lifetime".into(),
            hint: Some(
                "In seconds, from 60 to 900. 900, which is 15 minutes, is usual; less makes a stolen token worth less."
                    .into(),
            ),
            error: self.errors.of("token_lifetime_seconds"),
            kind: TextKind::Number,
            ..TextField::line("token_lifetime_seconds", "Lifetime of its tokens", value)
        }
    }

    pub(super) fn reference_tokens(&self) -> ChoiceField {
        ChoiceField {
            hint: Some(
                "Reference tokens live up to a year. Each is a risk, so there should be a clear need.".into(),
            ),
            ..buttons(
                ("reference-tokens", "reference_tokens", "Who may make reference tokens"),
                &self.typed.reference_tokens,
                vec![
                    choice("none", "Nobody", "Begin with this."),
                    choice(
                        "administrators_only",
                        "Administrators",
                        "The better choice, if there have to be some.",
                    ),
                    choice(
                        "authenticated_users",
                        "Everybody who is signed in",
                        "Only for a narrow need: anybody can make one for themselves.",
                    ),
                ],
                self.errors.of("reference_tokens"),
            )
        }
    }

    pub(super) fn basic_authentication(&self) -> ChoiceField {
        buttons(
            ("basic-authentication", "basic_authentication", "Legacy Basic authentication of people"),
            &self.typed.basic_authentication,
            vec![
                choice("off", "Off", "People sign in on a page of this server."),
                choice(
                    "allowed",
                    "Allowed",
                    "For old clients that cannot do OAuth. The password goes through the app with every request.",
                ),
            ],
            self.errors.of("basic_authentication"),
        )
    }
}
