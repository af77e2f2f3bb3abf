//! Who may be made an operator? People of one's own organisation: a community user is a customer or a partner (seed
//! 002), and a system user acts for apps.

use turnkeep_domain::user::{User, UserKind};

/// Why a user cannot be an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OperatorDenial {
    /// It is an account that apps act as.
    #[error("a system user acts for apps, not for itself")]
    SystemUser,
    /// It is a customer or a partner.
    #[error("a community user cannot operate an instance")]
    CommunityUser,
}

/// Whether the user is of a kind that can operate an instance.
pub const fn decide_operator(user: &User) -> Result<(), OperatorDenial> {
    match user.kind {
        UserKind::Internal => Ok(()),
        UserKind::Community => Err(OperatorDenial::CommunityUser),
        UserKind::System => Err(OperatorDenial::SystemUser),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn seed_002_only_internal_users_operate() {
        for (kind, expected) in [
            (UserKind::Internal, Ok(())),
            (UserKind::Community, Err(OperatorDenial::CommunityUser)),
            (UserKind::System, Err(OperatorDenial::SystemUser)),
        ] {
            assert_eq!(decide_operator(&samples::user(kind)), expected);
        }
    }
}
