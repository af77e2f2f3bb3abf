//! Text for people: aligned columns, cut to the terminal's width, without anything that controls the terminal.

use std::fmt::Write;

use serde_json::Value;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Between two columns.
const GAP: usize = 2;
/// What is absent.
const NOTHING: &str = "-";
/// A column is not cut to less.
const NARROWEST: usize = 8;

/// A text with its control characters, and those that turn the direction of writing, made visible.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        let turns =
            matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let separates = matches!(character, '\u{2028}' | '\u{2029}');
        if character.is_control() || turns || separates {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// A JSON value in one cell.
pub(crate) fn cell(value: &Value) -> String {
    match value {
        Value::Null => NOTHING.to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.is_empty() => NOTHING.to_owned(),
        Value::String(text) => printable(text),
        Value::Array(items) if items.is_empty() => NOTHING.to_owned(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(", "),
        Value::Object(members) if members.is_empty() => NOTHING.to_owned(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{}={}", printable(name), cell(value)));
            members.collect::<Vec<_>>().join(" ")
        }
    }
}

/// A column of a table: its heading, and where its values are in a record (`plan.plan_id`).
pub(crate) type Column = (&'static str, &'static str);

/// Records as a table with a heading.
pub(crate) fn table(columns: &[Column], records: &[Value], width: Option<usize>) -> String {
    let mut rows = vec![columns.iter().map(|(heading, _)| (*heading).to_owned()).collect::<Vec<_>>()];
    rows.extend(records.iter().map(|record| {
        columns.iter().map(|(_, path)| find(record, path).map_or(NOTHING.to_owned(), cell)).collect()
    }));
    // An id that was cut is of no use to the next command.
    let whole: Vec<bool> = columns.iter().map(|(heading, _)| heading.ends_with("ID")).collect();
    aligned(&rows, &whole, width)
}

/// One record, a line for each of its members; nested ones have dots in their names.
pub(crate) fn record(value: &Value) -> String {
    let mut rows = Vec::new();
    flatten("", value, &mut rows);
    aligned(&rows, &[true, true], None)
}

fn flatten(name: &str, value: &Value, rows: &mut Vec<Vec<String>>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (member, value) in members {
                let name =
                    if name.is_empty() { printable(member) } else { format!("{name}.{}", printable(member)) };
                flatten(&name, value, rows);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (index, item) in items.iter().enumerate() {
                flatten(&format!("{name}.{index}"), item, rows);
            }
        }
        value => rows.push(vec![name.to_owned(), cell(value)]),
    }
}

/// The value at a dotted path.
pub(crate) fn find<'a>(record: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(record, |value, name| value.get(name))
}

fn aligned(rows: &[Vec<String>], whole: &[bool], width: Option<usize>) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        for (index, text) in row.iter().enumerate() {
            match widths.get_mut(index) {
                Some(width) => *width = (*width).max(text.width()),
                None => widths.push(text.width()),
            }
        }
    }
    if let Some(available) = width {
        shrink(&mut widths, whole, available);
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let cut = cut(cell, *width);
            let padding = width.saturating_sub(cut.width()).saturating_add(GAP);
            // Writing to a string cannot fail.
            let _ = write!(line, "{cut}{:padding$}", "");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Takes from the widest column that may be cut until all of them fit, or none can give any more.
fn shrink(widths: &mut [usize], whole: &[bool], available: usize) {
    let gaps = widths.len().saturating_sub(1).saturating_mul(GAP);
    let mut excess = widths.iter().sum::<usize>().saturating_add(gaps).saturating_sub(available);
    while 0 < excess {
        let candidates =
            widths.iter_mut().zip(whole).filter(|(width, whole)| !**whole && NARROWEST < **width);
        let Some((widest, _)) = candidates.max_by_key(|(width, _)| **width) else { return };
        *widest = widest.saturating_sub(1);
        excess = excess.saturating_sub(1);
    }
}

/// The text, or as much of it as fits with an ellipsis.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let kept: String = text
        .chars()
        .take_while(|character| {
            used = character.width().unwrap_or(0).saturating_add(used);
            used <= width
        })
        .collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_line_up_whatever_is_written_in_them() {
        let records = [
            json!({"id": "app_1", "name": "日本語"}),
            json!({"id": "app_22", "name": "e\u{301}te"}),
            json!({}),
        ];
        assert_eq!(
            table(&[("NAME", "name"), ("ID", "id")], &records, None),
            "NAME    ID\n日本語  app_1\ne\u{301}te     app_22\n-       -\n"
        );
    }

    #[test]
    fn a_narrow_terminal_cuts_names_and_never_ids() {
        let records = [json!({"id": "app_0123456789", "name": "a name that is too long", "state": "on"})];
        let columns = [("ID", "id"), ("NAME", "name"), ("STATE", "state")];
        let text = table(&columns, &records, Some(36));
        assert_eq!(text, "ID              NAME           STATE\napp_0123456789  a name that…   on\n");
        assert!(text.lines().all(|line| line.width() <= 36));
        let tiny = table(&columns, &records, Some(5));
        assert!(tiny.contains("app_0123456789  a name…"), "{tiny}");
    }

    #[test]
    fn wide_characters_are_cut_between_not_within() {
        assert_eq!(cut("日本語日本語", 8), "日本語…");
        assert_eq!(cut("日本語日本語", 7), "日本語…");
        assert_eq!(cut("日本語日本語", 12), "日本語日本語");
    }

    #[test]
    fn nothing_in_a_record_controls_the_terminal() {
        let shown = record(&json!({"name": "\u{1b}]0;owned\u{7}\r\nx\u{202e}", "a\u{8}": 1}));
        assert_eq!(shown, "name    \\u{1b}]0;owned\\u{7}\\r\\nx\\u{202e}\na\\u{8}  1\n");
    }

    #[test]
    fn a_record_shows_every_member_and_names_nested_ones_with_dots() {
        let value = json!({
            "id": "app_1", "plan": null, "sign_in": {"internal": true}, "uris": [], "slots": ["a", null],
            "checks": [{"check": "x"}],
        });
        assert_eq!(
            record(&value),
            "id                app_1\nplan              -\nsign_in.internal  yes\nuris              -\nslots             a, -\nchecks.0.check    x\n"
        );
    }
}
