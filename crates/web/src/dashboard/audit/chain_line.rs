//! The line that says how the chain of events looks.

use turnkeep_audit::verify::Verdict;
use turnkeep_console::dashboard::audit::{ChainLine, ChainMark};
use turnkeep_service::audit::glance_at_chain::{ChainGlance, ChainLook};
use turnkeep_service::audit::walk_trail::TrailVerdict;

use crate::dashboard::denial::sentence;

/// The line: for operators with numbers, and with what is wrong.
pub(super) fn chain_line(glance: &ChainGlance) -> ChainLine {
    let (mark, plain) = match glance.look {
        ChainLook::Empty => (ChainMark::Empty, "No event was written yet."),
        ChainLook::Sound => (
            ChainMark::Sound,
            "The chain is in order: the newest events hold together, and its seal is genuine.",
        ),
        ChainLook::Unproven => (
            ChainMark::Unproven,
            "The newest events hold together, but the seal is of a key that is not here: it proves nothing.",
        ),
        ChainLook::Broken => (
            ChainMark::Broken,
            "The chain is broken: somebody changed or removed events past the server. Tell whoever operates it.",
        ),
    };
    let Some(TrailVerdict::Judged(verdict)) = &glance.verdict else {
        return ChainLine { mark, text: plain.to_owned(), head: None };
    };
    match verdict {
        Verdict::Broken(found) => {
            let found = sentence(&found.to_string());
            let text = format!("The chain is broken. {found} turnkeep audit verify looks at all of it.");
            ChainLine { mark, text, head: None }
        }
        Verdict::Intact(checked) | Verdict::Unproven(checked) | Verdict::Partial(checked) => {
            let there = checked.tip.position.saturating_sub(checked.pruned_up_to);
            let text = if checked.entries < there {
                format!(
                    "{plain} {} of {there} events were looked at; turnkeep audit verify looks at all of them.",
                    checked.entries
                )
            } else {
                format!("{plain} All {there} events were looked at.")
            };
            ChainLine { mark, text, head: Some(checked.tip.anchor().to_string()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_audit::verify::Break;

    use super::*;

    fn broken(verdict: Option<TrailVerdict>) -> ChainLine {
        chain_line(&ChainGlance { look: ChainLook::Broken, verdict })
    }

    #[test]
    fn operators_hear_what_is_broken_and_others_that_something_is() {
        let found = Verdict::Broken(Break::EntriesMissing { first: 7, last: 9 });
        let line = broken(Some(TrailVerdict::Judged(found)));
        assert_eq!(line.mark, ChainMark::Broken);
        assert!(line.text.contains("Entries 7 to 9 are missing."), "{}", line.text);
        for verdict in [None, Some(TrailVerdict::Unreadable { table: "audit_trail", column: "changes" })] {
            let line = broken(verdict);
            assert_eq!((line.mark, line.head), (ChainMark::Broken, None));
            assert!(line.text.starts_with("The chain is broken: somebody changed"), "{}", line.text);
        }
    }
}
