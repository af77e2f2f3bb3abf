//! Where an app's data is stored (seed 001): the platform's managed storage, or a bucket of the tenant's own. The secret
//! key is entered here and never shown.

use askama::Template;

use crate::dashboard::app_tabs::AppHead;
use crate::dashboard::chrome::Chrome;
use crate::parts::choice_field::ChoiceField;
use crate::parts::moment::Moment;
use crate::parts::text_field::TextField;
use crate::parts::tick_field::TickedAction;

/// The page.
#[derive(Template)]
#[template(path = "dashboard/storage.html")]
pub struct StoragePage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// What the page begins with.
    pub head: AppHead,
    /// The storage of the app's own; nothing for an app on managed storage.
    pub storage: Option<OwnStorage>,
    /// What sets it; nothing for who may not.
    pub form: Option<StorageForm>,
}

/// A storage of the app's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnStorage {
    /// The version of the settings.
    pub version: i64,
    /// Who runs it, as people call them.
    pub provider: &'static str,
    /// The bucket.
    pub bucket: String,
    /// Where it is reached.
    pub endpoint: String,
    /// What requests are signed for.
    pub region: String,
    /// The access key.
    pub access_key: String,
    /// When the settings were last changed.
    pub updated_at: Moment,
    /// How the last check of these settings ended.
    pub last_check: Option<StorageCheckItem>,
    /// The path that checks the connection; nothing for who may not.
    pub check_action: Option<String>,
    /// What removes the settings, with the secret key; nothing for who may not.
    pub removal: Option<TickedAction>,
}

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageCheckItem {
    /// When it was made.
    pub at: Moment,
    /// The name of the outcome, as the management API has it.
    pub outcome: &'static str,
    /// Whether everything works.
    pub works: bool,
    /// What came out, and what to do.
    pub text: &'static str,
    /// One after the other.
    pub steps: Vec<StorageStep>,
}

/// A step of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageStep {
    /// What is looked at.
    pub label: &'static str,
    /// How it ended.
    pub mark: StepMark,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepMark {
    /// It is so.
    Passed,
    /// It is not.
    Failed,
    /// Nobody knows, since it did not get that far.
    NotReached,
}

impl StepMark {
    const fn class(self) -> &'static str {
        match self {
            Self::Passed => "state on",
            Self::Failed => "state off",
            Self::NotReached => "hint",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Passed => "yes",
            Self::Failed => "no",
            Self::NotReached => "not known",
        }
    }
}

/// What sets the storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageForm {
    /// The path of this page, where the form is sent.
    pub action: String,
    /// The version of the settings that the form is about; nothing where there are none yet.
    pub version: Option<i64>,
    /// Who runs the storage.
    pub provider: ChoiceField,
    /// The bucket.
    pub bucket: TextField,
    /// Where it is reached.
    pub endpoint: TextField,
    /// What requests are signed for.
    pub region: TextField,
    /// The access key.
    pub access_key: TextField,
    /// The secret key; always empty.
    pub secret_key: TextField,
}
