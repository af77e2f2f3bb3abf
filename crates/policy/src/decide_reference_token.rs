//! May this principal make, or use, a reference token of this app? (seed 002: `AccessTokens`)

use turnkeep_domain::reference_token::ReferenceTokenPolicy;

/// In whose name a reference token is made or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceTokenHolder {
    /// A signed-in user without administrative rights.
    User,
    /// An administrator.
    Administrator,
}

/// Why it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceTokenDenial {
    /// The app's policy is `None`.
    #[error("the app has no reference tokens")]
    PolicyNone,
    /// The app's policy is `AdministratorsOnly`.
    #[error("only administrators may have reference tokens of this app")]
    AdministratorsOnly,
}

/// Asked when a token is made and again at every use, so that a tightened policy reaches tokens made before.
pub fn decide_reference_token(
    policy: ReferenceTokenPolicy,
    holder: ReferenceTokenHolder,
) -> Result<(), ReferenceTokenDenial> {
    match (policy, holder) {
        (ReferenceTokenPolicy::None, _) => Err(ReferenceTokenDenial::PolicyNone),
        (ReferenceTokenPolicy::AuthenticatedUsers, _)
        | (ReferenceTokenPolicy::AdministratorsOnly, ReferenceTokenHolder::Administrator) => Ok(()),
        (ReferenceTokenPolicy::AdministratorsOnly, ReferenceTokenHolder::User) => {
            Err(ReferenceTokenDenial::AdministratorsOnly)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_002_access_tokens_policy() {
        use ReferenceTokenHolder::{Administrator, User};
        use ReferenceTokenPolicy::{AdministratorsOnly, AuthenticatedUsers, None};
        for (policy, holder, expected) in [
            (None, User, Err(ReferenceTokenDenial::PolicyNone)),
            (None, Administrator, Err(ReferenceTokenDenial::PolicyNone)),
            (AuthenticatedUsers, User, Ok(())),
            (AuthenticatedUsers, Administrator, Ok(())),
            (AdministratorsOnly, User, Err(ReferenceTokenDenial::AdministratorsOnly)),
            (AdministratorsOnly, Administrator, Ok(())),
        ] {
            assert_eq!(decide_reference_token(policy, holder), expected, "{policy:?} {holder:?}");
        }
    }
}
