//! Parts of redirect URIs that are registered, and so in canonical form.

/// The origin (RFC 6454 §6.1), for content security policies.
pub fn origin_of(redirect_uri: &str) -> &str {
    let scheme = redirect_uri.find("://").map_or(0, |colon| colon + 3);
    let host = redirect_uri.bytes().skip(scheme).position(|byte| matches!(byte, b'/' | b'?' | b'#'));
    let end = host.map_or(redirect_uri.len(), |length| scheme + length);
    redirect_uri.split_at_checked(end).map_or(redirect_uri, |(origin, _)| origin)
}

/// The host with its port, for people.
pub fn host_of(redirect_uri: &str) -> &str {
    let origin = origin_of(redirect_uri);
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_and_hosts() {
        for (uri, origin, host) in [
            ("https://app.example.com", "https://app.example.com", "app.example.com"),
            ("https://app.example.com/cb?x=https://y", "https://app.example.com", "app.example.com"),
            ("https://app.example.com?x=1", "https://app.example.com", "app.example.com"),
            ("http://[::1]:4711/cb", "http://[::1]:4711", "[::1]:4711"),
            ("https://app.example.com:8443/", "https://app.example.com:8443", "app.example.com:8443"),
        ] {
            assert_eq!((origin_of(uri), host_of(uri)), (origin, host));
        }
    }
}
