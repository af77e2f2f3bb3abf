//! Heavy outside crates stay where they were let in, so that they can be replaced or rebuilt in one place.

use super::finding::Finding;
use super::metadata::{Member, Workspace};

/// Crates of a prefix, and who may name them.
struct Confined {
    prefix: &'static str,
    folders: &'static [&'static str],
    in_programs: bool,
}

const CONFINED: [Confined; 13] = [
    Confined { prefix: "josekit", folders: &["token"], in_programs: false },
    Confined { prefix: "openssl", folders: &["token"], in_programs: false },
    Confined { prefix: "diesel", folders: &["storage-diesel"], in_programs: false },
    Confined { prefix: "libsqlite3-sys", folders: &["storage-diesel"], in_programs: false },
    Confined { prefix: "pq-sys", folders: &["storage-diesel"], in_programs: false },
    Confined { prefix: "actix-web", folders: &["web", "verify", "embed"], in_programs: true },
    Confined { prefix: "scrypt", folders: &["secret"], in_programs: false },
    Confined { prefix: "governor", folders: &["guard"], in_programs: false },
    Confined { prefix: "redis", folders: &["shared-limits"], in_programs: false },
    Confined { prefix: "sysinfo", folders: &["guard"], in_programs: false },
    Confined { prefix: "opentelemetry", folders: &["server"], in_programs: false },
    Confined { prefix: "tracing-opentelemetry", folders: &["server"], in_programs: false },
    Confined { prefix: "aws-lc-rs", folders: &["token", "verify", "embed"], in_programs: true },
];

/// Tests are held to it as well: they would build the crate a second time with other features.
pub(crate) fn check(workspace: &Workspace) -> Vec<Finding> {
    workspace.members.iter().flat_map(findings).collect()
}

fn findings(member: &Member) -> Vec<Finding> {
    let mut findings = Vec::new();
    for dependency in &member.dependencies {
        let confined = CONFINED.iter().find(|confined| dependency.name.starts_with(confined.prefix));
        let Some(confined) = confined else { continue };
        let allowed = confined.folders.contains(&member.folder.as_str())
            || (confined.in_programs && member.is_program());
        if !allowed {
            let message = format!("`{}` is confined to {}", dependency.name, confined.folders.join(" and "));
            findings.push(member.manifest.finding(&dependency.name, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::metadata::{Dependency, Kind, Manifest, row_name};
    use super::*;

    #[test]
    fn heavy_crates_pass_only_at_their_place() {
        let cases = [
            ("crates/token", "josekit", 0),
            ("crates/service", "josekit", 1),
            ("bins/server", "josekit", 1),
            ("crates/storage-diesel", "diesel_migrations", 0),
            ("crates/storage", "diesel_migrations", 1),
            ("crates/web", "actix-web", 0),
            ("crates/service", "actix-web", 1),
            ("crates/client", "actix-web", 1),
            ("crates/embed", "actix-web", 0),
            ("bins/server", "actix-web", 0),
            ("examples/client", "actix-web", 0),
            ("examples/client", "diesel", 1),
            ("crates/verify", "aws-lc-rs", 0),
            ("bins/bench", "aws-lc-rs", 0),
            ("crates/secret", "aws-lc-rs", 1),
            ("crates/service", "serde", 0),
        ];
        for (path, used, expected) in cases {
            let dependency = Dependency { name: used.to_owned(), kind: Kind::Dev, ours: None };
            let member = Member {
                id: path.to_owned(),
                folder: row_name(Path::new(path)),
                manifest: Manifest { path: format!("{path}/Cargo.toml"), text: String::new() },
                dependencies: vec![dependency],
            };
            assert_eq!(findings(&member).len(), expected, "{path} -> {used}");
        }
    }
}
