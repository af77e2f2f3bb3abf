//! Amounts over time as bars, drawn here as SVG, and the same as a table for who does not see them.

use std::borrow::Cow;

use askama::Template;
use askama::filters::HtmlSafe;

/// The picture is this wide and high, in its own units.
const WIDTH: u32 = 720;
const HEIGHT: u32 = 160;

/// An amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// When: `09:00`.
    pub label: String,
    /// How much.
    pub amount: u64,
}

/// The chart.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/bar_chart.html")]
pub struct BarChart {
    /// The id of the element; those of its parts are made of it.
    pub id: Cow<'static, str>,
    /// What it shows: `Document Units per hour`.
    pub title: String,
    /// What the labels are: `Hour (UTC)`.
    pub label_heading: Cow<'static, str>,
    /// What the amounts are: `Document Units`.
    pub amount_heading: Cow<'static, str>,
    /// The bars, the oldest first.
    pub bars: Vec<Bar>,
    /// A line that should not be crossed.
    pub limit: Option<u64>,
}

/// A bar as it is drawn, in the units of the picture.
struct DrawnBar<'a> {
    bar: &'a Bar,
    x: u32,
    y: u32,
    width: u32,
    height: u32,
    is_over: bool,
}

impl BarChart {
    /// What the height of the picture stands for.
    fn top(&self) -> u64 {
        let most = self.bars.iter().map(|bar| bar.amount).max().unwrap_or(0);
        most.max(self.limit.unwrap_or(0)).max(1)
    }

    fn height_of(&self, amount: u64) -> u32 {
        let scaled = u128::from(amount) * u128::from(HEIGHT) / u128::from(self.top());
        let height = u32::try_from(scaled).unwrap_or(HEIGHT).min(HEIGHT);
        // Little is not nothing.
        if 0 < amount { height.max(2) } else { 0 }
    }

    fn drawn(&self) -> Vec<DrawnBar<'_>> {
        let count = u32::try_from(self.bars.len()).unwrap_or(u32::MAX).max(1);
        let width = (WIDTH / count).max(1);
        let gap = if 6 < width { 2 } else { 0 };
        let places = (0..WIDTH).step_by(usize::try_from(width).unwrap_or(1));
        let draw = |(bar, x): (_, u32)| {
            let bar: &Bar = bar;
            let height = self.height_of(bar.amount);
            let is_over = self.limit.is_some_and(|limit| limit <= bar.amount);
            DrawnBar { bar, x, y: HEIGHT - height, width: width - gap, height, is_over }
        };
        self.bars.iter().zip(places).map(draw).collect()
    }

    fn limit_y(&self) -> Option<u32> {
        self.limit.map(|limit| HEIGHT - self.height_of(limit))
    }

    fn sum(&self) -> u64 {
        self.bars.iter().fold(0, |sum, bar| sum.saturating_add(bar.amount))
    }

    fn first_label(&self) -> &str {
        self.bars.first().map_or("", |bar| bar.label.as_str())
    }

    fn last_label(&self) -> &str {
        self.bars.last().map_or("", |bar| bar.label.as_str())
    }
}

/// Its template escapes what it is made of.
impl HtmlSafe for BarChart {}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(amounts: &[u64], limit: Option<u64>) -> BarChart {
        let bars = amounts.iter().map(|amount| Bar { label: format!("at {amount}"), amount: *amount });
        BarChart {
            id: "usage".into(),
            title: "Usage".to_owned(),
            label_heading: "Hour".into(),
            amount_heading: "Units".into(),
            bars: bars.collect(),
            limit,
        }
    }

    #[test]
    fn bars_are_as_high_as_their_share_of_the_highest_or_of_the_limit() {
        let heights = |chart: &BarChart| chart.drawn().iter().map(|bar| bar.height).collect::<Vec<_>>();
        assert_eq!(heights(&chart(&[0, 5, 10], None)), [0, 80, 160]);
        assert_eq!(heights(&chart(&[0, 5, 10], Some(20))), [0, 40, 80]);
        assert_eq!(heights(&chart(&[1, 1_000_000], None)), [2, 160]);
        assert_eq!(heights(&chart(&[u64::MAX, 0], None)), [160, 0]);
        assert!(chart(&[], None).drawn().is_empty());
    }

    #[test]
    fn bars_stand_beside_each_other_within_the_picture() {
        for count in [1_usize, 24, 60, 365] {
            let chart = chart(&vec![1; count], None);
            let drawn = chart.drawn();
            assert_eq!(drawn.len(), count);
            assert!(drawn.iter().all(|bar| bar.x + bar.width <= WIDTH && bar.y + bar.height == HEIGHT));
            assert!(
                drawn.iter().zip(drawn.iter().skip(1)).all(|(left, right)| left.x + left.width <= right.x)
            );
        }
    }

    #[test]
    fn what_reaches_the_limit_is_marked() {
        let chart = chart(&[9, 10, 11], Some(10));
        let over: Vec<_> = chart.drawn().iter().map(|bar| bar.is_over).collect();
        assert_eq!((over, chart.limit_y()), (vec![false, true, true], Some(15)));
    }

    #[test]
    fn the_table_says_what_the_picture_shows() {
        let html = chart(&[3, 4], Some(10)).render().unwrap();
        for text in [">3</td>", ">4</td>", "at 3", "at 4", "role=\"img\""] {
            assert!(html.contains(text), "{text}: {html}");
        }
    }
}
