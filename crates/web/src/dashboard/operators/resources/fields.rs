//! The fields that a new resource and a present one have.

use turnkeep_console::parts::choice_field::ChoiceField;
use turnkeep_console::parts::form_panel::FormField;
use turnkeep_console::parts::text_field::TextField;
use turnkeep_domain::resource::Resource;
use turnkeep_protocol::management::resource::LimitsClaimsName;

use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::word_of::word_of;

/// What is sent for where the limits stand in tokens.
pub(super) const CLAIMS: [(&str, LimitsClaimsName); 3] = [
    ("limits", LimitsClaimsName::Limits),
    ("entitlements", LimitsClaimsName::Entitlements),
    ("both", LimitsClaimsName::Both),
];

const ALGORITHM_CHOICES: [(&str, &str); 4] = [
    ("ES256", "ES256, which every library knows"),
    ("EdDSA", "EdDSA, small and fast"),
    ("RS256", "RS256, for old libraries"),
    ("PS256", "PS256"),
];

const CLAIMS_CHOICES: [(&str, &str); 3] =
    [("limits", "limits"), ("entitlements", "entitlements"), ("both", "Both")];

/// The texts of a resource as it is.
pub(super) fn as_it_is(resource: &Resource) -> FilledForm {
    FilledForm::of([
        ("name", resource.name.to_string()),
        ("limits_claims", word_of(&CLAIMS, resource.limits_claims.into())),
        ("signing_alg", resource.signing_algorithm.to_string()),
    ])
}

/// The fields.
pub(super) fn of_resource(filled: &FilledForm) -> Vec<FormField> {
    let name = TextField { hint: Some("What people call it.".into()), ..filled.display_name("name", "Name") };
    let claims = ChoiceField {
        hint: Some("The claim in which tokens say what the plan of an app allows.".into()),
        ..filled.choice("limits_claims", "Limits in tokens", &CLAIMS_CHOICES)
    };
    let algorithm = ChoiceField {
        hint: Some("What the tokens for it are signed with.".into()),
        ..filled.choice("signing_alg", "Signature", &ALGORITHM_CHOICES)
    };
    vec![FormField::Text(name), FormField::Choice(claims), FormField::Choice(algorithm)]
}
