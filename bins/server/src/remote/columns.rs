//! Aligning cells in columns, and fitting them into a width: texts are cut, then the last columns are left out.
//! What another command or a reader needs as a whole (ids, times, numbers) is never cut.

use std::fmt::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Between two columns.
const GAP: usize = 2;
/// A column is not cut to less.
const NARROWEST: usize = 8;

/// What stands at one place of a table.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    /// Without anything that controls a terminal.
    pub(super) text: String,
    /// Whether a part of it would be of no use.
    pub(super) whole: bool,
}

/// The rows as lines, and how many of their columns had room. At least one is always there.
pub(super) fn aligned(rows: &[Vec<Cell>], available: Option<usize>) -> (String, usize) {
    let mut columns = measure(rows);
    if let Some(available) = available {
        columns.truncate(fitting(&columns, available));
        shrink(&mut columns, available);
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, column) in row.iter().zip(&columns) {
            let cut = cut(&cell.text, column.width);
            let padding = column.width.saturating_sub(cut.width()).saturating_add(GAP);
            // Writing to a string cannot fail.
            let _ = write!(line, "{cut}{:padding$}", "");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    (text, columns.len())
}

/// How wide a column is, and how narrow it may become.
#[derive(Debug, Clone, Copy, Default)]
struct Width {
    width: usize,
    least: usize,
}

fn measure(rows: &[Vec<Cell>]) -> Vec<Width> {
    let mut columns: Vec<Width> = Vec::new();
    for row in rows {
        columns.resize(columns.len().max(row.len()), Width::default());
        for (cell, column) in row.iter().zip(&mut columns) {
            let width = cell.text.width();
            column.width = column.width.max(width);
            column.least = column.least.max(if cell.whole { width } else { width.min(NARROWEST) });
        }
    }
    columns
}

/// How many columns fit if each of them is as narrow as it may be.
fn fitting(columns: &[Width], available: usize) -> usize {
    let mut used = 0_usize;
    let fit = columns.iter().enumerate().take_while(|(index, column)| {
        used = used.saturating_add(column.least).saturating_add(if *index == 0 { 0 } else { GAP });
        used <= available
    });
    fit.count().max(1)
}

/// Takes from the widest column that may be cut until all of them fit, or none can give any more.
fn shrink(columns: &mut [Width], available: usize) {
    let gaps = columns.len().saturating_sub(1).saturating_mul(GAP);
    let used = columns.iter().map(|column| column.width).sum::<usize>().saturating_add(gaps);
    for _ in available..used {
        let candidates = columns.iter_mut().filter(|column| column.least < column.width);
        let Some(widest) = candidates.max_by_key(|column| column.width) else { return };
        widest.width = widest.width.saturating_sub(1);
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
    use super::*;

    #[test]
    fn wide_characters_are_cut_between_not_within() {
        assert_eq!(cut("日本語日本語", 8), "日本語…");
        assert_eq!(cut("日本語日本語", 7), "日本語…");
        assert_eq!(cut("日本語日本語", 12), "日本語日本語");
    }

    #[test]
    fn the_widest_gives_first_and_nothing_below_its_least() {
        let columns = |widths: &[(usize, usize)]| -> Vec<Width> {
            widths.iter().map(|(width, least)| Width { width: *width, least: *least }).collect()
        };
        for (before, available, after) in [
            (&[(10, 10), (30, 8), (20, 8)][..], 64, &[10, 30, 20][..]),
            (&[(10, 10), (30, 8), (20, 8)], 54, &[10, 20, 20]),
            (&[(10, 10), (30, 8), (20, 8)], 30, &[10, 8, 8]),
            (&[(10, 10), (30, 8), (20, 8)], 29, &[10, 17]),
            (&[(10, 10), (30, 8), (20, 8)], 5, &[10]),
        ] {
            let mut fitted = columns(before);
            fitted.truncate(fitting(&fitted, available));
            shrink(&mut fitted, available);
            let widths: Vec<usize> = fitted.iter().map(|column| column.width).collect();
            assert_eq!(widths, after, "{available}");
        }
    }
}
