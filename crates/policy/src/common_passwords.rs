//! What many people choose: words, names, phrases and keyboard runs that password lists begin with, in lower case.
//! `judge_password` finds them also in disguise and with little else, so their usual endings are not listed.

use std::collections::HashSet;
use std::sync::LazyLock;

/// One a line, sorted.
const LIST: &str = include_str!("common_passwords.txt");

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| LIST.lines().collect());

/// Whether the text, in lower case, is one of them.
pub(crate) fn is_common(text: &str) -> bool {
    COMMON.contains(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_in_lower_case_and_worth_having() {
        let lines: Vec<&str> = LIST.lines().collect();
        assert!(lines.is_sorted());
        assert_eq!(COMMON.len(), lines.len(), "no line is there twice");
        assert!(lines.iter().all(|line| line.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())));
        assert!(1_500 < lines.iter().filter(|line| 8 <= line.len()).count());
        for known in ["password", "iloveyou", "correcthorsebatterystaple", "1q2w3e4r"] {
            assert!(is_common(known), "{known}");
        }
        assert!(!is_common("violet tractor"));
    }
}
