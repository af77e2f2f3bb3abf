//! What surrounds every page of the dashboard: the way around, search, and who is signed in.

use std::borrow::Cow;

use crate::frame::Frame;
use crate::parts::notice::Notice;
use crate::parts::session_notice::SessionNotice;

/// The surroundings. Paths begin with a slash and lead to this instance.
pub struct Chrome<'a> {
    /// The look of the instance.
    pub frame: Frame<'a>,
    /// The value of the hidden field `csrf` of all forms.
    pub csrf: String,
    /// Who is signed in, as people call them.
    pub person: String,
    /// The path of the dashboard's first page.
    pub home_path: String,
    /// The path of the account page.
    pub account_path: String,
    /// The path that signs out.
    pub sign_out_action: String,
    /// The path that searches; takes `q` with GET.
    pub search_action: String,
    /// What was searched for.
    pub searched: String,
    /// The id of the tenant that the search is asked from: what it finds is shown with the way around of it.
    pub search_from: Option<String>,
    /// The way around.
    pub groups: Vec<NavGroup>,
    /// The way here, from the top; this page itself is its heading.
    pub crumbs: Vec<Link>,
    /// What to say above everything.
    pub notice: Option<Notice>,
    /// What says before the session ends that it will.
    pub session_notice: SessionNotice,
}

/// A part of the way around: one tenant, or the operators' part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavGroup {
    /// What it is called: the tenant's name.
    pub title: String,
    /// Where it leads.
    pub items: Vec<NavItem>,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    /// The id of the link, the same on every page.
    pub id: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// Its path.
    pub path: String,
    /// Whether this page is there.
    pub is_here: bool,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is called.
    pub label: Cow<'static, str>,
    /// Its path.
    pub path: String,
}
