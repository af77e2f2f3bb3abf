//! Sentences in lines that fit a width. Words are never cut.

use unicode_width::UnicodeWidthStr;

/// Before every line but the first.
const INDENT: &str = "  ";

/// A text as lines; one line if there is no width to keep to.
pub(crate) fn wrapped(text: &str, width: Option<usize>) -> String {
    let mut lines = String::new();
    let mut used = 0_usize;
    for word in text.split_whitespace() {
        let with_word = used.saturating_add(1).saturating_add(word.width());
        if lines.is_empty() {
            used = word.width();
        } else if width.is_some_and(|width| width < with_word) {
            lines.push('\n');
            lines.push_str(INDENT);
            used = INDENT.width().saturating_add(word.width());
        } else {
            lines.push(' ');
            used = with_word;
        }
        lines.push_str(word);
    }
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_to_the_width_and_words_stay_whole() {
        for (width, shown) in [
            (None, "one two three four\n"),
            (Some(18), "one two three four\n"),
            (Some(17), "one two three\n  four\n"),
            (Some(9), "one two\n  three\n  four\n"),
            (Some(1), "one\n  two\n  three\n  four\n"),
        ] {
            assert_eq!(wrapped("one two three four", width), shown, "{width:?}");
        }
        assert_eq!(wrapped("日本 日本", Some(8)), "日本\n  日本\n");
    }
}
