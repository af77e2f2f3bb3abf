//! `domain` and `policy` compute and nothing else: what they need of the world is handed to them as an argument.

use std::collections::{HashMap, VecDeque};

use super::finding::Finding;
use super::metadata::{Member, Workspace};
use super::source_files::SourceFile;
use super::text::mentions_word;

const PURE: [&str; 2] = ["domain", "policy"];

/// Crates a pure crate may not reach, and what they would bring in. A name stands for its family too: `rand` for
/// `rand_core`.
const FORBIDDEN: [(&str, &str); 30] = [
    ("actix", "a web framework"),
    ("async", "async code"),
    ("aws-lc", "cryptography, which needs randomness"),
    ("axum", "a web framework"),
    ("chrono", "a clock"),
    ("diesel", "SQL"),
    ("futures", "async code"),
    ("getrandom", "randomness"),
    ("governor", "a clock"),
    ("hyper", "a network client or server"),
    ("jiff", "a clock"),
    ("josekit", "cryptography, which needs randomness"),
    ("libsqlite3-sys", "SQL"),
    ("log", "logging, which is the caller's"),
    ("mio", "the network"),
    ("openssl", "cryptography, which needs randomness"),
    ("pq-sys", "SQL"),
    ("quanta", "a clock"),
    ("rand", "randomness"),
    ("reqwest", "a network client"),
    ("rustls", "the network"),
    ("serde_json", "a wire format"),
    ("sqlx", "SQL"),
    ("sysinfo", "the state of the machine"),
    ("time", "a clock"),
    ("tokio", "async code"),
    ("tower", "a network server"),
    ("tracing", "logging, which is the caller's"),
    ("ureq", "a network client"),
    ("uuid", "randomness and a clock"),
];

/// What leads out of pure code in the standard library.
const FORBIDDEN_WORDS: [&str; 6] =
    ["SystemTime", "Instant", "TcpStream", "TcpListener", "UdpSocket", "RandomState"];
const FORBIDDEN_MODULES: [&str; 4] = ["env", "fs", "process", "thread"];

/// The packages that a pure crate is built with.
pub(crate) fn check_graph(workspace: &Workspace) -> Vec<Finding> {
    let pure = workspace.members.iter().filter(|member| PURE.contains(&member.folder.as_str()));
    pure.flat_map(|member| forbidden_reaches(workspace, member)).collect()
}

fn forbidden_reaches(workspace: &Workspace, member: &Member) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in paths_from(workspace, &member.id) {
        let Some((name, reason)) = path.last().and_then(|name| forbidden(name).map(|reason| (name, reason)))
        else {
            continue;
        };
        let message =
            format!("`{}` is pure, but `{name}` brings in {reason}: {}", member.folder, path.join(" > "));
        findings.push(member.manifest.finding(path.get(1).unwrap_or(name), message));
    }
    findings
}

/// The shortest path to each package reached from `start`.
fn paths_from<'a>(workspace: &'a Workspace, start: &'a str) -> Vec<Vec<&'a str>> {
    let mut paths: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut waiting = VecDeque::from([(start, Vec::new())]);
    while let Some((id, way)) = waiting.pop_front() {
        let Some(package) = workspace.packages.get(id) else { continue };
        if paths.contains_key(id) {
            continue;
        }
        let path: Vec<&str> = way.into_iter().chain([package.name.as_str()]).collect();
        waiting.extend(package.uses.iter().map(|used| (used.as_str(), path.clone())));
        paths.insert(id, path);
    }
    paths.into_values().collect()
}

fn forbidden(name: &str) -> Option<&'static str> {
    let family = |root: &str| {
        name.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
    };
    FORBIDDEN.iter().find(|(root, _)| family(root)).map(|(_, reason)| *reason)
}

/// The source of a pure crate.
pub(crate) fn check_source(file: &SourceFile) -> Vec<Finding> {
    let pure = PURE.iter().any(|folder| file.path.starts_with(&format!("crates/{folder}/src/")));
    if !pure || !file.path.ends_with(".rs") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let mut in_grouped_use = false;
    for (number, line) in file.numbered_lines() {
        let code = line.split_once("//").map_or(line, |(code, _)| code);
        in_grouped_use |= code.trim_start().starts_with("use std::{");
        let word = FORBIDDEN_WORDS.into_iter().find(|word| mentions_word(code, word));
        let module = FORBIDDEN_MODULES.into_iter().find(|module| {
            mentions_word(code, &format!("std::{module}")) || (in_grouped_use && mentions_word(code, module))
        });
        if let Some(found) = word.or(module) {
            findings.push(Finding::new(
                &file.path,
                number,
                format!("`{found}` in a pure crate: make it an argument"),
            ));
        }
        in_grouped_use &= !code.contains(';');
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::metadata::{Manifest, Package};
    use super::*;

    #[test]
    fn what_a_pure_crate_reaches_is_named_with_its_path() {
        let mut workspace = Workspace::default();
        let graph: [(&str, &[&str]); 4] =
            [("turnkeep-domain", &["url"]), ("url", &["rand_core"]), ("rand_core", &[]), ("tokio", &[])];
        for (name, uses) in graph {
            let uses = uses.iter().map(ToString::to_string).collect();
            workspace.packages.insert(name.to_owned(), Package { name: name.to_owned(), uses });
        }
        let manifest =
            Manifest { path: "Cargo.toml".to_owned(), text: "[dependencies]\nurl = \"2\"\n".to_owned() };
        let (id, folder) = ("turnkeep-domain".to_owned(), "domain".to_owned());
        workspace.members.push(Member { id, folder, manifest, dependencies: Vec::new() });
        let message =
            "`domain` is pure, but `rand_core` brings in randomness: turnkeep-domain > url > rand_core";
        assert_eq!(check_graph(&workspace), [Finding::new("Cargo.toml", 2, message)]);
    }

    #[test]
    fn families_and_not_prefixes_are_forbidden() {
        let cases = [
            ("time", true),
            ("time-macros", true),
            ("timestamped", false),
            ("actix-web", true),
            ("logos", false),
        ];
        for (name, expected) in cases {
            assert_eq!(forbidden(name).is_some(), expected, "{name}");
        }
    }

    #[test]
    fn the_world_is_found_in_pure_source_only() {
        let cases = [
            ("crates/domain/src/a.rs", "let now = std::time::SystemTime::now();", 1),
            ("crates/domain/src/a.rs", "use std::{\n    env,\n    fmt,\n};\nlet env = 1;", 1),
            ("crates/policy/src/a.rs", "use std::fs;", 1),
            ("crates/policy/src/a.rs", "// std::fs would be wrong here", 0),
            ("crates/policy/src/a.rs", "use std::time::Duration;\nlet InstantNoodles = 1;", 0),
            ("crates/web/src/a.rs", "use std::fs;", 0),
        ];
        for (path, text, expected) in cases {
            let file = SourceFile { path: path.to_owned(), text: text.to_owned() };
            assert_eq!(check_source(&file).len(), expected, "{text}");
        }
    }
}
