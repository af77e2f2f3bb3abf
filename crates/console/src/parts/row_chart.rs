//! Amounts by what they are of, in a table whose rows have bars drawn here as SVG. Who does not see the bars hears the
//! same amounts.

use std::borrow::Cow;

use askama::Template;
use askama::filters::HtmlSafe;

/// How long the longest bar is, in the units of its picture.
const WIDTH: u64 = 100;

/// An amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartRow {
    /// The stable name of what it is of, for programs and tests.
    pub code: String,
    /// What it is of.
    pub label: String,
    /// How much.
    pub amount: u64,
    /// What to know about it.
    pub note: Option<String>,
}

/// The chart.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/row_chart.html")]
pub struct RowChart {
    /// The id of the element; those of its parts are made of it.
    pub id: Cow<'static, str>,
    /// What it shows: `Refusals by reason`.
    pub title: String,
    /// What the labels are: `Reason`.
    pub label_heading: Cow<'static, str>,
    /// What the amounts are: `Requests`.
    pub amount_heading: Cow<'static, str>,
    /// What the notes are: `What to do`.
    pub note_heading: Cow<'static, str>,
    /// What to say where there are no rows.
    pub empty: Cow<'static, str>,
    /// The rows, in the order in which they are shown.
    pub rows: Vec<ChartRow>,
}

impl RowChart {
    fn sum(&self) -> u64 {
        self.rows.iter().fold(0, |sum, row| sum.saturating_add(row.amount))
    }

    fn width_of(&self, amount: u64) -> u128 {
        let most = self.rows.iter().map(|row| row.amount).max().unwrap_or(0).max(1);
        let width = u128::from(amount) * u128::from(WIDTH) / u128::from(most);
        // Little is not nothing.
        if 0 < amount { width.max(1) } else { 0 }
    }
}

/// Its template escapes what it is made of.
impl HtmlSafe for RowChart {}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(amounts: &[u64]) -> RowChart {
        let row = |amount: &u64| ChartRow {
            code: format!("code_{amount}"),
            label: format!("Reason {amount}"),
            amount: *amount,
            note: None,
        };
        RowChart {
            id: "refusals".into(),
            title: "Refusals".to_owned(),
            label_heading: "Reason".into(),
            amount_heading: "Requests".into(),
            note_heading: "What to do".into(),
            empty: "No request was refused.".into(),
            rows: amounts.iter().map(row).collect(),
        }
    }

    #[test]
    fn bars_are_as_long_as_their_share_of_the_longest() {
        let widths = |amounts: &[u64]| {
            let chart = chart(amounts);
            amounts.iter().map(|amount| chart.width_of(*amount)).collect::<Vec<_>>()
        };
        assert_eq!(widths(&[10, 5, 0]), [100, 50, 0]);
        assert_eq!(widths(&[1_000_000, 1]), [100, 1]);
        assert_eq!(widths(&[u64::MAX, u64::MAX / 2]), [100, 49]);
    }

    #[test]
    fn the_table_has_every_amount_or_says_that_there_is_none() {
        let html = chart(&[3, 4]).render().unwrap();
        for text in ["7 in all", "Reason 3", "data-reason=\"code_4\"", ">4</td>"] {
            assert!(html.contains(text), "{text}: {html}");
        }
        let empty = chart(&[]).render().unwrap();
        assert!(empty.contains("No request was refused.") && !empty.contains("<table"), "{empty}");
    }
}
