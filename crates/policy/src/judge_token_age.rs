//! Is an issued token older than the last kill that concerns it?

use turnkeep_domain::change::ChangeSequence;

/// Whether a token still counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenAge {
    /// Issued after every kill.
    Current,
    /// Issued before a kill.
    Dead,
}

/// Compares a token's `seq` with the kill marks of its app, tenant and instance. A counter, unlike `iat`, also
/// tells tokens of the same second apart.
pub fn judge_token_age(seq: ChangeSequence, dead_below: [ChangeSequence; 3]) -> TokenAge {
    if dead_below.into_iter().any(|mark| seq < mark) { TokenAge::Dead } else { TokenAge::Current }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kill_takes_what_was_issued_before_it_and_nothing_after() {
        let n = ChangeSequence::from_number;
        for (seq, marks, expected) in [
            (7, [0, 0, 0], TokenAge::Current),
            (7, [7, 0, 0], TokenAge::Current),
            (7, [8, 0, 0], TokenAge::Dead),
            (7, [0, 8, 0], TokenAge::Dead),
            (7, [0, 0, 8], TokenAge::Dead),
        ] {
            assert_eq!(judge_token_age(n(seq), marks.map(n)), expected, "{seq} {marks:?}");
        }
    }
}
