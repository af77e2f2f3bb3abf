//! Just enough of HTTP/1.1 to talk to a server of ours. No redirects, no compression, nothing is ever sent twice:
//! whoever kills servers has to know exactly which requests were answered.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::Value;

const TIMEOUT: Duration = Duration::from_secs(120);
/// A server may end a connection that has been idle for longer, at the moment at which something is sent.
const LONGEST_IDLE: Duration = Duration::from_secs(2);

/// An answer, read to its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> anyhow::Result<Value> {
        serde_json::from_str(&self.body).context("the answer is not JSON")
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// A request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

/// A connection that is kept for the next request, and made anew after any failure or a while without requests.
pub(crate) struct Connection {
    address: SocketAddr,
    timeout: Duration,
    /// With when it was used last.
    open: Option<(BufReader<TcpStream>, Instant)>,
    local_address: Option<SocketAddr>,
}

impl Connection {
    /// Connects at the first request.
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self::with_timeout(address, TIMEOUT)
    }

    /// Does not wait longer than `timeout` to connect, nor for any part of an answer.
    pub(crate) fn with_timeout(address: SocketAddr, timeout: Duration) -> Self {
        Self { address, timeout, open: None, local_address: None }
    }

    /// Our end of the connection that the last request went over, if there was one.
    pub(crate) fn local_address(&self) -> Option<SocketAddr> {
        self.local_address
    }

    /// An error says that there was no complete answer; what the server did is unknown then.
    pub(crate) fn send(&mut self, request: &Request) -> anyhow::Result<Answer> {
        let kept = self.open.take().filter(|(_, used)| used.elapsed() <= LONGEST_IDLE);
        let mut stream = match kept {
            Some((stream, _)) => stream,
            None => {
                self.local_address = None;
                let stream = connect(self.address, self.timeout)?;
                self.local_address = stream.get_ref().local_addr().ok();
                stream
            }
        };
        let text = request_text(self.address, request);
        stream.get_mut().write_all(text.as_bytes()).context("could not send a request")?;
        let answer = read_answer(&mut stream, request.method == "HEAD")?;
        if answer.header("connection") != Some("close") {
            self.open = Some((stream, Instant::now()));
        }
        Ok(answer)
    }
}

pub(crate) fn get(address: SocketAddr, path: &str) -> anyhow::Result<Answer> {
    let path = path.to_owned();
    Connection::new(address).send(&Request { method: "GET", path, ..Request::default() })
}

pub(crate) fn post_form(address: SocketAddr, path: &str, form: &str) -> anyhow::Result<Answer> {
    let request = Request {
        method: "POST",
        path: path.to_owned(),
        headers: vec![("Content-Type", "application/x-www-form-urlencoded".to_owned())],
        body: form.to_owned(),
    };
    Connection::new(address).send(&request)
}

fn connect(address: SocketAddr, timeout: Duration) -> anyhow::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect_timeout(&address, timeout).context("could not connect")?;
    stream.set_read_timeout(Some(timeout))?;
    stream.set_nodelay(true)?;
    Ok(BufReader::new(stream))
}

fn request_text(address: SocketAddr, request: &Request) -> String {
    let Request { method, path, headers, body } = request;
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if *method != "GET" {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text
}

fn read_answer(stream: &mut impl BufRead, head_only: bool) -> anyhow::Result<Answer> {
    let status = status(&read_line(stream)?).context("the answer is not HTTP")?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(stream)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').context("a header has no value")?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut answer = Answer { status, headers, body: String::new() };
    if !head_only && status != 204 && status != 304 {
        let body = read_body(stream, &answer)?;
        answer.body = String::from_utf8(body).context("the answer is no text")?;
    }
    Ok(answer)
}

fn read_body(stream: &mut impl BufRead, answer: &Answer) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    if answer.header("transfer-encoding") == Some("chunked") {
        while read_chunk(stream, &mut body)? {}
        return Ok(body);
    }
    let length = answer.header("content-length").context("the answer does not say how long it is")?;
    let length: u64 = length.parse().context("the length of the answer is not a number")?;
    read_exactly(stream, length, &mut body)?;
    Ok(body)
}

/// Whether there may be another one.
fn read_chunk(stream: &mut impl BufRead, body: &mut Vec<u8>) -> anyhow::Result<bool> {
    let length = u64::from_str_radix(&read_line(stream)?, 16).context("a chunk has no length")?;
    read_exactly(stream, length, body)?;
    if !read_line(stream)?.is_empty() {
        bail!("a chunk does not end where it should");
    }
    Ok(length > 0)
}

fn read_exactly(stream: &mut impl BufRead, length: u64, body: &mut Vec<u8>) -> anyhow::Result<()> {
    let read = stream.by_ref().take(length).read_to_end(body).context("could not read the answer")?;
    if u64::try_from(read) != Ok(length) {
        bail!("the answer is cut off");
    }
    Ok(())
}

/// A line without its end. A line that has no end is an error.
fn read_line(stream: &mut impl BufRead) -> anyhow::Result<String> {
    let mut line = String::new();
    stream.read_line(&mut line).context("could not read the answer")?;
    let line = line.strip_suffix("\r\n").context("the answer is cut off")?;
    Ok(line.to_owned())
}

fn status(line: &str) -> Option<u16> {
    line.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(answer: &str) -> anyhow::Result<Answer> {
        read_answer(&mut answer.as_bytes(), false)
    }

    #[test]
    fn answers_are_taken_apart() {
        let answer =
            read("HTTP/1.1 201 Created\r\nContent-Length: 2\r\nX-Request-Id: req_1\r\n\r\n{}rest").unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (201, "{}"));
        assert_eq!(answer.header("x-request-id"), Some("req_1"));
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n";
        assert_eq!(read(chunked).unwrap().body, "abcd");
        assert_eq!(read("HTTP/1.1 204 No Content\r\n\r\n").unwrap().body, "");
    }

    #[test]
    fn half_an_answer_is_none() {
        for cut in [
            "",
            "HTTP/1.1 2",
            "SSH-2.0\r\n\r\n",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        ] {
            assert!(read(cut).is_err(), "{cut}");
        }
    }
}
