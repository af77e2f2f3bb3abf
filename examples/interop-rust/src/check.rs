//! Lines that say what went well.

/// Does something that has to succeed, and says so.
pub(crate) fn check<T>(name: &str, act: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let outcome = act();
    match &outcome {
        Ok(_) => print(&format!("ok {name}")),
        Err(error) => print(&format!("FAILED {name}: {error:#}")),
    }
    outcome
}

#[expect(clippy::print_stdout, reason = "the outcome is what this program is for")]
fn print(line: &str) {
    println!("{line}");
}
