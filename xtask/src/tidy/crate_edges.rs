//! Holds the crates of the workspace, and who uses whom, against the table of crates.

use super::CRATE_TABLE;
use super::crate_table::Row;
use super::finding::Finding;
use super::metadata::{Dependency, Kind, Member, Workspace};

/// Whose tests may reach for a real store and real tokens, though their crates may not.
const TESTED_WITH_BACKENDS: [&str; 5] = ["service", "web", "verify", "server", "bench"];
const BACKENDS: [&str; 3] = ["storage", "storage-diesel", "token"];

pub(crate) fn check(workspace: &Workspace, rows: &[Row]) -> Vec<Finding> {
    let mut findings = strangers_in_the_table(workspace, rows);
    for member in &workspace.members {
        match rows.iter().find(|row| row.folder == member.folder) {
            Some(row) => findings.extend(forbidden_edges(member, row, rows)),
            None => {
                let message = format!("crate `{}` has no row in {CRATE_TABLE}", member.folder);
                findings.push(Finding::new(&member.manifest.path, 1, message));
            }
        }
    }
    findings
}

fn strangers_in_the_table(workspace: &Workspace, rows: &[Row]) -> Vec<Finding> {
    let is_member = |row: &&Row| workspace.members.iter().any(|member| member.folder == row.folder);
    let strangers = rows.iter().filter(|row| !is_member(row));
    let finding = |row: &Row| {
        Finding::new(CRATE_TABLE, row.line, format!("there is no crate `{}` in the workspace", row.folder))
    };
    strangers.map(finding).collect()
}

fn forbidden_edges(member: &Member, row: &Row, rows: &[Row]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for dependency in &member.dependencies {
        let Some(used) = &dependency.ours else { continue };
        let for_tests_only = rows.iter().any(|row| row.folder == *used && row.for_tests_only);
        if !is_allowed(member, row, dependency, used, for_tests_only) {
            let message = if for_tests_only {
                format!("`{used}` is for tests: make it a dev-dependency of `{}`", member.folder)
            } else {
                format!("`{}` may not use `{used}`: see the table in {CRATE_TABLE}", member.folder)
            };
            findings.push(member.manifest.finding(&dependency.name, message));
        }
    }
    findings
}

fn is_allowed(member: &Member, row: &Row, dependency: &Dependency, used: &str, for_tests_only: bool) -> bool {
    let in_tests = dependency.kind == Kind::Dev;
    if for_tests_only {
        return in_tests;
    }
    let backend_in_tests =
        in_tests && TESTED_WITH_BACKENDS.contains(&member.folder.as_str()) && BACKENDS.contains(&used);
    backend_in_tests || row.may_use.allows(used)
}

#[cfg(test)]
mod tests {
    use super::super::crate_table;
    use super::super::metadata::Manifest;
    use super::*;

    const TABLE: &str = "## Crates\n| `domain` | types | – |\n| `service` | use cases | domain |\n\
                         | `storage-diesel` | SQL | domain |\n| `testkit` | fakes | domain; dev-dependency only |\n\
                         | `server` | all | everything |\n";

    fn findings(folder: &str, used: &str, kind: Kind) -> usize {
        let dependency = Dependency { name: format!("turnkeep-{used}"), kind, ours: Some(used.to_owned()) };
        let mut workspace = Workspace::default();
        for known in ["domain", "service", "storage-diesel", "testkit", "server"] {
            workspace.members.push(member(known));
        }
        let user = workspace.members.iter_mut().find(|member| member.folder == folder).unwrap();
        user.dependencies.push(dependency);
        check(&workspace, &crate_table::parse(TABLE)).len()
    }

    fn member(folder: &str) -> Member {
        let manifest = Manifest { path: format!("crates/{folder}/Cargo.toml"), text: String::new() };
        Member { id: folder.to_owned(), folder: folder.to_owned(), manifest, dependencies: Vec::new() }
    }

    #[test]
    fn only_edges_of_the_table_pass() {
        let cases = [
            ("service", "domain", Kind::Normal, 0),
            ("service", "storage-diesel", Kind::Normal, 1),
            ("service", "storage-diesel", Kind::Dev, 0),
            ("domain", "storage-diesel", Kind::Dev, 1),
            ("domain", "service", Kind::Build, 1),
            ("domain", "testkit", Kind::Dev, 0),
            ("domain", "testkit", Kind::Normal, 1),
            ("server", "storage-diesel", Kind::Normal, 0),
            ("server", "testkit", Kind::Normal, 1),
        ];
        for (folder, used, kind, expected) in cases {
            assert_eq!(findings(folder, used, kind), expected, "{folder} -> {used} ({kind:?})");
        }
    }

    #[test]
    fn the_table_and_the_workspace_list_the_same_crates() {
        let mut workspace = Workspace::default();
        workspace.members.push(member("domain"));
        workspace.members.push(member("fresh"));
        let found =
            check(&workspace, &crate_table::parse("## Crates\n| `domain` | – | – |\n| `gone` | – | – |\n"));
        let expected = [
            Finding::new(CRATE_TABLE, 3, "there is no crate `gone` in the workspace"),
            Finding::new("crates/fresh/Cargo.toml", 1, "crate `fresh` has no row in docs/architecture.md"),
        ];
        assert_eq!(found, expected);
    }
}
