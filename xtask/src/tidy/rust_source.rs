//! Rules of Rust files: each says what it is for, none puts work or failing tests off.

use super::finding::Finding;
use super::source_files::SourceFile;
use super::text::mentions_word;

// In two pieces, so that this file does not break its own rules.
const POSTPONED: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];
const IGNORED: &str = concat!("#[ign", "ore");
const SHOULD_PANIC: &str = concat!("should_", "panic");

pub(crate) fn check(file: &SourceFile) -> Vec<Finding> {
    if !file.path.ends_with(".rs") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    if !file.text.starts_with("//!") {
        findings.push(Finding::new(&file.path, 1, "start the file with `//!` and what it is for"));
    }
    for (number, line) in file.numbered_lines() {
        let messages = messages(line);
        findings.extend(messages.into_iter().map(|message| Finding::new(&file.path, number, message)));
    }
    findings
}

fn messages(line: &str) -> Vec<String> {
    let mut messages = Vec::new();
    for mark in POSTPONED {
        if mentions_word(line, mark) {
            messages.push(format!("{mark}: do it, or open an issue"));
        }
    }
    if line.contains(IGNORED) {
        messages.push("a test that does not run proves nothing".to_owned());
    }
    if mentions_word(line, SHOULD_PANIC) {
        messages.push("assert on the result instead of a panic".to_owned());
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_break_a_rule_are_found() {
        let good = "//! Says what it is for.\nfn main() {}\n".to_owned();
        let cases = [
            ("a.rs", good.clone(), 0),
            ("a.rs", "fn main() {}\n".to_owned(), 1),
            ("a.md", "fn main() {}\n".to_owned(), 0),
            ("a.rs", format!("{good}// {}: later\n", POSTPONED[0]), 1),
            ("a.rs", format!("{good}// {}: later\n", POSTPONED[1]), 1),
            ("a.rs", format!("{good}// MAS{} is another word\n", POSTPONED[0]), 0),
            ("a.rs", format!("{good}{IGNORED} = \"flaky\"]\n"), 1),
            ("a.rs", format!("{good}#[{SHOULD_PANIC}]\n"), 1),
        ];
        for (path, text, expected) in cases {
            let file = SourceFile { path: path.to_owned(), text };
            assert_eq!(check(&file).len(), expected, "{}", file.text);
        }
    }
}
