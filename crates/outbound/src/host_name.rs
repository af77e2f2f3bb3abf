//! Names of hosts that never belong to the public internet, whatever they resolve to. A first sieve only: what a
//! name resolves to is judged in any case.

/// Names that are not public, together with everything below them: special-use names (RFC 6761, RFC 6762,
/// RFC 8375), the one that ICANN keeps for private use, and what networks of one's own are commonly called.
const PRIVATE_ZONES: [&str; 10] = [
    "localhost",
    "local",
    "internal",
    "localdomain",
    "home.arpa",
    "lan",
    "intranet",
    "corp",
    "private",
    // Where clouds keep their metadata at a name that looks public.
    "metadata.goog",
];

/// Whether a name, lower case and without a final dot, can belong to the public internet.
pub(crate) fn can_be_public(name: &str) -> bool {
    // A single label is completed by the resolver's search list, so it names something of this network.
    name.contains('.') && !PRIVATE_ZONES.iter().any(|zone| is_in_zone(name, zone))
}

/// Whether a name, lower case, is made of labels of the letters, digits, hyphens and underscores that hosts of the
/// real world use (RFC 1123 §2.1), and not so long that no resolver takes it.
pub(crate) fn is_well_formed(name: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
    name.len() <= 253
        && name.split('.').all(|label| (1..=63).contains(&label.len()) && label.bytes().all(allowed))
}

fn is_in_zone(name: &str, zone: &str) -> bool {
    match name.strip_suffix(zone) {
        Some(rest) => rest.is_empty() || rest.ends_with('.'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_private_networks_are_told_from_public_ones() {
        let cases = [
            ("localhost", false),
            ("a.localhost", false),
            ("a.b.localhost", false),
            ("notlocalhost.com", true),
            ("localhost.com", true),
            ("localhost.localdomain", false),
            ("printer.local", false),
            ("glocal.example", true),
            ("metadata.google.internal", false),
            ("metadata.goog", false),
            ("instance-data.ec2.internal", false),
            ("instance-data", false),
            ("metadata", false),
            ("minio", false),
            ("minio.storage.svc.cluster.local", false),
            ("nas.home.arpa", false),
            ("nas.lan", false),
            ("s3.eu-central-1.amazonaws.com", true),
            ("internal.example.com", true),
        ];
        for (name, expected) in cases {
            assert_eq!(can_be_public(name), expected, "{name}");
        }
    }

    #[test]
    fn a_well_formed_name_has_no_empty_or_odd_label() {
        let longest = [&"a".repeat(63); 4].map(String::as_str).join(".");
        let cases = [
            ("s3.example.com", true),
            ("my_bucket.s3.example.com", true),
            ("xn--bcher-kva.example", true),
            ("s3.example.com.", false),
            ("s3..example.com", false),
            (".example.com", false),
            ("", false),
            ("*.example.com", false),
            ("S3.example.com", false),
            ("a,b.example", false),
            (&longest, false),
            (&"a".repeat(64), false),
        ];
        for (name, expected) in cases {
            assert_eq!(is_well_formed(name), expected, "{name}");
        }
    }
}
