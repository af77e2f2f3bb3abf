//! The words that forms send for choices.

/// What is sent for a value; nothing for what is no choice.
pub(crate) fn word_of<T: PartialEq + Copy>(choices: &[(&'static str, T)], value: T) -> String {
    let found = choices.iter().find(|(_, choice)| *choice == value);
    found.map(|(word, _)| (*word).to_owned()).unwrap_or_default()
}
