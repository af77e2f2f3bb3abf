//! What a page has to say above everything else: that something was done, or why it was not.

use askama::Template;
use askama::filters::HtmlSafe;

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It worked.
    Done,
    /// It did not, or something is wrong.
    Problem,
    /// It is good to know.
    Info,
}

/// The notice: one per page, so its id is always `notice`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/notice.html")]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// The code of a refusal, as the management API has it, for programs and tests.
    pub code: Option<String>,
    /// One sentence.
    pub text: String,
}

impl Notice {
    fn class(&self) -> &'static str {
        match self.tone {
            Tone::Done => "done",
            Tone::Problem => "problem",
            Tone::Info => "info",
        }
    }

    /// Problems interrupt who listens; everything else waits.
    fn role(&self) -> &'static str {
        match self.tone {
            Tone::Problem => "alert",
            Tone::Done | Tone::Info => "status",
        }
    }
}

/// Its template escapes what it is made of.
impl HtmlSafe for Notice {}
