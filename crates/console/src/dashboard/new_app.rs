//! The page that makes an app: the five steps of seed 001, one under the other.

use askama::Template;

use crate::dashboard::chrome::Chrome;
use crate::parts::choice_field::ChoiceField;
use crate::parts::text_field::TextField;

/// The page. With no form it says only, in its notice, why there can be no further app.
#[derive(Template)]
#[template(path = "dashboard/new_app.html")]
pub struct NewAppPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// What to fill in.
    pub form: Option<NewAppForm>,
    /// Whether that is because the tenant has as many as it may have.
    pub is_full: bool,
    /// The path of the list of apps.
    pub apps_path: String,
}

/// What to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAppForm {
    /// Where it is sent.
    pub action: String,
    /// Where the script asks whether a name is free; takes `name` with GET.
    pub name_check_path: String,
    /// Where the script asks how a domain will be stored; takes `domain` with GET.
    pub domain_preview_path: String,
    /// Step 1.
    pub region: ChoiceField,
    /// Step 2.
    pub name: TextField,
    /// Step 3.
    pub login_redirect_uris: TextField,
    /// Step 3, too.
    pub logout_redirect_uris: TextField,
    /// Step 4.
    pub domains: Vec<DomainField>,
}

/// A slot for an allowed domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainField {
    /// What was typed.
    pub field: TextField,
    /// How it will be stored, where that is known.
    pub stored: Option<String>,
}
