//! Ties a connection to addresses that have been judged: the HTTP client asks here instead of asking a resolver
//! again, which could answer differently the second time (requirement C 60).

use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The HTTP client asked for a name that was not judged.
#[derive(Debug, thiserror::Error)]
#[error("a name that was not judged")]
struct NotJudged;

/// One name and its judged addresses.
pub(crate) struct Pinned {
    name: String,
    addresses: Vec<IpAddr>,
}

impl Pinned {
    pub(crate) fn new(name: String, addresses: Vec<IpAddr>) -> Self {
        Self { name, addresses }
    }
}

impl Resolve for Pinned {
    fn resolve(&self, name: Name) -> Resolving {
        if name.as_str() != self.name {
            return Box::pin(async { Err(NotJudged.into()) });
        }
        // The client puts the port of the URL in the place of 0.
        let addresses: Vec<SocketAddr> =
            self.addresses.iter().map(|address| SocketAddr::new(*address, 0)).collect();
        let addresses: Addrs = Box::new(addresses.into_iter());
        Box::pin(async { Ok(addresses) })
    }
}
