//! One record of the operators' part: what it is, and the panels with what can be done about it. A record that is yet to
//! be made is a page with one form.

use askama::Template;

use crate::dashboard::chrome::{Chrome, Link};
use crate::parts::data_table::DataTable;
use crate::parts::form_panel::FormPanel;
use crate::parts::moment::Moment;
use crate::parts::step_panel::StepPanel;

/// The page.
#[derive(Template)]
#[template(path = "dashboard/record_page.html")]
pub struct RecordPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// What the record is called.
    pub title: String,
    /// What the page is for, in a sentence.
    pub lead: Option<&'static str>,
    /// Its state: the word, and whether all is as it should be.
    pub state: Option<(String, bool)>,
    /// What there is to know about it.
    pub facts: Vec<RecordFact>,
    /// What can be done.
    pub panels: Vec<Panel>,
}

/// Something to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFact {
    /// The id of its value.
    pub id: &'static str,
    /// What it is.
    pub label: &'static str,
    /// What it is here.
    pub value: FactValue,
}

/// What something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactValue {
    /// Words.
    Text(String),
    /// A name for programs.
    Code(String),
    /// A point in time.
    Moment(Moment),
}

/// A part of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Panel {
    /// A form.
    Form(FormPanel),
    /// What is done at one press of a button.
    Steps(StepPanel),
    /// Records that belong to this one.
    Table(TablePanel),
}

/// Records that belong to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablePanel {
    /// The id of the panel; that of its heading is made of it.
    pub id: &'static str,
    /// What they are.
    pub title: String,
    /// What to know about them.
    pub hint: Option<String>,
    /// The table, if there are any.
    pub table: Option<DataTable>,
    /// The way to a further one, with its id.
    pub link: Option<(&'static str, Link)>,
}
