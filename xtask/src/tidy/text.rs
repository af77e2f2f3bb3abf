//! Rules of all text files: clean ends of lines, and nothing that only holds on one machine or behind one mirror.

use super::finding::Finding;
use super::source_files::SourceFile;

// In two pieces, so that this file does not break its own rules.
const MACHINE_PATHS: [&str; 3] = [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/wo", "rk/")];
const REGISTRIES: [&str; 10] = [
    concat!("crates", ".io"),
    concat!("ghcr", ".io"),
    concat!("hub.", "docker"),
    concat!("npm", "js."),
    concat!("nuget", ".org"),
    concat!("proxy.", "golang"),
    concat!("py", "pi.org"),
    concat!("python", "hosted"),
    concat!("repo.", "maven"),
    concat!("ruby", "gems.org"),
];

/// By which pip and npm write down where this machine has its packages from, unless they are told not to.
const PLACES_OF_PACKAGES: [&str; 3] =
    [concat!("--find", "-links"), concat!("index", "-url"), concat!("\"resol", "ved\":")];

/// Cargo writes where packages come from into it.
const LOCKFILE: &str = "Cargo.lock";

pub(crate) fn check(file: &SourceFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in file.numbered_lines() {
        let messages = messages(line, file.path == LOCKFILE);
        findings.extend(messages.into_iter().map(|message| Finding::new(&file.path, number, message)));
    }
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        let last = file.numbered_lines().count();
        findings.push(Finding::new(&file.path, last, "end the last line"));
    }
    findings
}

fn messages(line: &str, in_lockfile: bool) -> Vec<String> {
    let mut messages = Vec::new();
    if line.ends_with(char::is_whitespace) {
        messages.push("white space at the end of the line".to_owned());
    }
    if let Some(path) = MACHINE_PATHS.iter().find(|path| starts_a_path(line, path)) {
        messages.push(format!("`{path}` exists on some machines only"));
    }
    if !in_lockfile && let Some(host) = REGISTRIES.iter().find(|host| line.contains(*host)) {
        messages.push(format!("`{host}` names a package registry, which is the machine's choice"));
    }
    if let Some(place) = PLACES_OF_PACKAGES.iter().find(|place| line.contains(*place)) {
        messages.push(format!("`{place}` says where packages come from, which is the machine's choice"));
    }
    messages
}

/// The same letters within a URL or a longer path are fine.
fn starts_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|before| before.is_alphanumeric() || "_-.*}>)".contains(before))
    })
}

/// Whether `line` contains `word` not as a part of a longer word.
pub(crate) fn mentions_word(line: &str, word: &str) -> bool {
    let in_word =
        |neighbour: Option<char>| neighbour.is_some_and(|found| found.is_alphanumeric() || found == '_');
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|after| after.chars().next());
        !in_word(before) && !in_word(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_break_a_rule_are_found() {
        let [path, host] = [MACHINE_PATHS[0], REGISTRIES[0]];
        let [links, index, resolved] = PLACES_OF_PACKAGES;
        let cases = [
            ("a.md", "fine\n".to_owned(), 0),
            ("a.md", String::new(), 0),
            ("a.md", "no end".to_owned(), 1),
            ("a.md", "blank at the end \nfine\n".to_owned(), 1),
            ("a.md", "of another system\r\n".to_owned(), 1),
            ("a.md", format!("see {path}me/notes\n"), 1),
            ("a.md", format!("see https://example.com{path}notes\n"), 0),
            ("a.md", format!("from {host}\n"), 1),
            ("Cargo.lock", format!("from {host}\n"), 0),
            ("requirements.txt", format!("{links} wheels\n"), 1),
            ("requirements.txt", format!("--extra-{index} https://example.com\n"), 1),
            ("package-lock.json", format!("{resolved} \"https://example.com/a.tgz\",\n"), 1),
        ];
        for (path, text, expected) in cases {
            let file = SourceFile { path: path.to_owned(), text };
            assert_eq!(check(&file).len(), expected, "{}", file.text);
        }
    }

    #[test]
    fn words_are_whole() {
        assert!(mentions_word("a word.", "word"));
        assert!(mentions_word("sword, word", "word"));
        assert!(!mentions_word("a sword", "word"));
        assert!(!mentions_word("a word_list", "word"));
    }
}
