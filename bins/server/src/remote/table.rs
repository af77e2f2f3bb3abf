//! Text for people: aligned columns, cut to the terminal's width, without anything that controls the terminal.

use serde_json::Value;
use turnkeep_protocol::rfc3339::{format_utc, parse_rfc3339};

use crate::remote::columns::{Cell, aligned};

/// What is absent.
const NOTHING: &str = "-";
/// Fewer characters after the prefix are no id.
const SHORTEST_ID: usize = 20;

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

/// A table as it is shown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// Its lines.
    pub(crate) text: String,
    /// The headings of the columns that had no room.
    pub(crate) left_out: Vec<&'static str>,
}

/// Records as a table with a heading.
pub(crate) fn table(columns: &[Column], records: &[Value], width: Option<usize>) -> Table {
    let heading = |(heading, _): &Column| Cell { text: (*heading).to_owned(), whole: true };
    let mut rows = vec![columns.iter().map(heading).collect::<Vec<_>>()];
    rows.extend(
        records.iter().map(|record| columns.iter().map(|column| table_cell(column, record)).collect()),
    );
    let (text, shown) = aligned(&rows, width);
    Table { text, left_out: columns.iter().skip(shown).map(|(heading, _)| *heading).collect() }
}

fn table_cell((heading, path): &Column, record: &Value) -> Cell {
    let value = find(record, path).unwrap_or(&Value::Null);
    if let Some(minute) = value.as_str().and_then(to_the_minute) {
        return Cell { text: minute, whole: true };
    }
    let text = cell(value);
    let is_name = heading.ends_with("ID") || matches!(*heading, "CHECK" | "STATE");
    let whole = is_name || value.is_number() || names_an_id(&text);
    Cell { text, whole }
}

/// A time as people read it in a table, in UTC: what is finer is in the record itself.
fn to_the_minute(text: &str) -> Option<String> {
    let utc = format_utc(parse_rfc3339(text).ok()?);
    let (day, time) = utc.split_once('T')?;
    Some(format!("{day} {}", time.get(..5)?))
}

/// Whether a text has an id in it, such as `app_` and 26 characters. Cut, it would be of no use to the next command.
fn names_an_id(text: &str) -> bool {
    let words = text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
    words.filter_map(|word| word.split_once('_')).any(|(prefix, rest)| {
        let lower = |text: &str| text.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
        matches!(prefix.len(), 1..=8) && SHORTEST_ID <= rest.len() && lower(prefix) && lower(rest)
    })
}

/// One record, a line for each of its members; nested ones have dots in their names.
pub(crate) fn record(value: &Value) -> String {
    let mut rows = Vec::new();
    flatten("", value, &mut rows);
    let whole = |text: String| Cell { text, whole: true };
    let rows: Vec<Vec<Cell>> = rows.into_iter().map(|row| row.into_iter().map(whole).collect()).collect();
    aligned(&rows, None).0
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

#[cfg(test)]
mod tests {
    use serde_json::json;
    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn columns_line_up_whatever_is_written_in_them() {
        let records = [
            json!({"id": "app_1", "name": "日本語"}),
            json!({"id": "app_22", "name": "e\u{301}te"}),
            json!({}),
        ];
        assert_eq!(
            table(&[("NAME", "name"), ("ID", "id")], &records, None).text,
            "NAME    ID\n日本語  app_1\ne\u{301}te     app_22\n-       -\n"
        );
    }

    /// Two apps and their table at a width.
    fn apps_at(width: usize) -> Table {
        let columns = [
            ("ID", "id"),
            ("NAME", "name"),
            ("CLIENT ID", "client_id"),
            ("SINCE", "since"),
            ("OWNER", "owner"),
            ("SCOPES", "scopes"),
        ];
        let app = |name: &str, scopes: &str| {
            json!({
                "id": "app_01m7zedk4ff6593s30gcz01a8q", "name": name, "client_id": "tk_p13086fzw8sxj8ve1n3p7z8e",
                "since": "2026-11-21T16:01:59.279343Z", "owner": "usr_01m7zedk4ff6593s30gcz01a8q",
                "scopes": scopes,
            })
        };
        table(&columns, &[app("Invoices of the north", "read write"), app("B", "read")], Some(width))
    }

    #[test]
    fn at_60_columns_ids_are_whole_and_what_has_no_room_is_named() {
        let Table { text, left_out } = apps_at(60);
        assert_eq!(
            text,
            "ID                              NAME\n\
             app_01m7zedk4ff6593s30gcz01a8q  Invoices of the north\n\
             app_01m7zedk4ff6593s30gcz01a8q  B\n"
        );
        assert_eq!(left_out, ["CLIENT ID", "SINCE", "OWNER", "SCOPES"]);
    }

    #[test]
    fn at_80_columns_names_are_cut_for_another_column() {
        let Table { text, left_out } = apps_at(80);
        assert_eq!(
            text,
            "ID                              NAME                 CLIENT ID\n\
             app_01m7zedk4ff6593s30gcz01a8q  Invoices of the no…  tk_p13086fzw8sxj8ve1n3p7z8e\n\
             app_01m7zedk4ff6593s30gcz01a8q  B                    tk_p13086fzw8sxj8ve1n3p7z8e\n"
        );
        assert!(text.lines().all(|line| line.width() <= 80));
        assert_eq!(left_out, ["SINCE", "OWNER", "SCOPES"]);
    }

    #[test]
    fn at_120_columns_a_name_gives_way_to_times_and_ids_that_are_whole() {
        let Table { text, left_out } = apps_at(120);
        assert_eq!(
            text.lines().nth(1).unwrap(),
            "app_01m7zedk4ff6593s30gcz01a8q  Invoices…  tk_p13086fzw8sxj8ve1n3p7z8e  2026-11-21 16:01  \
             usr_01m7zedk4ff6593s30gcz01a8q"
        );
        assert!(text.lines().all(|line| line.width() <= 120));
        assert_eq!(left_out, ["SCOPES"]);
        assert_eq!(apps_at(200).left_out, Vec::<&str>::new());
    }

    #[test]
    fn an_id_is_known_wherever_it_stands() {
        for (text, whole) in [
            ("app_01m7zedk4ff6593s30gcz01a8q", true),
            ("user:usr_01m7zedk4ff6593s30gcz01a8q", true),
            ("tk_p13086fzw8sxj8ve1n3p7z8e", true),
            ("command-line", false),
            ("scope_wider_than_read", false),
            ("a_name_that_somebody_gave_it", false),
            ("_01m7zedk4ff6593s30gcz01a8q", false),
        ] {
            assert_eq!(names_an_id(text), whole, "{text}");
        }
    }

    #[test]
    fn times_are_shown_to_the_minute_and_other_texts_as_they_are() {
        for (text, shown) in [
            ("2026-11-21T16:01:59.279343Z", "2026-11-21 16:01"),
            ("2026-11-21T16:01:59Z", "2026-11-21 16:01"),
            ("2026-11-21", "2026-11-21"),
            ("2026-11-21T16:01 or so", "2026-11-21T16:01 or so"),
        ] {
            let shown = format!("AT\n{shown}\n");
            assert_eq!(table(&[("AT", "at")], &[json!({"at": text})], None).text, shown);
        }
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
