//! Just enough of HTTP/1.1 to see where an answer ends and whether it is the right one.

/// Where the head of an answer ends.
const HEAD_END: &[u8] = b"\r\n\r\n";

/// Why something is not an answer that can be measured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum AnswerError {
    /// It does not begin like HTTP/1.1, or says nothing of its length.
    #[error("the answer is not HTTP/1.1 with a length")]
    Malformed,
    /// Another status than 200, or a body without what it should contain.
    #[error("the answer is not the right one: status {status}, {body}")]
    Wrong {
        /// As received.
        status: u16,
        /// Its beginning.
        body: String,
    },
}

/// What was read of an answer so far.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Not all of it.
    Partial,
    /// All of it; whatever comes behind belongs to nothing.
    Complete {
        /// Whether the server keeps the connection.
        keeps: bool,
    },
}

/// Looks at what was received. Every body must contain what is expected.
pub(super) fn read(received: &[u8], expected: &[u8]) -> Result<Progress, AnswerError> {
    let Some(end) = find(received, HEAD_END) else { return Ok(Progress::Partial) };
    let (head, rest) = received.split_at_checked(end).ok_or(AnswerError::Malformed)?;
    let head = std::str::from_utf8(head).map_err(|_| AnswerError::Malformed)?;
    let status = status(head).ok_or(AnswerError::Malformed)?;
    let length: usize =
        header(head, "content-length").and_then(|text| text.parse().ok()).ok_or(AnswerError::Malformed)?;
    let Some(body) = rest.get(HEAD_END.len()..).and_then(|rest| rest.get(..length)) else {
        return Ok(Progress::Partial);
    };
    if status != 200 || !(expected.is_empty() || find(body, expected).is_some()) {
        return Err(AnswerError::Wrong { status, body: beginning(body) });
    }
    Ok(Progress::Complete { keeps: header(head, "connection").is_none_or(|text| text != "close") })
}

fn status(head: &str) -> Option<u16> {
    head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    headers.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn beginning(body: &[u8]) -> String {
    let shown = body.get(..200).unwrap_or(body);
    String::from_utf8_lossy(shown).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX: y\r\n\r\nabcd";

    #[test]
    fn an_answer_is_complete_with_its_last_byte() {
        for length in 0..GOOD.len() {
            assert_eq!(read(&GOOD.as_bytes()[..length], b""), Ok(Progress::Partial), "{length}");
        }
        assert_eq!(read(GOOD.as_bytes(), b"bc"), Ok(Progress::Complete { keeps: true }));
    }

    #[test]
    fn a_server_may_close_after_an_answer() {
        let closing = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nConnection: close\r\n\r\n";
        assert_eq!(read(closing.as_bytes(), b""), Ok(Progress::Complete { keeps: false }));
    }

    #[test]
    fn wrong_answers_are_none() {
        for (text, expected) in [
            ("HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno", ""),
            (GOOD, "ac"),
            ("HTTP/1.1 200 OK\r\n\r\n", ""),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ""),
            ("SSH-2.0\r\n\r\n", ""),
        ] {
            assert!(read(text.as_bytes(), expected.as_bytes()).is_err(), "{text}");
        }
    }
}
