//! How names become addresses. A seam: tests put a resolver here that changes its mind.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

/// Resolves host names. May block for as long as it likes; whoever asks sets the limit.
pub trait Resolver: Send + Sync {
    /// All addresses of a host, at least one. A final dot marks a name that no search list may complete.
    fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The resolver of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        Ok((name, 0).to_socket_addrs()?.map(|address: SocketAddr| address.ip()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_knows_its_own_name() {
        let addresses = SystemResolver.resolve("localhost").unwrap();
        assert!(!addresses.is_empty() && addresses.iter().all(IpAddr::is_loopback), "{addresses:?}");
    }
}
