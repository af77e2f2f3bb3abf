//! Just enough of HTTP to see whether a server is ready and what it answers.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::Context;

const TIMEOUT: Duration = Duration::from_secs(10);

/// An answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

pub(super) fn get(address: SocketAddr, path: &str) -> anyhow::Result<Answer> {
    exchange(address, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"))
}

pub(super) fn post_form(address: SocketAddr, path: &str, form: &str) -> anyhow::Result<Answer> {
    let length = form.len();
    exchange(
        address,
        &format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{form}"
        ),
    )
}

fn exchange(address: SocketAddr, request: &str) -> anyhow::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT).context("could not connect")?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.write_all(request.as_bytes()).context("could not send a request")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).context("could not read the answer")?;
    parse(&answer).context("the answer is not HTTP")
}

fn parse(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    Some(Answer { status, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_taken_apart() {
        let body = "{}".to_owned();
        assert_eq!(parse("HTTP/1.1 200 OK\r\nA: b\r\n\r\n{}"), Some(Answer { status: 200, body }));
        assert_eq!(parse("HTTP/1.1 2"), None);
        assert_eq!(parse("SSH-2.0\r\n\r\n"), None);
    }
}
