//! The instances of the server: the list, and the page of one.

use askama::Template;

use crate::dashboard::chrome::Chrome;
use crate::parts::choice_field::ChoiceField;
use crate::parts::moment::Moment;
use crate::parts::text_field::TextField;
use crate::parts::tick_field::TickField;

/// The list, with the form that makes one.
#[derive(Template)]
#[template(path = "dashboard/instances.html")]
pub struct InstancesPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// The instances.
    pub instances: Vec<InstanceItem>,
    /// The path that makes one.
    pub create_action: String,
    /// Its fields.
    pub slug: TextField,
    /// The name.
    pub name: TextField,
    /// The colour of its pages.
    pub accent: ChoiceField,
}

/// An instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceItem {
    /// Its name.
    pub name: String,
    /// The path of its page.
    pub path: String,
    /// The URL of its issuer.
    pub issuer: String,
    /// Whether it answers.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Moment,
}

/// One instance.
#[derive(Template)]
#[template(path = "dashboard/instance.html")]
pub struct InstancePage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// Its name as it is.
    pub heading: String,
    /// The URL of its issuer.
    pub issuer: String,
    /// Whether it answers.
    pub is_active: bool,
    /// Since when that is so.
    pub state_since: Moment,
    /// The version that the form is made of.
    pub version: i64,
    /// The path that changes it.
    pub update_action: String,
    /// The name.
    pub name: TextField,
    /// The colour of its pages.
    pub accent: ChoiceField,
    /// How its own operators get in.
    pub way_in: WayIn,
    /// How it is turned on or off.
    pub switch: InstanceSwitch,
}

/// How an instance is turned on or off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InstanceSwitch {
    /// Not at all: it is the one that stays.
    Stays,
    /// It is disabled.
    Enable {
        /// The path that turns it on.
        action: String,
    },
    /// It answers.
    Disable {
        /// The path that turns it off.
        action: String,
        /// The box to tick for it.
        tick: TickField,
    },
}

/// How the operators of an instance get into its dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WayIn {
    /// The reader is in it.
    Here,
    /// It is disabled: nobody gets in.
    Closed,
    /// There are operators.
    Operated {
        /// The path of its dashboard.
        dashboard_path: String,
        /// Who they are, by user name.
        operators: Vec<String>,
        /// What makes a new link for one of them on the server.
        command: String,
    },
    /// Nobody operates it yet.
    Unoperated {
        /// The path of its dashboard.
        dashboard_path: String,
        /// The path that makes a link for the first one.
        link_action: String,
        /// What keeps the form from being carried out twice.
        once: String,
    },
}
