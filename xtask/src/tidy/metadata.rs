//! What `cargo metadata` says of the workspace, cut down to what the checks ask.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context;
use serde_json::Value;

use super::finding::Finding;

/// The workspace's own crates and the graph of all packages.
#[derive(Default)]
pub(crate) struct Workspace {
    pub(crate) members: Vec<Member>,
    /// Package id to package.
    pub(crate) packages: HashMap<String, Package>,
}

/// The folder of the programs that show how the crates are used; they share a row in the table of crates.
pub(crate) const EXAMPLES: &str = "examples";

/// A crate of ours.
pub(crate) struct Member {
    pub(crate) id: String,
    /// What the table of crates calls it: the name of its folder, or [`EXAMPLES`].
    pub(crate) folder: String,
    pub(crate) manifest: Manifest,
    pub(crate) dependencies: Vec<Dependency>,
}

impl Member {
    /// Whether it is a program and not a layer.
    pub(crate) fn is_program(&self) -> bool {
        self.manifest.path.starts_with("bins/") || self.folder == EXAMPLES
    }
}

/// A `Cargo.toml`.
pub(crate) struct Manifest {
    /// Relative to the root of the workspace.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Manifest {
    /// A finding at the line that names a dependency, or at the first line.
    pub(crate) fn finding(&self, dependency: &str, message: String) -> Finding {
        let names = |line: &str| line.split(['.', ' ', '=']).next() == Some(dependency);
        let line = self.text.lines().position(names).map_or(1, |index| index + 1);
        Finding::new(&self.path, line, message)
    }
}

/// A direct dependency as the manifest declares it.
pub(crate) struct Dependency {
    /// The name of the package.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// The folder of the crate where it is one of ours.
    pub(crate) ours: Option<String>,
}

/// What a dependency is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Build,
    Dev,
    Normal,
}

/// Any package of the graph.
pub(crate) struct Package {
    pub(crate) name: String,
    /// Ids of what it is built with, development dependencies left out.
    pub(crate) uses: Vec<String>,
}

pub(crate) fn parse(json: &str) -> anyhow::Result<Workspace> {
    let metadata: Value = serde_json::from_str(json).context("cargo metadata is no JSON")?;
    let root = Path::new(text(&metadata, "workspace_root")?);
    let member_ids: Vec<&str> =
        list(&metadata, "workspace_members").iter().filter_map(Value::as_str).collect();

    let mut workspace = Workspace::default();
    for package in list(&metadata, "packages") {
        let id = text(package, "id")?;
        let name = text(package, "name")?.to_owned();
        workspace.packages.insert(id.to_owned(), Package { name, uses: Vec::new() });
        if member_ids.contains(&id) {
            workspace.members.push(member(id, package, root)?);
        }
    }
    for node in list(metadata.get("resolve").unwrap_or(&Value::Null), "nodes") {
        if let Some(package) = workspace.packages.get_mut(text(node, "id")?) {
            package.uses = uses(node);
        }
    }
    Ok(workspace)
}

fn member(id: &str, package: &Value, root: &Path) -> anyhow::Result<Member> {
    let path = Path::new(text(package, "manifest_path")?);
    let folder = path.parent().map(row_name).unwrap_or_default();
    let dependencies = list(package, "dependencies").iter().map(dependency).collect::<Result<_, _>>()?;
    let manifest = Manifest {
        path: path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned(),
        text: std::fs::read_to_string(path).unwrap_or_default(),
    };
    Ok(Member { id: id.to_owned(), folder, manifest, dependencies })
}

fn dependency(declared: &Value) -> anyhow::Result<Dependency> {
    let kind = match declared.get("kind").and_then(Value::as_str) {
        Some("dev") => Kind::Dev,
        Some("build") => Kind::Build,
        _ => Kind::Normal,
    };
    let ours = declared.get("path").and_then(Value::as_str).map(|path| row_name(Path::new(path)));
    Ok(Dependency { name: text(declared, "name")?.to_owned(), kind, ours })
}

fn uses(node: &Value) -> Vec<String> {
    let not_only_dev = |edge: &&Value| {
        let kinds = list(edge, "dep_kinds");
        kinds.iter().any(|kind| kind.get("kind").and_then(Value::as_str) != Some("dev"))
    };
    let ids = list(node, "deps").iter().filter(not_only_dev).filter_map(|edge| edge.get("pkg")?.as_str());
    ids.map(str::to_owned).collect()
}

/// What the table of crates calls the crate in a folder.
pub(crate) fn row_name(folder: &Path) -> String {
    let is_example = folder.parent().is_some_and(|parent| parent.ends_with(EXAMPLES));
    let name = if is_example { folder.parent().and_then(Path::file_name) } else { folder.file_name() };
    name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn text<'a>(value: &'a Value, field: &str) -> anyhow::Result<&'a str> {
    value.get(field).and_then(Value::as_str).with_context(|| format!("cargo metadata lacks `{field}`"))
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_the_graph_are_read() {
        let json = r#"{
            "workspace_root": "/w",
            "workspace_members": ["a-id"],
            "packages": [
                {"id": "a-id", "name": "turnkeep-a", "manifest_path": "/w/crates/a/Cargo.toml", "dependencies": [
                    {"name": "turnkeep-b", "kind": "dev", "path": "/w/crates/b"},
                    {"name": "url", "kind": null}
                ]},
                {"id": "url-id", "name": "url", "manifest_path": "/r/url/Cargo.toml", "dependencies": []}
            ],
            "resolve": {"nodes": [
                {"id": "a-id", "deps": [
                    {"pkg": "url-id", "dep_kinds": [{"kind": null}, {"kind": "dev"}]},
                    {"pkg": "proptest-id", "dep_kinds": [{"kind": "dev"}]}
                ]}
            ]}
        }"#;
        let workspace = parse(json).unwrap();
        let member = &workspace.members[0];
        assert_eq!((member.folder.as_str(), member.manifest.path.as_str()), ("a", "crates/a/Cargo.toml"));
        let dependencies: Vec<_> = member
            .dependencies
            .iter()
            .map(|found| (found.name.as_str(), found.kind, found.ours.as_deref()))
            .collect();
        assert_eq!(dependencies, [("turnkeep-b", Kind::Dev, Some("b")), ("url", Kind::Normal, None)]);
        assert_eq!(workspace.packages["a-id"].uses, ["url-id"]);
        assert_eq!(workspace.packages["url-id"].name, "url");
    }

    #[test]
    fn an_example_is_not_taken_for_the_crate_it_is_named_after() {
        let cases = [
            ("/w/crates/client", "client"),
            ("/w/bins/server", "server"),
            ("/w/xtask", "xtask"),
            ("/w/examples/client", "examples"),
        ];
        for (folder, name) in cases {
            assert_eq!(row_name(Path::new(folder)), name);
        }
    }

    #[test]
    fn a_finding_stands_where_the_manifest_names_the_dependency() {
        let text = "[dependencies]\nserde_json = \"1\"\nserde.workspace = true\n".to_owned();
        let manifest = Manifest { path: "Cargo.toml".to_owned(), text };
        assert_eq!(manifest.finding("serde", "x".to_owned()), Finding::new("Cargo.toml", 3, "x"));
        assert_eq!(manifest.finding("toml", "x".to_owned()), Finding::new("Cargo.toml", 1, "x"));
    }
}
