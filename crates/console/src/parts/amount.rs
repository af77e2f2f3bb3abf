//! Amounts as people read them.

use std::fmt::Display;

/// Up to here four digits are read at a glance.
const UNGROUPED: usize = 4;

/// A whole number with a comma before every three digits, from 10,000 on. For tables, charts and gauges; never for ids,
/// for what is typed, or for programs.
pub fn grouped(amount: impl Display + Copy) -> String {
    let digits = amount.to_string();
    if digits.len() <= UNGROUPED {
        return digits;
    }
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at != 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn long_numbers_are_read_in_groups_of_three() {
        for (amount, expected) in [
            (0_u64, "0"),
            (999, "999"),
            (9_999, "9999"),
            (10_000, "10,000"),
            (123_456, "123,456"),
            (1_234_567, "1,234,567"),
            (u64::MAX, "18,446,744,073,709,551,615"),
        ] {
            assert_eq!(grouped(amount), expected);
        }
    }
}
