//! The field where a role is chosen.

use std::borrow::Cow;

use turnkeep_console::parts::choice_field::{Choice, ChoiceField, ChoiceStyle};
use turnkeep_domain::membership::Role;
use turnkeep_policy::decide_invitation::permission_to_invite;

use crate::dashboard::dashboard_request::DashboardRequest;

/// The roles that the reader can give, from the one that may most.
pub(super) fn roles_to_give(dashboard: &DashboardRequest) -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(|role| dashboard.may(permission_to_invite(*role)))
}

/// The field, with what each role may do.
pub(super) fn role_field(
    id: Cow<'static, str>,
    roles: impl Iterator<Item = Role>,
    chosen: String,
) -> ChoiceField {
    ChoiceField {
        id,
        name: "role".into(),
        label: "Role".into(),
        chosen,
        choices: roles.map(choice).collect(),
        hint: None,
        error: None,
        style: ChoiceStyle::Buttons,
    }
}

fn choice(role: Role) -> Choice {
    let (label, hint) = match role {
        Role::Owner => ("Owner", "Everything, including who the owners are."),
        Role::Admin => ("Admin", "Everything but ownership: members, apps, secrets and storage."),
        Role::Developer => ("Developer", "Makes apps, with their secrets and their storage."),
        Role::Auditor => ("Auditor", "Looks at everything and changes nothing. Sees no secret."),
    };
    Choice { hint: Some(hint.into()), ..Choice::of(role.as_str(), label) }
}
