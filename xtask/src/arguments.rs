//! The options of tasks: names with values, one after the other.

use anyhow::{Context, bail, ensure};

/// The options, each with its value. `usage` says what there are, for the error.
pub(crate) fn pairs<'a>(
    arguments: &'a [String],
    usage: &'a str,
) -> impl Iterator<Item = anyhow::Result<(&'a str, &'a str)>> {
    arguments.chunks(2).map(move |pair| {
        let [name, value] = pair else { bail!("an option has no value; {usage}") };
        Ok((name.as_str(), value.as_str()))
    })
}

/// A number.
pub(crate) fn number(text: &str, usage: &str) -> anyhow::Result<u32> {
    text.parse().with_context(|| format!("`{text}` is not a number; {usage}"))
}

/// A number above 0, in which `_` may stand between digits.
pub(crate) fn positive(text: &str, usage: &str) -> anyhow::Result<u32> {
    let number =
        text.replace('_', "").parse().with_context(|| format!("`{text}` is not a number; {usage}"))?;
    ensure!(number > 0, "a number must not be 0; {usage}");
    Ok(number)
}
