//! The part of an address that stands for one party.

use std::net::{IpAddr, Ipv4Addr};

/// An IPv4 address, or the /64 of an IPv6 address, which is what one party is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum AddressPrefix {
    /// All of it.
    V4([u8; 4]),
    /// The first 64 bits.
    V6([u8; 8]),
}

impl AddressPrefix {
    /// As an address of IPv6, with nothing after the prefix (RFC 4291 §2.5.5.2 for IPv4).
    pub(crate) fn network(self) -> [u8; 16] {
        match self {
            Self::V4(octets) => Ipv4Addr::from(octets).to_ipv6_mapped().octets(),
            Self::V6([a, b, c, d, e, f, g, h]) => [a, b, c, d, e, f, g, h, 0, 0, 0, 0, 0, 0, 0, 0],
        }
    }
}

impl From<IpAddr> for AddressPrefix {
    fn from(address: IpAddr) -> Self {
        // `::ffff:192.0.2.1` is a second spelling of an IPv4 address.
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address.octets()),
            IpAddr::V6(address) => {
                let [a, b, c, d, e, f, g, h, ..] = address.octets();
                Self::V6([a, b, c, d, e, f, g, h])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_party_share_a_prefix() {
        for (left, right, same) in [
            ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false),
            ("192.0.2.1", "::ffff:192.0.2.1", true),
            ("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", true),
            ("2001:db8:0:1::1", "2001:db8:0:2::1", false),
        ] {
            let prefix = |text: &str| AddressPrefix::from(text.parse::<IpAddr>().unwrap());
            assert_eq!(prefix(left) == prefix(right), same, "{left} {right}");
        }
    }
}
