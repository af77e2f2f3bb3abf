//! The requests of a group as bytes, made as they are sent: ten thousand strangers need not be kept.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, ensure};

use super::OverloadOptions;
use super::group::{Asks, Group};

/// Writes the request of each number.
#[derive(Debug)]
pub(super) struct Requests {
    head: String,
    suffix: String,
    bodies: Bodies,
    addresses: u32,
    network: u8,
}

#[derive(Debug)]
enum Bodies {
    Own(Vec<String>),
    Wrong(String),
    Strangers,
}

impl Requests {
    pub(super) fn of(group: &Group, options: &OverloadOptions) -> anyhow::Result<Self> {
        let bodies = match &group.asks {
            Asks::Own(file) => {
                let file = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
                let lines = BufReader::new(file).lines().take(group.most).collect::<Result<Vec<_>, _>>()?;
                ensure!(!lines.is_empty(), "there is no request body");
                Bodies::Own(lines)
            }
            Asks::Wrong(client_id) => Bodies::Wrong(client_id.clone()),
            Asks::Strangers => Bodies::Strangers,
        };
        Ok(Self {
            head: head(options.address, &options.path),
            suffix: options.suffix.clone(),
            bodies,
            addresses: group.addresses,
            network: group.network,
        })
    }

    /// Replaces what is in `buffer` by the request of a number.
    pub(super) fn write(&self, number: u64, buffer: &mut Vec<u8>) -> anyhow::Result<()> {
        buffer.clear();
        let made;
        let body = match &self.bodies {
            Bodies::Own(lines) => {
                let index = usize::try_from(number)?.checked_rem(lines.len()).unwrap_or_default();
                lines.get(index).context("there is no request body")?
            }
            Bodies::Wrong(client_id) => {
                made = body(client_id, &scrambled(number, 43));
                &made
            }
            Bodies::Strangers => {
                // Of another network come others.
                let number = number | u64::from(self.network) << 48;
                made = body(&format!("tk_{}", scrambled(number, 24)), &scrambled(!number, 43));
                &made
            }
        };
        buffer.extend_from_slice(self.head.as_bytes());
        if self.addresses > 0 {
            writeln!(buffer, "X-Forwarded-For: {}\r", self.address(number)?)?;
        }
        let length = body.len() + self.suffix.len();
        write!(buffer, "Content-Length: {length}\r\n\r\n{body}{}", self.suffix)?;
        Ok(())
    }

    fn address(&self, number: u64) -> anyhow::Result<Ipv4Addr> {
        let index = number.checked_rem(u64::from(self.addresses)).unwrap_or_default();
        let [third, fourth] = u16::try_from(index)?.to_be_bytes();
        Ok(Ipv4Addr::new(10, self.network, third, fourth))
    }
}

fn head(address: SocketAddr, path: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\n")
}

fn body(client_id: &str, client_secret: &str) -> String {
    format!("grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}")
}

/// So many characters that look like chance, the same for the same number.
fn scrambled(number: u64, length: usize) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut state = number;
    let characters = (0..length).map(|_| {
        // The multiplier and increment of Knuth's MMIX; its upper bits are the good ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let index = usize::try_from(state >> 59).unwrap_or_default();
        ALPHABET.get(index).copied().map_or('0', char::from)
    });
    characters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(bodies: Bodies, addresses: u32) -> Requests {
        let head = head(([127, 0, 0, 1], 80).into(), "/p");
        Requests { head, suffix: "&s=1".to_owned(), bodies, addresses, network: 3 }
    }

    fn text(bodies: Bodies, addresses: u32, number: u64) -> String {
        let requests = parts(bodies, addresses);
        let mut buffer = b"before".to_vec();
        requests.write(number, &mut buffer).unwrap();
        String::from_utf8(buffer).unwrap()
    }

    #[test]
    fn a_body_is_as_long_as_its_head_says() {
        let own = || Bodies::Own(vec!["a=b".to_owned(), "c=de".to_owned()]);
        let request = text(own(), 0, 2);
        assert!(request.starts_with("POST /p HTTP/1.1\r\nHost: 127.0.0.1:80\r\n"), "{request}");
        assert!(request.ends_with("\r\nContent-Length: 7\r\n\r\na=b&s=1"), "{request}");
        assert!(text(own(), 0, 1).ends_with("\r\nContent-Length: 8\r\n\r\nc=de&s=1"));
    }

    #[test]
    fn addresses_take_turns() {
        let of = |number| text(Bodies::Strangers, 300, number);
        assert!(of(299).contains("\r\nX-Forwarded-For: 10.3.1.43\r\n"));
        assert!(of(300).contains("\r\nX-Forwarded-For: 10.3.0.0\r\n"));
        assert!(!text(Bodies::Strangers, 0, 1).contains("Forwarded"));
    }

    #[test]
    fn nobody_is_a_stranger_twice() {
        let all: std::collections::BTreeSet<_> = (0..10_000).map(|number| scrambled(number, 24)).collect();
        assert_eq!(all.len(), 10_000);
        assert!(all.iter().all(|text| text.len() == 24));
        let wrong = |number| text(Bodies::Wrong("tk_1".to_owned()), 0, number);
        assert_ne!(wrong(1), wrong(2));
        let stranger = |network| {
            let requests = Requests { network, ..parts(Bodies::Strangers, 0) };
            let mut buffer = Vec::new();
            requests.write(1, &mut buffer).unwrap();
            buffer
        };
        assert_ne!(stranger(1), stranger(2));
        assert!(wrong(1).contains("&client_id=tk_1&client_secret="));
    }
}
