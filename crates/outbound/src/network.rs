//! A block of IP addresses in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3).

use std::net::IpAddr;

use crate::address::{shares_prefix_v4, shares_prefix_v6, without_disguise};

/// A block of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Network {
    start: IpAddr,
    prefix_length: u32,
}

/// Why a text is not a block of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NetworkError {
    NotAnAddress,
    PrefixLength,
    HostBits,
}

impl Network {
    /// Takes `ADDRESS/LENGTH`, where the address is the first of its block.
    pub(crate) fn parse(address: &str, prefix_length: &str) -> Result<Self, NetworkError> {
        let start: IpAddr = address.parse().map_err(|_| NetworkError::NotAnAddress)?;
        // Addresses are compared without their disguise, so a disguised block would contain none.
        if without_disguise(start) != start {
            return Err(NetworkError::NotAnAddress);
        }
        if prefix_length.is_empty() || !prefix_length.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NetworkError::PrefixLength);
        }
        let prefix_length: u32 = prefix_length.parse().map_err(|_| NetworkError::PrefixLength)?;
        // A block of everything would switch the guard off, which nobody writes down on purpose.
        if prefix_length == 0 || width(start) < prefix_length {
            return Err(NetworkError::PrefixLength);
        }
        if prefix_length < width(start).saturating_sub(trailing_zeros(start)) {
            return Err(NetworkError::HostBits);
        }
        Ok(Self { start, prefix_length })
    }

    /// The block of one address.
    pub(crate) fn of_one(address: IpAddr) -> Self {
        let start = without_disguise(address);
        Self { start, prefix_length: width(start) }
    }

    /// Whether an address, in whichever spelling, lies in this block.
    pub(crate) fn contains(self, address: IpAddr) -> bool {
        match (self.start, without_disguise(address)) {
            (IpAddr::V4(start), IpAddr::V4(address)) => shares_prefix_v4(start, address, self.prefix_length),
            (IpAddr::V6(start), IpAddr::V6(address)) => shares_prefix_v6(start, address, self.prefix_length),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn trailing_zeros(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(address) => address.to_bits().trailing_zeros(),
        IpAddr::V6(address) => address.to_bits().trailing_zeros(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(network: &str, address: &str) -> bool {
        let (start, length) = network.split_once('/').unwrap();
        Network::parse(start, length).unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn a_block_contains_exactly_its_addresses() {
        let cases = [
            ("10.1.0.0/16", "10.1.255.255", true),
            ("10.1.0.0/16", "10.2.0.0", false),
            ("10.1.0.0/16", "::ffff:10.1.2.3", true),
            ("10.1.0.0/16", "64:ff9b::10.1.2.3", true),
            ("10.1.0.0/16", "2002:a01:203::1", false),
            ("192.168.7.9/32", "192.168.7.9", true),
            ("192.168.7.9/32", "192.168.7.8", false),
            ("fd00::/8", "fdff::1", true),
            ("fd00::/8", "fe00::1", false),
            ("::1/128", "::1", true),
            ("::1/128", "127.0.0.1", false),
            ("128.0.0.0/1", "255.0.0.0", true),
        ];
        for (network, address, expected) in cases {
            assert_eq!(contains(network, address), expected, "{network} {address}");
        }
    }

    #[test]
    fn what_is_no_block_is_refused_with_its_reason() {
        let cases = [
            ("10.0.0", "8", NetworkError::NotAnAddress),
            ("0x0a.0.0.0", "8", NetworkError::NotAnAddress),
            ("minio", "8", NetworkError::NotAnAddress),
            ("", "8", NetworkError::NotAnAddress),
            ("::ffff:10.0.0.0", "104", NetworkError::NotAnAddress),
            ("64:ff9b::", "96", NetworkError::NotAnAddress),
            ("10.0.0.0", "", NetworkError::PrefixLength),
            ("10.0.0.0", "+8", NetworkError::PrefixLength),
            ("10.0.0.0", "33", NetworkError::PrefixLength),
            ("10.0.0.0", "4294967304", NetworkError::PrefixLength),
            ("0.0.0.0", "0", NetworkError::PrefixLength),
            ("::", "0", NetworkError::PrefixLength),
            ("fd00::", "129", NetworkError::PrefixLength),
            ("10.0.0.1", "8", NetworkError::HostBits),
            ("fd00::1", "8", NetworkError::HostBits),
        ];
        for (address, length, expected) in cases {
            assert_eq!(Network::parse(address, length).err(), Some(expected), "{address}/{length}");
        }
    }
}
