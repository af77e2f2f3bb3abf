//! The first page of an app: whether it gets tokens and what to do if not, its switch, its facts, its plan.

use askama::Template;

use crate::dashboard::app_tabs::AppHead;
use crate::dashboard::chrome::Chrome;
use crate::parts::choice_field::ChoiceField;
use crate::parts::moment::Moment;

/// The page.
#[derive(Template)]
#[template(path = "dashboard/app_overview.html")]
pub struct AppOverviewPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// What the page begins with.
    pub head: AppHead,
    /// Whether the app gets a token.
    pub verdict: Verdict,
    /// Every check behind that.
    pub checks: Vec<CheckItem>,
    /// Since when the app is enabled, or disabled.
    pub state_since: Moment,
    /// The path that enables a disabled app and disables an enabled one; nothing for who may not.
    pub switch_action: Option<String>,
    /// Where its reference tokens are, if anybody may make some: they come back with the app.
    pub reference_tokens_path: Option<String>,
    /// The OAuth client id.
    pub client_id: String,
    /// What never changes.
    pub facts: Vec<Fact>,
    /// When the app was made.
    pub created_at: Moment,
    /// What the settings come to.
    pub settings: Vec<Fact>,
    /// The path of the settings; nothing for who may not change them.
    pub settings_path: Option<String>,
    /// What deserves a second thought, in sentences.
    pub warnings: Vec<String>,
    /// The plan the app is on.
    pub plan: Option<PlanOfApp>,
    /// What operators can do about the plan.
    pub plan_forms: Option<PlanForms>,
    /// The path that deletes the app; nothing for who may not.
    pub delete_path: Option<String>,
}

/// Whether the app gets a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Possible {
        /// What it takes.
        text: String,
    },
    /// Not by itself, and nothing is wrong with that: it is there for people.
    ForPeople {
        /// What that means.
        text: String,
        /// Whether people can sign in to it as it is.
        is_ready: bool,
    },
    /// No.
    Impossible {
        /// The code of the first reason.
        code: &'static str,
        /// The first reason.
        text: String,
        /// Since when, where that is known.
        since: Option<Moment>,
        /// What to do.
        advice: String,
    },
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckItem {
    /// What is checked.
    pub label: &'static str,
    /// How it ended.
    pub mark: CheckMark,
    /// Since when what it looks at is as it is, where that is known.
    pub since: Option<Moment>,
    /// What is wrong and what to do, or what else there is to say.
    pub text: Option<String>,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckMark {
    /// Nothing stands against a token.
    Passed,
    /// This alone stands against one.
    Denied,
    /// It stands against one that the app gets by itself, as it is meant to.
    NotNeeded,
    /// Only a request shows.
    Open,
}

/// Something to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The id of its value.
    pub id: &'static str,
    /// What it is.
    pub label: &'static str,
    /// What it is here.
    pub text: String,
}

/// The plan an app is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanOfApp {
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// What is out of the ordinary about it: `retired`.
    pub state: Option<String>,
    /// Since when the app is on it.
    pub assigned_at: Moment,
    /// Since when it waits for a payment.
    pub on_hold_since: Option<Moment>,
    /// What it limits, in words.
    pub limits: Vec<String>,
}

/// What operators can do about the plan of an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanForms {
    /// Where the forms are sent.
    pub action: String,
    /// The version of the app that they are about.
    pub version: i64,
    /// The plans that take apps.
    pub plans: ChoiceField,
}

impl Verdict {
    /// The id of the element, by which others tell how it is.
    fn id(&self) -> &'static str {
        match self {
            Self::Possible { .. } => "explain-ok",
            Self::ForPeople { .. } => "explain-people",
            Self::Impossible { .. } => "explain-problem",
        }
    }
}

impl CheckMark {
    fn class(self) -> &'static str {
        match self {
            Self::Passed => "on",
            Self::Denied => "off",
            Self::NotNeeded | Self::Open => "open",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Denied => "denied",
            Self::NotNeeded => "not needed",
            Self::Open => "open",
        }
    }
}

impl AppOverviewPage<'_> {
    fn is_on_hold(&self) -> bool {
        self.plan.as_ref().is_some_and(|plan| plan.on_hold_since.is_some())
    }
}
