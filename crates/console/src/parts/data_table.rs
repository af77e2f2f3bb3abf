//! A table of records, one row each; its first column names them.

use std::borrow::Cow;

use askama::Template;
use askama::filters::HtmlSafe;

use crate::parts::moment::Moment;
use crate::parts::tick_field::TickField;

/// The table.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/data_table.html")]
pub struct DataTable {
    /// The id of the element.
    pub id: Cow<'static, str>,
    /// What the table is called for who does not see it.
    pub label: Cow<'static, str>,
    /// What its columns are called.
    pub headings: Vec<&'static str>,
    /// The records, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
}

impl DataTable {
    /// The cells of a record, each with what its column is called.
    fn named<'a>(&self, row: &'a [Cell]) -> impl Iterator<Item = (&'static str, &'a Cell)> {
        self.headings.iter().copied().zip(row)
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/cell.html")]
pub enum Cell {
    /// Words.
    Text(String),
    /// A name for programs.
    Code(String),
    /// Words that lead to a page.
    Link {
        /// Where to.
        path: String,
        /// The words.
        text: String,
    },
    /// A state.
    State {
        /// What it is called.
        word: String,
        /// Whether all is as it should be.
        is_on: bool,
    },
    /// A point in time.
    Moment(Moment),
    /// How much of something limited is used.
    Meter {
        /// How much is used.
        used: u32,
        /// How much there is.
        limit: u32,
        /// The same in words: `3 of 100 apps`.
        text: String,
    },
    /// A form of one button.
    Button {
        /// The id of the form.
        id: String,
        /// Where it is sent.
        action: String,
        /// The hidden field `csrf`.
        csrf: String,
        /// Another hidden field: its name and its value.
        field: (&'static str, String),
        /// What the button says: `Remove`.
        label: &'static str,
        /// What it is about, for who does not see the row.
        about: String,
        /// What has to be ticked first, where it takes away what nobody brings back. The form is folded up then.
        tick: Option<Box<RowTick>>,
    },
}

/// What has to be ticked before the button of a row does anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowTick {
    /// What is lost then. Its id is the one that the box says.
    pub warning: String,
    /// The box. The form is unfolded where something is wrong with it.
    pub field: TickField,
}

impl Cell {
    /// A share that is full at nothing of nothing, too.
    fn top(limit: &u32) -> u32 {
        (*limit).max(1)
    }
}

/// Its template escapes what it is made of.
impl HtmlSafe for DataTable {}

/// Its template escapes what it is made of.
impl HtmlSafe for Cell {}
