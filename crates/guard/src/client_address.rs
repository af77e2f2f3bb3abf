//! Where a request really comes from, behind proxies that are known (RFC 7239 §8.1: headers of others prove
//! nothing).

use std::net::{IpAddr, SocketAddr};

/// Why a list of proxies is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be addresses or networks such as `10.0.0.0/8`, separated by commas")]
pub struct TrustedProxiesError;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    bits: u128,
    length: u32,
    is_v4: bool,
}

/// The proxies whose `X-Forwarded-For` is believed. By default none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrustedProxies(Vec<Network>);

impl TrustedProxies {
    /// The most entries of `X-Forwarded-For` that are looked at, from the right.
    pub const MAX_HOPS: usize = 16;

    /// Parses addresses and CIDR networks, separated by commas; an empty text trusts nobody.
    pub fn parse(text: &str) -> Result<Self, TrustedProxiesError> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(parse_network).collect::<Result<_, _>>().map(Self)
    }

    /// The address to hold responsible: the peer, or, as far as proxies can be believed, the rightmost entry that
    /// is not one of them. `forwarded_for` are the values of all `X-Forwarded-For` headers in their order.
    pub fn caller_address<'a>(
        &self,
        peer: IpAddr,
        forwarded_for: impl DoubleEndedIterator<Item = &'a str>,
    ) -> IpAddr {
        let mut caller = peer.to_canonical();
        let entries = forwarded_for.rev().flat_map(|value| value.rsplit(',')).take(Self::MAX_HOPS);
        for entry in entries {
            if !self.trusts(caller) {
                break;
            }
            // What a proxy passed on and cannot be read says nothing: the proxy itself is held responsible.
            let Some(address) = parse_entry(entry.trim()) else { break };
            caller = address.to_canonical();
        }
        caller
    }

    fn trusts(&self, address: IpAddr) -> bool {
        let (bits, is_v4) = bits_of(address);
        self.0
            .iter()
            .any(|network| network.is_v4 == is_v4 && prefix(bits, network.length, is_v4) == network.bits)
    }
}

fn parse_network(entry: &str) -> Result<Network, TrustedProxiesError> {
    let (address, length) = match entry.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (entry, None),
    };
    let address: IpAddr = address.parse().map_err(|_| TrustedProxiesError)?;
    if address.to_canonical() != address {
        // `::ffff:192.0.2.1` would never match: callers have their addresses in the plain spelling.
        return Err(TrustedProxiesError);
    }
    let (bits, is_v4) = bits_of(address);
    let longest = if is_v4 { 32 } else { 128 };
    let length = match length {
        Some(digits) => digits.parse().map_err(|_| TrustedProxiesError)?,
        None => longest,
    };
    let network = Network { bits: prefix(bits, length, is_v4), length, is_v4 };
    // Bits below the prefix are most likely a slip of the pen.
    if longest < length || network.bits != bits { Err(TrustedProxiesError) } else { Ok(network) }
}

fn bits_of(address: IpAddr) -> (u128, bool) {
    match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), true),
        IpAddr::V6(address) => (address.to_bits(), false),
    }
}

fn prefix(bits: u128, length: u32, is_v4: bool) -> u128 {
    let width: u32 = if is_v4 { 32 } else { 128 };
    let dropped = width.saturating_sub(length);
    bits.checked_shr(dropped).and_then(|kept| kept.checked_shl(dropped)).unwrap_or(0)
}

/// An address, with or without a port, as proxies write it.
fn parse_entry(entry: &str) -> Option<IpAddr> {
    if let Ok(address) = entry.parse::<IpAddr>() {
        return Some(address);
    }
    if let Ok(address) = entry.parse::<SocketAddr>() {
        return Some(address.ip());
    }
    entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXIES: &str = "10.0.0.0/8, 192.0.2.10, 2001:db8:ff::/48";

    fn caller(proxies: &str, peer: &str, headers: &[&str]) -> String {
        let proxies = TrustedProxies::parse(proxies).unwrap();
        proxies.caller_address(peer.parse().unwrap(), headers.iter().copied()).to_string()
    }

    #[test]
    fn nobody_but_a_trusted_proxy_is_believed() {
        for (proxies, peer, headers, expected) in [
            ("", "203.0.113.5", &["198.51.100.1"][..], "203.0.113.5"),
            (PROXIES, "203.0.113.5", &["198.51.100.1"], "203.0.113.5"),
            (PROXIES, "10.1.2.3", &[], "10.1.2.3"),
            (PROXIES, "10.1.2.3", &["198.51.100.1"], "198.51.100.1"),
            (PROXIES, "::ffff:10.1.2.3", &["198.51.100.1"], "198.51.100.1"),
            (PROXIES, "2001:db8:ff::1", &["2001:db8:1::1"], "2001:db8:1::1"),
            // The caller wrote the left part; the proxies appended the right one.
            (PROXIES, "10.1.2.3", &["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            (PROXIES, "10.1.2.3", &["1.1.1.1, 198.51.100.1, 192.0.2.10"], "198.51.100.1"),
            (PROXIES, "10.1.2.3", &["1.1.1.1", "198.51.100.1", "192.0.2.10"], "198.51.100.1"),
            (PROXIES, "10.1.2.3", &["10.9.9.9, 198.51.100.1"], "198.51.100.1"),
            // Nothing but proxies: the outermost one.
            (PROXIES, "10.1.2.3", &["10.9.9.9, 10.8.8.8"], "10.9.9.9"),
            (PROXIES, "10.1.2.3", &["198.51.100.1:4711"], "198.51.100.1"),
            (PROXIES, "10.1.2.3", &["[2001:db8:1::1]:4711"], "2001:db8:1::1"),
            (PROXIES, "10.1.2.3", &["[2001:db8:1::1]"], "2001:db8:1::1"),
            (PROXIES, "10.1.2.3", &["198.51.100.1, unknown"], "10.1.2.3"),
            (PROXIES, "10.1.2.3", &["198.51.100.1, nonsense, 192.0.2.10"], "192.0.2.10"),
        ] {
            assert_eq!(caller(proxies, peer, headers), expected, "{peer} {headers:?}");
        }
    }

    #[test]
    fn only_addresses_and_networks_are_accepted() {
        for good in ["", "0.0.0.0/0", "::/0", "192.0.2.1/32", "2001:db8::/32", "10.0.0.0/8,"] {
            assert!(TrustedProxies::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "::ffff:10.0.0.1",
            "::ffff:10.0.0.0/104",
            "proxy.example",
            "10.0.0.0/33",
            "10.0.0.1/8",
            "::1/129",
            "10.0.0.0/",
            "10/8",
            "10.0.0.0/-1",
        ] {
            assert_eq!(TrustedProxies::parse(bad), Err(TrustedProxiesError), "{bad}");
        }
    }

    #[test]
    fn everybody_is_trusted_by_a_network_of_everybody() {
        assert_eq!(caller("0.0.0.0/0", "203.0.113.5", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(caller("::/0", "2001:db8::1", &["2001:db8::2"]), "2001:db8::2");
    }
}
