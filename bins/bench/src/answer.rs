//! Just enough of HTTP/1.1 to see where an answer ends and what it is.

/// Where the head of an answer ends.
const HEAD_END: &[u8] = b"\r\n\r\n";

/// Why something is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer is not HTTP/1.1 with a length")]
pub(crate) struct MalformedAnswer;

/// All of an answer; whatever comes behind it belongs to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
    /// Whether the server keeps the connection.
    pub(crate) keeps: bool,
}

impl<'a> Answer<'a> {
    /// Looks at what was received; `None` as long as it is not all of it.
    pub(crate) fn read(received: &'a [u8]) -> Result<Option<Self>, MalformedAnswer> {
        let Some(end) = find(received, HEAD_END) else { return Ok(None) };
        let (head, rest) = received.split_at_checked(end).ok_or(MalformedAnswer)?;
        let head = std::str::from_utf8(head).map_err(|_| MalformedAnswer)?;
        let status = status(head).ok_or(MalformedAnswer)?;
        let length = header(head, "content-length").and_then(|text| text.parse::<usize>().ok());
        let length = length.ok_or(MalformedAnswer)?;
        let body = rest.get(HEAD_END.len()..).and_then(|rest| rest.get(..length));
        let keeps = header(head, "connection").is_none_or(|text| text != "close");
        Ok(body.map(|body| Self { status, body, keeps }))
    }

    /// Whether it is a success whose body has the expected text in it.
    pub(crate) fn is_right(&self, expected: &[u8]) -> bool {
        self.status == 200 && (expected.is_empty() || find(self.body, expected).is_some())
    }

    /// The beginning of its body.
    pub(crate) fn beginning(&self) -> String {
        let shown = self.body.get(..200).unwrap_or(self.body);
        String::from_utf8_lossy(shown).into_owned()
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX: y\r\n\r\nabcd";

    #[test]
    fn an_answer_is_complete_with_its_last_byte() {
        for length in 0..GOOD.len() {
            assert_eq!(Answer::read(&GOOD.as_bytes()[..length]), Ok(None), "{length}");
        }
        let expected = Answer { status: 200, body: b"abcd", keeps: true };
        assert_eq!(Answer::read(GOOD.as_bytes()), Ok(Some(expected)));
    }

    #[test]
    fn a_server_may_close_after_an_answer() {
        let closing = "HTTP/1.1 503 No\r\ncontent-length: 0\r\nConnection: close\r\n\r\n";
        let expected = Answer { status: 503, body: b"", keeps: false };
        assert_eq!(Answer::read(closing.as_bytes()), Ok(Some(expected)));
    }

    #[test]
    fn only_a_success_with_the_expected_text_is_right() {
        let answer = |status, body| Answer { status, body, keeps: true };
        for (status, body, expected, right) in [
            (200, &b"abcd"[..], &b"bc"[..], true),
            (200, b"abcd", b"", true),
            (200, b"abcd", b"ac", false),
            (503, b"abcd", b"bc", false),
        ] {
            assert_eq!(answer(status, body).is_right(expected), right, "{status}");
        }
    }

    #[test]
    fn what_says_nothing_of_its_length_is_no_answer() {
        for text in [
            "HTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "SSH-2.0\r\n\r\n",
        ] {
            assert_eq!(Answer::read(text.as_bytes()), Err(MalformedAnswer), "{text}");
        }
    }
}
