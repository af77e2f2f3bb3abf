//! What an operator explicitly allows although the guard would refuse it: a MinIO in their own network.

use std::net::IpAddr;

use crate::address::{AddressClass, classify};
use crate::host_name;
use crate::network::{Network, NetworkError};

/// Hosts and networks that may be asked although they are not public. What is not listed gains nothing.
///
/// An entry is one of
/// - `host` or `host:port`: requests to this very name (at any port, or at this one), also over plain http, and
///   also when it resolves to a loopback or private address, but never to a link-local or reserved one;
/// - `address` or `address:port`, with IPv6 in brackets if a port follows: requests to this address;
/// - `address/length`: requests to every address of the block.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AllowList {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    place: Place,
    /// Every port, if `None`.
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Name(String),
    Network(Network),
}

/// An entry that cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("entry {position}: {reason}")]
pub struct AllowListError {
    /// Which entry, counted from 1.
    pub position: usize,
    /// What is wrong with it.
    pub reason: EntryError,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Neither a host name nor an address.
    #[error("must be `host`, `host:port`, an IP address or a network such as 10.1.0.0/16")]
    NotAHost,
    /// A port that is no number from 1 to 65535.
    #[error("must have a port from 1 to 65535")]
    Port,
    /// Something other than an address before a slash.
    #[error("must have an IP address before the slash, IPv4 in its own notation")]
    NotANetwork,
    /// A length of zero, or one that is too long.
    #[error("must have a prefix length from 1 to 32 (IPv4) or 128 (IPv6) after the slash")]
    PrefixLength,
    /// An address that is not the first of its block.
    #[error("must begin with the first address of its network: no bit may be set behind the prefix")]
    HostBits,
}

impl AllowList {
    /// A list that allows nothing beyond the public internet.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Reads entries; spaces around them do not count.
    pub fn parse<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, AllowListError> {
        let parse = |(index, text): (usize, &str)| {
            Entry::parse(text.trim())
                .map_err(|reason| AllowListError { position: index.saturating_add(1), reason })
        };
        let entries = entries.into_iter().enumerate().map(parse).collect::<Result<_, _>>()?;
        Ok(Self { entries })
    }

    /// Whether requests to a name, lower case, are allowed as such at a port.
    pub(crate) fn lists_name(&self, name: &str, port: u16) -> bool {
        self.at_port(port).any(|place| matches!(place, Place::Name(listed) if listed == name))
    }

    /// Whether requests to an address are allowed as such at a port.
    pub(crate) fn lists_address(&self, address: IpAddr, port: u16) -> bool {
        self.at_port(port).any(|place| matches!(place, Place::Network(network) if network.contains(address)))
    }

    /// Whether a connection to an address may be made that a name resolved to.
    pub(crate) fn allows_resolved(&self, name: &str, address: IpAddr, port: u16) -> bool {
        self.lists_address(address, port)
            || match classify(address) {
                AddressClass::Public => true,
                // A listed name is the operator's word that it is theirs, but no reason to hand out the metadata of
                // the machine should it be taken over.
                AddressClass::Loopback | AddressClass::Private => self.lists_name(name, port),
                AddressClass::LinkLocal | AddressClass::Special => false,
            }
    }

    fn at_port(&self, port: u16) -> impl Iterator<Item = &Place> {
        let matching =
            self.entries.iter().filter(move |entry| entry.port.is_none_or(|listed| listed == port));
        matching.map(|entry| &entry.place)
    }
}

impl Entry {
    fn parse(text: &str) -> Result<Self, EntryError> {
        if let Some((address, prefix_length)) = text.split_once('/') {
            let network = Network::parse(address, prefix_length).map_err(|error| match error {
                NetworkError::NotAnAddress => EntryError::NotANetwork,
                NetworkError::PrefixLength => EntryError::PrefixLength,
                NetworkError::HostBits => EntryError::HostBits,
            })?;
            return Ok(Self { place: Place::Network(network), port: None });
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self { place: Place::Network(Network::of_one(address)), port: None });
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => (host, Some(parse_port(port)?)),
            None => (text, None),
        };
        Ok(Self { place: Place::parse(host)?, port })
    }
}

impl Place {
    fn parse(host: &str) -> Result<Self, EntryError> {
        let bracketed = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let address = match bracketed {
            Some(inner) => inner.parse().ok().filter(IpAddr::is_ipv6),
            None => host.parse().ok().filter(IpAddr::is_ipv4),
        };
        if let Some(address) = address {
            return Ok(Self::Network(Network::of_one(address)));
        }
        let name = host.to_ascii_lowercase();
        // A name whose last label is a number is an address in an odd spelling (URL Standard §3.5).
        let last_label_is_number = match url::Host::parse(&name) {
            Ok(url::Host::Domain(parsed)) => parsed != name,
            Ok(url::Host::Ipv4(_) | url::Host::Ipv6(_)) | Err(_) => true,
        };
        if last_label_is_number || !host_name::is_well_formed(&name) {
            return Err(EntryError::NotAHost);
        }
        Ok(Self::Name(name))
    }
}

fn parse_port(text: &str) -> Result<u16, EntryError> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(EntryError::Port);
    }
    text.parse().ok().filter(|port| *port != 0).ok_or(EntryError::Port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_listed_passes() {
        let list = AllowList::parse([
            "minio:9000",
            " Storage.Corp ",
            "10.1.0.0/16",
            "192.168.7.9:9000",
            "[fd00::7]:9000",
            "::1",
        ])
        .unwrap();
        let names = [
            ("minio", 9000, true),
            ("minio", 9001, false),
            ("a.minio", 9000, false),
            ("storage.corp", 1, true),
            ("storage.corp.example.com", 443, false),
        ];
        for (name, port, expected) in names {
            assert_eq!(list.lists_name(name, port), expected, "{name}:{port}");
        }
        let addresses = [
            ("10.1.2.3", 80, true),
            ("10.2.0.0", 80, false),
            ("192.168.7.9", 9000, true),
            ("::ffff:192.168.7.9", 9000, true),
            ("192.168.7.9", 22, false),
            ("fd00::7", 9000, true),
            ("fd00::8", 9000, false),
            ("::1", 22, true),
            ("127.0.0.1", 22, false),
        ];
        for (address, port, expected) in addresses {
            assert_eq!(list.lists_address(address.parse().unwrap(), port), expected, "{address}:{port}");
        }
    }

    #[test]
    fn a_listed_name_may_lead_into_ones_own_network_but_not_to_metadata() {
        let list = AllowList::parse(["minio:9000", "169.254.7.7"]).unwrap();
        let cases = [
            ("minio", "8.8.8.8", 9000, true),
            ("minio", "10.0.0.7", 9000, true),
            ("minio", "127.0.0.1", 9000, true),
            ("minio", "10.0.0.7", 9001, false),
            ("minio", "169.254.169.254", 9000, false),
            ("minio", "169.254.7.7", 9000, true),
            ("minio", "0.0.0.0", 9000, false),
            ("minio", "2002:a00:7::1", 9000, false),
            ("other.example", "8.8.8.8", 443, true),
            ("other.example", "10.0.0.7", 9000, false),
            ("other.example", "169.254.7.7", 443, true),
        ];
        for (name, address, port, expected) in cases {
            let allowed = list.allows_resolved(name, address.parse().unwrap(), port);
            assert_eq!(allowed, expected, "{name} {address}:{port}");
        }
    }

    #[test]
    fn an_empty_list_allows_the_public_internet_and_nothing_else() {
        let list = AllowList::empty();
        assert!(list.allows_resolved("s3.example.com", "8.8.8.8".parse().unwrap(), 443));
        assert!(!list.allows_resolved("s3.example.com", "10.0.0.1".parse().unwrap(), 443));
        assert!(!list.lists_name("s3.example.com", 443));
    }

    #[test]
    fn an_entry_that_cannot_be_understood_is_named() {
        let cases = [
            ("", EntryError::NotAHost),
            ("minio:", EntryError::Port),
            ("minio:0", EntryError::Port),
            ("minio:65536", EntryError::Port),
            ("minio:+80", EntryError::Port),
            ("minio:https", EntryError::Port),
            ("*.example.com", EntryError::NotAHost),
            ("minio.", EntryError::NotAHost),
            ("a b", EntryError::NotAHost),
            ("2130706433", EntryError::NotAHost),
            ("0x7f.1", EntryError::NotAHost),
            ("127.1", EntryError::NotAHost),
            ("999.1.1.1", EntryError::NotAHost),
            ("https://minio", EntryError::NotANetwork),
            ("[fd00::7", EntryError::NotAHost),
            ("[fd00::7]", EntryError::Port),
            ("[10.0.0.1]:80", EntryError::NotAHost),
            ("bücher.example", EntryError::NotAHost),
            ("10.0.0.0/0", EntryError::PrefixLength),
            ("10.0.0.1/8", EntryError::HostBits),
        ];
        for (text, reason) in cases {
            let error = AllowListError { position: 2, reason };
            assert_eq!(AllowList::parse(["minio", text]), Err(error), "{text}");
        }
    }
}
