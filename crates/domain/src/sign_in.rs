//! Which people may sign in to an app (seed 002: `ImpersonateAs…UserAllowed`).

/// The kinds of people who may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    /// Nobody.
    Nobody,
    /// Internal users only.
    Internal,
    /// Community users only; allowed with a warning (seed 002).
    Community,
    /// Both.
    InternalAndCommunity,
}

impl SignIn {
    /// From the seed's two flags.
    pub const fn from_flags(internal: bool, community: bool) -> Self {
        match (internal, community) {
            (false, false) => Self::Nobody,
            (true, false) => Self::Internal,
            (false, true) => Self::Community,
            (true, true) => Self::InternalAndCommunity,
        }
    }

    /// `ImpersonateAsInternalUserAllowed`.
    pub const fn internal(self) -> bool {
        matches!(self, Self::Internal | Self::InternalAndCommunity)
    }

    /// `ImpersonateAsCommunityUserAllowed`.
    pub const fn community(self) -> bool {
        matches!(self, Self::Community | Self::InternalAndCommunity)
    }
}
