//! What a page says before a session ends that nobody uses, by `session.js`. Without script there is nothing of it.

use askama::Template;
use askama::filters::HtmlSafe;

/// The notice, empty until there is something to say: one per page, and at its end.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/session_notice.html")]
pub struct SessionNotice {
    /// How long a session lasts without a request, in seconds.
    pub idle_seconds: u64,
    /// How long this one can last in any case, in seconds.
    pub left_seconds: u64,
    /// The path that tells who is signed in.
    pub path: String,
    /// The id of the person who is signed in, as that path has it.
    pub person: String,
    /// The path where one signs in again, whoever is signed in.
    pub sign_in_path: String,
}

/// Its template escapes what it is made of.
impl HtmlSafe for SessionNotice {}
