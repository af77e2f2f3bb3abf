//! How much of something is used, and of how much where there is a limit: as a meter, and in words.

use std::borrow::Cow;

use askama::Template;
use askama::filters::HtmlSafe;

use crate::parts::moment::Moment;

/// The gauge.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/gauge.html")]
pub struct Gauge {
    /// The id of the element; those of its parts are made of it.
    pub id: Cow<'static, str>,
    /// What it is about: `This hour`.
    pub label: Cow<'static, str>,
    /// What is counted: `Document Units`.
    pub unit: Cow<'static, str>,
    /// How much is used.
    pub used: u64,
    /// What that means under a limit.
    pub limited: Option<GaugeLimit>,
    /// When it starts anew.
    pub resets_at: Option<Moment>,
}

/// A limit and what is used of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GaugeLimit {
    /// How much may be used.
    pub limit: u64,
    /// The share that is used, in percent: `75.0`.
    pub percent: String,
    /// What is out of the ordinary about that: `critical`.
    pub alarm: Option<&'static str>,
}

impl Gauge {
    /// Whether four fifths of the limit are used.
    pub(crate) fn is_nearly_full(&self) -> bool {
        let is_near = |limited: &GaugeLimit| u128::from(limited.limit) * 4 <= u128::from(self.used) * 5;
        self.limited.as_ref().is_some_and(is_near)
    }
}

impl GaugeLimit {
    /// From here on the meter is yellow, and red. Nothing can be drawn of nothing.
    fn marks(&self) -> Option<(u64, u64)> {
        (0 < self.limit).then(|| (self.limit - self.limit / 4, self.limit - self.limit / 10))
    }
}

/// Its template escapes what it is made of.
impl HtmlSafe for Gauge {}

#[cfg(test)]
mod tests {
    use super::*;

    fn gauge(used: u64, limit: Option<u64>) -> String {
        let limited =
            limit.map(|limit| GaugeLimit { limit, percent: "70.0".to_owned(), alarm: Some("warning") });
        let (label, unit) = ("This hour".into(), "Document Units".into());
        let gauge = Gauge { id: "used-hour".into(), label, unit, used, limited, resets_at: None };
        gauge.render().unwrap()
    }

    #[test]
    fn four_fifths_of_a_limit_are_near_it() {
        let limited = |limit| GaugeLimit { limit, percent: String::new(), alarm: None };
        for (used, limit, expected) in [
            (79, Some(100), false),
            (80, Some(100), true),
            (u64::MAX, Some(u64::MAX), true),
            (5, None, false),
        ] {
            let gauge = Gauge {
                id: "apps".into(),
                label: "Apps".into(),
                unit: "apps".into(),
                used,
                limited: limit.map(limited),
                resets_at: None,
            };
            assert_eq!(gauge.is_nearly_full(), expected, "{used} of {limit:?}");
        }
    }

    #[test]
    fn what_is_used_is_said_in_words_and_drawn_where_there_is_a_limit() {
        let html = gauge(70, Some(100));
        for text in [
            "70 of 100 Document Units",
            "70.0 %",
            "warning",
            "<meter",
            "value=\"70\"",
            "low=\"75\" high=\"90\"",
        ] {
            assert!(html.contains(text), "{text}: {html}");
        }
        for (html, expected) in
            [(gauge(70, None), "70 Document Units"), (gauge(7, Some(0)), "7 of 0 Document Units")]
        {
            assert!(html.contains(expected) && !html.contains("<meter"), "{html}");
        }
    }
}
