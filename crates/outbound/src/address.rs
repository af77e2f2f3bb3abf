//! What kind of place an IP address leads to (requirement C 59). Pure: neither a name nor a socket is touched.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What kind of place an address leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressClass {
    /// An ordinary host of the public internet.
    Public,
    /// This computer: 127.0.0.0/8, ::1.
    Loopback,
    /// Somebody's own network: RFC 1918, shared address space (RFC 6598), unique local (RFC 4193).
    Private,
    /// This link, among it the metadata services of clouds: 169.254.0.0/16, fe80::/10.
    LinkLocal,
    /// No ordinary host: unspecified, reserved, multicast, documentation, benchmarks, transition mechanisms, and a
    /// cloud's own service at a public address.
    Special,
}

/// Blocks of IPv4 that are not [`AddressClass::Public`], each with its prefix length
/// (IANA IPv4 special-purpose address registry, RFC 6890).
const V4_BLOCKS: [(Ipv4Addr, u32, AddressClass); 17] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8, AddressClass::Special),
    (Ipv4Addr::new(10, 0, 0, 0), 8, AddressClass::Private),
    (Ipv4Addr::new(100, 64, 0, 0), 10, AddressClass::Private),
    (Ipv4Addr::new(127, 0, 0, 0), 8, AddressClass::Loopback),
    // The agent of Azure's virtual machines, which hands out their settings.
    (Ipv4Addr::new(168, 63, 129, 16), 32, AddressClass::Special),
    (Ipv4Addr::new(169, 254, 0, 0), 16, AddressClass::LinkLocal),
    (Ipv4Addr::new(172, 16, 0, 0), 12, AddressClass::Private),
    (Ipv4Addr::new(192, 0, 0, 0), 24, AddressClass::Special),
    (Ipv4Addr::new(192, 0, 2, 0), 24, AddressClass::Special),
    (Ipv4Addr::new(192, 52, 193, 0), 24, AddressClass::Special),
    (Ipv4Addr::new(192, 88, 99, 0), 24, AddressClass::Special),
    (Ipv4Addr::new(192, 168, 0, 0), 16, AddressClass::Private),
    (Ipv4Addr::new(198, 18, 0, 0), 15, AddressClass::Special),
    (Ipv4Addr::new(198, 51, 100, 0), 24, AddressClass::Special),
    (Ipv4Addr::new(203, 0, 113, 0), 24, AddressClass::Special),
    (Ipv4Addr::new(224, 0, 0, 0), 4, AddressClass::Special),
    (Ipv4Addr::new(240, 0, 0, 0), 4, AddressClass::Special),
];

/// Blocks of IPv6 that are not [`AddressClass::Public`] (IANA IPv6 special-purpose address registry). Whatever
/// else lies outside of 2000::/3 is not public either (RFC 4291 §2.4).
const V6_BLOCKS: [(Ipv6Addr, u32, AddressClass); 8] = [
    (Ipv6Addr::LOCALHOST, 128, AddressClass::Loopback),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, AddressClass::Private),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, AddressClass::LinkLocal),
    // Site-local, the predecessor of unique local (RFC 3879).
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, AddressClass::Private),
    // Protocol assignments: Teredo, benchmarks, overlay identifiers.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, AddressClass::Special),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, AddressClass::Special),
    // 6to4, which hides an IPv4 address behind anybody's relay.
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, AddressClass::Special),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, AddressClass::Special),
];

const GLOBAL_UNICAST: Ipv6Addr = Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0);

/// The prefix of translated addresses (RFC 6052 §2.1).
const NAT64: Ipv6Addr = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0);

/// Whether an address leads to an ordinary host of the public internet.
pub fn is_public(address: IpAddr) -> bool {
    classify(address) == AddressClass::Public
}

/// What kind of place an address leads to, after [`without_disguise`].
pub fn classify(address: IpAddr) -> AddressClass {
    match without_disguise(address) {
        IpAddr::V4(address) => classify_v4(address),
        IpAddr::V6(address) => classify_v6(address),
    }
}

/// The IPv4 address that is reached through an IPv6 spelling of it: mapped (RFC 4291 §2.5.5.2) or translated under
/// the well-known prefix (RFC 6052 §2.1), which is how a network without IPv4 reaches the rest of the world. Other
/// forms that hide an address (compatible, 6to4, Teredo, a translator of one's own) stay as they are and are
/// never public, since what they lead to is not for us to know.
pub fn without_disguise(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    let translated = shares_prefix_v6(v6, NAT64, 96);
    match v6.to_ipv4_mapped() {
        Some(v4) => IpAddr::V4(v4),
        None if translated => IpAddr::V4(last_32_bits(v6)),
        None => address,
    }
}

fn classify_v4(address: Ipv4Addr) -> AddressClass {
    let block = V4_BLOCKS.iter().find(|(start, length, _)| shares_prefix_v4(address, *start, *length));
    block.map_or(AddressClass::Public, |(_, _, class)| *class)
}

fn classify_v6(address: Ipv6Addr) -> AddressClass {
    let block = V6_BLOCKS.iter().find(|(start, length, _)| shares_prefix_v6(address, *start, *length));
    match block {
        Some((_, _, class)) => *class,
        None if shares_prefix_v6(address, GLOBAL_UNICAST, 3) => AddressClass::Public,
        None => AddressClass::Special,
    }
}

/// Whether two addresses agree in their first `length` bits.
pub(crate) fn shares_prefix_v4(one: Ipv4Addr, other: Ipv4Addr, length: u32) -> bool {
    let differing = one.to_bits() ^ other.to_bits();
    length <= differing.leading_zeros()
}

/// Whether two addresses agree in their first `length` bits.
pub(crate) fn shares_prefix_v6(one: Ipv6Addr, other: Ipv6Addr, length: u32) -> bool {
    let differing = one.to_bits() ^ other.to_bits();
    length <= differing.leading_zeros()
}

fn last_32_bits(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}

#[cfg(test)]
mod tests {
    use AddressClass::{LinkLocal, Loopback, Private, Public, Special};

    use super::*;

    fn class_of(text: &str) -> AddressClass {
        classify(text.parse().unwrap())
    }

    #[test]
    fn every_block_of_ipv4_begins_and_ends_where_it_should() {
        let cases = [
            ("0.0.0.0", Special),
            ("0.255.255.255", Special),
            ("1.0.0.0", Public),
            ("9.255.255.255", Public),
            ("10.0.0.0", Private),
            ("10.255.255.255", Private),
            ("11.0.0.0", Public),
            ("100.63.255.255", Public),
            ("100.64.0.0", Private),
            ("100.100.100.200", Private),
            ("100.127.255.255", Private),
            ("100.128.0.0", Public),
            ("126.255.255.255", Public),
            ("127.0.0.0", Loopback),
            ("127.0.0.1", Loopback),
            ("127.255.255.255", Loopback),
            ("128.0.0.0", Public),
            ("168.63.129.15", Public),
            ("168.63.129.16", Special),
            ("168.63.129.17", Public),
            ("169.253.255.255", Public),
            ("169.254.0.0", LinkLocal),
            ("169.254.169.254", LinkLocal),
            ("169.254.255.255", LinkLocal),
            ("169.255.0.0", Public),
            ("172.15.255.255", Public),
            ("172.16.0.0", Private),
            ("172.31.255.255", Private),
            ("172.32.0.0", Public),
            ("191.255.255.255", Public),
            ("192.0.0.0", Special),
            ("192.0.0.192", Special),
            ("192.0.1.0", Public),
            ("192.0.2.1", Special),
            ("192.0.3.0", Public),
            ("192.52.193.1", Special),
            ("192.88.99.1", Special),
            ("192.167.255.255", Public),
            ("192.168.0.0", Private),
            ("192.168.255.255", Private),
            ("192.169.0.0", Public),
            ("198.17.255.255", Public),
            ("198.18.0.0", Special),
            ("198.19.255.255", Special),
            ("198.20.0.0", Public),
            ("198.51.100.7", Special),
            ("203.0.113.7", Special),
            ("203.0.114.0", Public),
            ("223.255.255.255", Public),
            ("224.0.0.1", Special),
            ("239.255.255.255", Special),
            ("240.0.0.1", Special),
            ("255.255.255.255", Special),
            ("8.8.8.8", Public),
        ];
        for (text, expected) in cases {
            assert_eq!(class_of(text), expected, "{text}");
        }
    }

    #[test]
    fn every_block_of_ipv6_begins_and_ends_where_it_should() {
        let cases = [
            ("::", Special),
            ("::1", Loopback),
            ("::2", Special),
            ("100::1", Special),
            ("1fff:ffff::", Special),
            ("2000::1", Public),
            ("2001::1", Special),
            ("2001:1ff:ffff::", Special),
            ("2001:200::", Public),
            ("2001:db7:ffff::", Public),
            ("2001:db8::1", Special),
            ("2001:db9::", Public),
            ("2001:2::1", Special),
            ("2001:10::1", Special),
            ("2001:20::1", Special),
            ("2606:4700:4700::1111", Public),
            ("2a00:1450:4001:830::200e", Public),
            ("3ffe::1", Public),
            ("3fff::1", Special),
            ("3fff:fff:ffff::", Special),
            ("3fff:1000::", Public),
            ("4000::", Special),
            ("5f00::1", Special),
            ("fbff:ffff::", Special),
            ("fc00::1", Private),
            ("fd00:ec2::254", Private),
            ("fdff:ffff::", Private),
            ("fe00::", Special),
            ("fe80::1", LinkLocal),
            ("febf:ffff::1", LinkLocal),
            ("fec0::1", Private),
            ("feff:ffff::1", Private),
            ("ff02::1", Special),
            ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Special),
        ];
        for (text, expected) in cases {
            assert_eq!(class_of(text), expected, "{text}");
        }
    }

    #[test]
    fn an_ipv4_address_in_an_ipv6_spelling_is_judged_as_what_it_leads_to() {
        let cases = [
            ("::ffff:127.0.0.1", Loopback),
            ("::ffff:7f00:1", Loopback),
            ("::ffff:169.254.169.254", LinkLocal),
            ("::ffff:10.0.0.1", Private),
            ("::ffff:0.0.0.0", Special),
            ("::ffff:8.8.8.8", Public),
            ("64:ff9b::127.0.0.1", Loopback),
            ("64:ff9b::a9fe:a9fe", LinkLocal),
            ("64:ff9b::192.168.1.1", Private),
            ("64:ff9b::8.8.8.8", Public),
        ];
        for (text, expected) in cases {
            assert_eq!(class_of(text), expected, "{text}");
        }
    }

    #[test]
    fn forms_that_hide_an_address_behind_a_stranger_are_never_public() {
        let hidden = [
            "::127.0.0.1",
            "::8.8.8.8",
            "2002:7f00:1::1",
            "2002:808:808::1",
            "2001:0:7f00:1::1",
            "2001:0:808:808:0:0:f7f7:f7f7",
            "64:ff9b:1::10.0.0.1",
            "64:ff9b:1::8.8.8.8",
            "64:ff9b:0:1::8.8.8.8",
            "::ffff:0:127.0.0.1",
            "::ffff:0:8.8.8.8",
        ];
        for text in hidden {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }
}
