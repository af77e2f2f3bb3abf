//! The only place with the environment and standard streams.

use std::io::{BufRead, IsTerminal, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::anyhow;

/// An environment variable; one that is set but empty counts as not set.
#[expect(clippy::disallowed_methods, reason = "this is the place that reads the environment")]
pub(crate) fn variable(name: &str) -> anyhow::Result<Option<String>> {
    match std::env::var_os(name) {
        None => Ok(None),
        Some(value) => match value.into_string() {
            Ok(text) if text.is_empty() => Ok(None),
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(anyhow!("{name} is not UTF-8")),
        },
    }
}

/// One line for whoever started the program.
pub(crate) fn say(line: &str) {
    // Nobody listening (a closed pipe) is no reason to stop.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Something as it is, for a program that reads it.
pub(crate) fn say_exactly(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(bytes).and_then(|()| out.flush());
}

/// Standard output, for what is too long to be held.
pub(crate) struct Output;

/// Whether the reader of [`Output`] has gone.
static UNHEARD: AtomicBool = AtomicBool::new(false);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        std::io::stdout().write(bytes).inspect_err(note_closed_pipe)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stdout().flush().inspect_err(note_closed_pipe)
    }
}

fn note_closed_pipe(error: &std::io::Error) {
    if error.kind() == std::io::ErrorKind::BrokenPipe {
        UNHEARD.store(true, Ordering::Relaxed);
    }
}

/// Whether long output ended since its reader had enough (`turnkeep export | head`), which is no failure.
pub(crate) fn is_unheard() -> bool {
    UNHEARD.load(Ordering::Relaxed)
}

/// One line beside the result, for whoever started the program.
pub(crate) fn remark(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "turnkeep: {line}");
}

/// How far long work has come. On a terminal the line is written over by the next one.
pub(crate) fn report_progress(line: &str) {
    let mut err = std::io::stderr().lock();
    let _ = match err.is_terminal() {
        true => write!(err, "\r\u{1b}[K{line}").and_then(|()| err.flush()),
        false => writeln!(err, "{line}"),
    };
}

/// Makes room after the last [`report_progress`].
pub(crate) fn end_progress() {
    let mut err = std::io::stderr().lock();
    if err.is_terminal() {
        let _ = write!(err, "\r\u{1b}[K").and_then(|()| err.flush());
    }
}

/// Whether somebody is there to answer questions.
pub(crate) fn is_interactive() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks a question and reads one line; nothing if there is no more input.
pub(crate) fn ask(question: &str) -> std::io::Result<String> {
    let mut err = std::io::stderr().lock();
    write!(err, "{question} ")?;
    err.flush()?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line)
}

/// [`ask`] for what nobody may see: what is typed is not shown.
pub(crate) fn ask_unseen(question: &str) -> std::io::Result<String> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let terminal = std::io::stdin();
    let shown = tcgetattr(&terminal)?;
    let mut unseen = shown.clone();
    unseen.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&terminal, OptionalActions::Flush, &unseen)?;
    let answer = ask(question);
    tcsetattr(&terminal, OptionalActions::Flush, &shown)?;
    // The end of the line was not shown either.
    let _ = writeln!(std::io::stderr().lock());
    answer
}

/// All of standard input, if it is not longer than that.
pub(crate) fn read_input(at_most: u64) -> std::io::Result<String> {
    let mut text = String::new();
    std::io::stdin().lock().take(at_most).read_to_string(&mut text)?;
    Ok(text)
}

/// How many columns standard output has, or is said to have by `COLUMNS`; `None` if it is no terminal, which needs
/// nothing to be cut.
pub(crate) fn terminal_width() -> Option<usize> {
    let said = variable("COLUMNS").ok().flatten().and_then(|text| text.parse().ok());
    if let Some(columns) = said.filter(|columns| 0 < *columns) {
        return Some(columns);
    }
    let (width, _) = terminal_size::terminal_size_of(std::io::stdout())?;
    Some(usize::from(width.0))
}

/// Several lines about what went wrong.
pub(crate) fn complain_lines(lines: &[String]) {
    let mut err = std::io::stderr().lock();
    let _ = writeln!(err, "turnkeep: {}", lines.join("\n"));
}

/// What went wrong, as a document for programs on a line of its own.
pub(crate) fn complain_to_programs(document: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{document}");
}

/// One line about what went wrong, causes included.
pub(crate) fn complain(error: &anyhow::Error) {
    let _ = writeln!(std::io::stderr().lock(), "turnkeep: {}", in_one_line(error));
}

/// An error with its causes. Some of them, such as those of libpq, come in several lines.
pub(crate) fn in_one_line(error: &anyhow::Error) -> String {
    format!("{error:#}").split_whitespace().collect::<Vec<_>>().join(" ")
}
