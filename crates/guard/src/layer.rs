//! Whose requests a limit counts.

/// The layers of rate limits, in the order in which they are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// Everything that this node is asked.
    Node,
    /// One address, or the /64 of an IPv6 address.
    Address,
    /// One client that has authenticated: an app, or a person at the management API.
    Client,
    /// All clients of one tenant that have authenticated.
    Tenant,
}

impl Layer {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Node, Self::Address, Self::Client, Self::Tenant];

    /// Its name in settings, headers and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Address => "address",
            Self::Client => "client",
            Self::Tenant => "tenant",
        }
    }
}
