//! Records of the operators' part as a list, with a filter above and the way to a new one.

use askama::Template;

use crate::dashboard::chrome::{Chrome, Link};
use crate::parts::data_table::DataTable;
use crate::parts::form_panel::FormField;

/// The list.
#[derive(Template)]
#[template(path = "dashboard/list_page.html")]
pub struct ListPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// What the page is called.
    pub title: String,
    /// What these records are, in a sentence.
    pub lead: &'static str,
    /// The paths above the list: the first one is what there is to do, each with its id.
    pub links: Vec<(&'static str, Link)>,
    /// What is looked for.
    pub filter: Option<ListFilter>,
    /// The records, in tables with a heading each; one alone needs none.
    pub tables: Vec<ListedTable>,
    /// What there is to say when there is nothing.
    pub nothing: Option<Nothing>,
    /// The path of the next page.
    pub next_path: Option<String>,
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFilter {
    /// The path of the page.
    pub action: String,
    /// The fields.
    pub fields: Vec<FormField>,
}

/// A table of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedTable {
    /// What is above it: the words, and the page that they lead to.
    pub heading: Option<Link>,
    /// A state beside the heading: its word and whether all is as it should be.
    pub state: Option<(String, bool)>,
    /// The table; a heading can stand alone.
    pub table: Option<DataTable>,
    /// What is said where there is no table.
    pub hint: Option<&'static str>,
}

impl ListedTable {
    /// A table with nothing around it.
    #[must_use]
    pub fn alone(table: DataTable) -> Self {
        Self { heading: None, state: None, table: Some(table), hint: None }
    }
}

/// A list without records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nothing {
    /// There are none yet.
    Yet {
        /// In a few words.
        title: &'static str,
        /// What they are, and what comes next.
        text: &'static str,
    },
    /// There are some, but none that was looked for.
    Found,
}
