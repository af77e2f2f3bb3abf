//! The text files of the repository: what git tracks, and what it would if one added it.

use std::collections::BTreeSet;

use crate::process;

/// A text file, its path relative to the root of the repository.
pub(crate) struct SourceFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl SourceFile {
    /// The lines with their numbers, counted from 1.
    pub(crate) fn numbered_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.split_terminator('\n'))
    }
}

/// All of them; a deleted file and a file that is no UTF-8 text is left out.
pub(crate) fn list() -> anyhow::Result<Vec<SourceFile>> {
    let paths = process::output(process::command("git").args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
    ]))?;
    // A file in the middle of a merge is listed once for each side.
    let paths: BTreeSet<&str> = paths.split_terminator('\0').collect();
    Ok(paths.into_iter().filter_map(read).collect())
}

fn read(path: &str) -> Option<SourceFile> {
    let text = std::fs::read_to_string(process::root().join(path)).ok()?;
    (!text.contains('\0')).then(|| SourceFile { path: path.to_owned(), text })
}
