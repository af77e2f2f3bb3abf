//! What became of a command: problem documents in words, and an exit code that scripts can use.

use std::fmt::Write;

use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::remote::address::AddressError;
use crate::remote::table::printable;

/// A command that was given to a server did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RemoteError {
    /// The command makes no sense as it was given.
    #[error("{0}")]
    Usage(String),
    /// The command needs a server, and none is named.
    #[error("name a server with --server or in the variable TURNKEEP_SERVER")]
    NoServer,
    /// The address of the server is of no use.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// There are no credentials, or the server does not take them.
    #[error("not authenticated: {0}")]
    NotAuthenticated(String),
    /// The server answered with a problem document.
    #[error("{}", .0.headline())]
    Problem(Box<Problem>),
    /// What was named does not exist.
    #[error("{0}")]
    NotFound(&'static str),
    /// The server records that it refused a part of what it was given.
    #[error("{0}")]
    Refused(&'static str),
    /// No connection, no answer in time, or an answer that says "later".
    #[error("{0}")]
    Unreachable(String),
    /// Nobody agreed to what would be taken away.
    #[error("nothing was done: {0}")]
    NotConfirmed(&'static str),
    /// A verification found something wrong, or could not tell.
    #[error("{0}")]
    Unverified(String),
    /// A file, or an answer that makes no sense.
    #[error("{0}")]
    Unexpected(String),
}

/// The result of a command.
pub(crate) type RemoteResult<T = ()> = Result<T, RemoteError>;

impl RemoteError {
    /// The exit code of the process (`docs/cli.md`). 0 is success.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Unexpected(_) => 1,
            Self::Usage(_) | Self::NoServer | Self::Address(_) => 2,
            Self::Refused(_) => 3,
            Self::NotFound(_) => 4,
            Self::NotAuthenticated(_) => 5,
            Self::Unreachable(_) => 6,
            Self::NotConfirmed(_) => 8,
            Self::Unverified(_) => 9,
            Self::Problem(problem) => problem.exit_code(),
        }
    }

    /// The same for programs, in one line: the problem document as it came, or one with a code and words.
    pub(crate) fn document(&self) -> String {
        let code = match self {
            Self::Problem(problem) => return problem.document(),
            Self::Unexpected(_) => return fault_document(&self.to_string()),
            Self::Usage(_) => "usage",
            Self::NoServer => "no_server",
            Self::Address(_) => "unsafe_address",
            Self::Refused(_) => "refused",
            Self::NotFound(_) => "not_found",
            Self::NotAuthenticated(_) => "not_authenticated",
            Self::Unreachable(_) => "unreachable",
            Self::NotConfirmed(_) => "not_confirmed",
            Self::Unverified(_) => "unverified",
        };
        json!({ "code": code, "detail": self.to_string() }).to_string()
    }

    /// The same error, once it is known what the call was about.
    pub(crate) fn about(self, subject: Option<String>) -> Self {
        match self {
            Self::Problem(problem) => Self::Problem(Box::new(Problem { subject, ..*problem })),
            other => other,
        }
    }

    /// Whether the server does not know what was named.
    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, Self::Problem(problem) if problem.status == 404)
    }

    /// What to tell whoever gave the command: a headline, then a line for each field and a hint.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.to_string()];
        if let Self::Problem(problem) = self {
            lines.extend(problem.details());
        }
        lines
    }
}

/// What programs are told of a fault.
pub(crate) fn fault_document(detail: &str) -> String {
    json!({ "code": "fault", "detail": detail }).to_string()
}

/// A problem document (RFC 9457), or what can be told without one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Problem {
    #[serde(skip)]
    status: u16,
    /// In one line, as it came; `None` if it was no document.
    #[serde(skip)]
    document: Option<String>,
    /// What the call was about, such as `app app_…`.
    #[serde(skip)]
    subject: Option<String>,
    code: Option<String>,
    detail: Option<String>,
    title: Option<String>,
    /// The id of the request, for whoever reads the server's logs.
    instance: Option<String>,
    errors: Vec<FieldError>,
}

/// One field that is to blame.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FieldError {
    field: String,
    message: String,
}

impl Problem {
    /// Reads an answer that is not a success. Anything can come from a proxy, so nothing is taken for granted.
    pub(crate) fn read(status: StatusCode, body: &[u8]) -> Self {
        let problem: Self = serde_json::from_slice(body).unwrap_or_default();
        Self { status: status.as_u16(), document: one_line(body), ..problem }
    }

    fn document(&self) -> String {
        self.document.clone().unwrap_or_else(|| {
            let (status, detail) = (self.status, self.headline());
            json!({ "status": status, "code": "unexpected_answer", "detail": detail }).to_string()
        })
    }

    /// The stable code of the problem.
    pub(crate) fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    fn exit_code(&self) -> u8 {
        match self.status {
            401 => 5,
            404 => 4,
            // The same request is still being worked on: come back later.
            409 if self.code() == Some("request_in_progress") => 6,
            403 | 409 | 422 => 3,
            412 => 7,
            408 | 429 | 502..=504 => 6,
            _ => 1,
        }
    }

    fn headline(&self) -> String {
        let what = match self.status {
            401 => "not authenticated",
            404 => "not found",
            403 | 409 | 422 => "refused",
            412 => "changed by somebody else",
            408 | 429 | 502..=504 => "the server is busy",
            _ => "unexpected answer",
        };
        let mut line = what.to_owned();
        if let Some(subject) = self.subject.as_deref().filter(|_| self.status == 404) {
            // Writing to a string cannot fail.
            let _ = write!(line, ": {subject}");
        }
        // The title only repeats the status; whoever sends no code has nothing better.
        let title = self.title.as_deref().filter(|_| self.code.is_none());
        if let Some(said) = self.detail.as_deref().or(title) {
            let _ = write!(line, ": {}", printable(said));
        }
        match self.code() {
            Some(code) => {
                let _ = write!(line, " ({})", printable(code));
            }
            None => {
                let _ = write!(line, " (status {})", self.status);
            }
        }
        line
    }

    fn details(&self) -> Vec<String> {
        let fields = self.errors.iter();
        let mut lines: Vec<String> = fields
            .map(|error| format!("  {}: {}", printable(&error.field), printable(&error.message)))
            .collect();
        if self.status == 412 {
            lines.push("  read it again, then repeat the change with the new --if-version".to_owned());
        }
        if self.exit_code() == 1
            && let Some(request) = &self.instance
        {
            lines.push(format!("  the server's logs know it as {}", printable(request)));
        }
        lines
    }
}

/// A JSON object without line ends; the text stays as it is where it has none.
fn one_line(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok().filter(Value::is_object)?;
    let text = std::str::from_utf8(body).ok()?;
    Some(if text.contains(['\n', '\r']) { value.to_string() } else { text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(status: u16, body: &str) -> RemoteError {
        let status = StatusCode::from_u16(status).unwrap();
        RemoteError::Problem(Box::new(Problem::read(status, body.as_bytes())))
    }

    #[test]
    fn every_status_has_its_exit_code() {
        let cases = [
            (400, 1),
            (401, 5),
            (403, 3),
            (404, 4),
            (405, 1),
            (408, 6),
            (409, 3),
            (412, 7),
            (413, 1),
            (415, 1),
            (422, 3),
            (429, 6),
            (500, 1),
            (502, 6),
            (503, 6),
            (504, 6),
        ];
        for (status, expected) in cases {
            assert_eq!(problem(status, "<html>").exit_code(), expected, "{status}");
        }
        assert_eq!(problem(409, r#"{"code":"request_in_progress"}"#).exit_code(), 6);
    }

    #[test]
    fn fields_to_blame_have_a_line_each() {
        let error = problem(
            422,
            r#"{"code":"invalid_fields","title":"Unprocessable Entity","instance":"req_1","errors":[
                {"field":"name","message":"must not be empty"},{"field":"region","message":"is missing"}]}"#,
        );
        assert_eq!(
            error.lines(),
            ["refused (invalid_fields)", "  name: must not be empty", "  region: is missing"]
        );
    }

    #[test]
    fn what_a_stranger_answers_cannot_control_the_terminal() {
        let error =
            problem(500, r#"{"code":"internal_error","detail":"a\u001b[2Jb","instance":"req_1\u0007"}"#);
        assert_eq!(
            error.lines(),
            [
                "unexpected answer: a\\u{1b}[2Jb (internal_error)",
                "  the server's logs know it as req_1\\u{7}"
            ]
        );
        assert_eq!(problem(502, "<html>").lines(), ["the server is busy (status 502)"]);
    }
}
