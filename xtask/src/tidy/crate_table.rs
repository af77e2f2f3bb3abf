//! Reads the table of crates in the architecture page, which says who may use whom.

/// A row of the table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The crate's folder.
    pub(crate) folder: String,
    pub(crate) may_use: MayUse,
    /// Whether only tests may use the crate.
    pub(crate) for_tests_only: bool,
    /// Where the row stands, counted from 1.
    pub(crate) line: usize,
}

/// Which crates of ours a crate may use.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum MayUse {
    Everything,
    These(Vec<String>),
}

impl MayUse {
    pub(crate) fn allows(&self, folder: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::These(folders) => folders.iter().any(|allowed| allowed == folder),
        }
    }
}

const HEADING: &str = "## Crates";
const FOR_TESTS_ONLY: &str = "dev-dependency only";

/// The rows under the heading `## Crates`, in their order.
pub(crate) fn parse(page: &str) -> Vec<Row> {
    (1..)
        .zip(page.lines())
        .skip_while(|(_, line)| *line != HEADING)
        .skip(1)
        .take_while(|(_, line)| !line.starts_with("## "))
        .filter_map(|(number, line)| row(number, line))
        .collect()
}

/// A row names its crate in code style, which tells it from the head of the table.
fn row(number: usize, line: &str) -> Option<Row> {
    let mut cells = line.strip_prefix('|')?.trim_end().strip_suffix('|')?.split('|').map(str::trim);
    let folder = cells.next()?.strip_prefix('`')?.strip_suffix('`')?.to_owned();
    let rule = cells.next_back()?;
    let (names, note) = rule.split_once(';').unwrap_or((rule, ""));
    Some(Row { folder, may_use: may_use(names), for_tests_only: note.trim() == FOR_TESTS_ONLY, line: number })
}

fn may_use(names: &str) -> MayUse {
    match names.trim() {
        "everything" => MayUse::Everything,
        "" | "–" => MayUse::These(Vec::new()),
        names => MayUse::These(names.split(',').map(|name| name.trim().to_owned()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Architecture\n\n| `other` | table | – |\n\n## Crates\n\n| crate | holds | may use (ours) |\n\
                        |---|---|---|\n| `a` | types | – |\n| `b` | rules | a |\n| `kit` | fakes | a, b; dev-dependency \
                        only |\n| `run` | all | everything |\n\n## Next\n\n| `z` | other | – |\n";

    #[test]
    fn rows_are_read_under_their_heading_only() {
        let these = |names: &[&str]| MayUse::These(names.iter().map(ToString::to_string).collect());
        let row = |folder: &str, may_use, for_tests_only, line| Row {
            folder: folder.to_owned(),
            may_use,
            for_tests_only,
            line,
        };
        assert_eq!(
            parse(PAGE),
            [
                row("a", these(&[]), false, 9),
                row("b", these(&["a"]), false, 10),
                row("kit", these(&["a", "b"]), true, 11),
                row("run", MayUse::Everything, false, 12),
            ]
        );
    }

    #[test]
    fn what_a_row_does_not_name_is_not_allowed() {
        assert!(MayUse::Everything.allows("a"));
        assert!(may_use("a, b").allows("b"));
        assert!(!may_use("a, b").allows("c"));
        assert!(!may_use("–").allows("a"));
    }
}
