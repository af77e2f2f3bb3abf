//! The requests of a run, as bytes.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;

use anyhow::{Context, ensure};

use super::LoadOptions;

/// One after the other, over and over.
#[derive(Debug)]
pub(super) struct Requests {
    texts: Vec<Vec<u8>>,
}

impl Requests {
    /// Without a file of bodies there is one request.
    pub(super) fn read(options: &LoadOptions) -> anyhow::Result<Self> {
        let LoadOptions { address, path, bodies, suffix, most, .. } = options;
        let Some(file) = bodies else {
            return Ok(Self::get(*address, path));
        };
        let file = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
        let lines = BufReader::new(file).lines().take(most.unwrap_or(usize::MAX));
        let texts = lines.map(|body| Ok(post(*address, path, &format!("{}{suffix}", body?))));
        let texts: Vec<_> = texts.collect::<std::io::Result<_>>()?;
        ensure!(!texts.is_empty(), "there is no request body");
        Ok(Self { texts })
    }

    /// A GET without a body.
    pub(super) fn get(address: SocketAddr, path: &str) -> Self {
        let text = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
        Self { texts: vec![text.into_bytes()] }
    }

    /// How many different ones there are.
    pub(super) fn len(&self) -> anyhow::Result<u32> {
        u32::try_from(self.texts.len()).context("that are too many requests for one run")
    }

    /// The request of a number; never empty.
    pub(super) fn of(&self, number: u32) -> &[u8] {
        let index = usize::try_from(number).unwrap_or_default().checked_rem(self.texts.len());
        index.and_then(|index| self.texts.get(index)).map_or(&[], Vec::as_slice)
    }
}

fn post(address: SocketAddr, path: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_take_turns() {
        let requests = Requests { texts: vec![b"a".to_vec(), b"b".to_vec()] };
        let order: Vec<_> = (0..5).map(|number| requests.of(number)).collect();
        assert_eq!(order, [b"a", b"b", b"a", b"b", b"a"]);
        assert_eq!(requests.len().unwrap(), 2);
    }

    #[test]
    fn a_body_is_as_long_as_its_head_says() {
        let text = post(([127, 0, 0, 1], 80).into(), "/p", "a=b");
        let text = String::from_utf8(text).unwrap();
        assert!(text.starts_with("POST /p HTTP/1.1\r\nHost: 127.0.0.1:80\r\n"), "{text}");
        assert!(text.ends_with("Content-Length: 3\r\n\r\na=b"), "{text}");
    }
}
