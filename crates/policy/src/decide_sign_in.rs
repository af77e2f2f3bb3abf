//! May this user sign in to this app? (seed 002: `ImpersonateAs…UserAllowed`)

use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::user::{UserKind, UserState};

/// Why a user may not sign in to an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum SignInDenial {
    /// The user is disabled.
    #[error("the user is disabled")]
    UserDisabled,
    /// System users never sign in.
    #[error("system users cannot sign in")]
    SystemUser,
    /// The app does not admit this kind of user.
    #[error("the app does not admit this kind of user")]
    KindNotAdmitted,
}

impl SignInDenial {
    /// The stable code, for the audit trail.
    pub const fn code(self) -> &'static str {
        match self {
            Self::UserDisabled => "user_disabled",
            Self::SystemUser => "system_user",
            Self::KindNotAdmitted => "user_not_admitted",
        }
    }
}

/// The app's flags decide by the user's kind.
pub fn decide_sign_in(sign_in: SignIn, kind: UserKind, state: UserState) -> Result<(), SignInDenial> {
    if state == UserState::Disabled {
        return Err(SignInDenial::UserDisabled);
    }
    let admitted = match kind {
        UserKind::Internal => sign_in.internal(),
        UserKind::Community => sign_in.community(),
        UserKind::System => return Err(SignInDenial::SystemUser),
    };
    if admitted { Ok(()) } else { Err(SignInDenial::KindNotAdmitted) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_002_flags_decide_who_may_sign_in() {
        for (internal, community, kind, expected) in [
            (true, false, UserKind::Internal, Ok(())),
            (false, true, UserKind::Internal, Err(SignInDenial::KindNotAdmitted)),
            (false, true, UserKind::Community, Ok(())),
            (true, false, UserKind::Community, Err(SignInDenial::KindNotAdmitted)),
            (true, true, UserKind::Internal, Ok(())),
            (true, true, UserKind::Community, Ok(())),
            (false, false, UserKind::Internal, Err(SignInDenial::KindNotAdmitted)),
            (true, true, UserKind::System, Err(SignInDenial::SystemUser)),
        ] {
            let decided = decide_sign_in(SignIn::from_flags(internal, community), kind, UserState::Active);
            assert_eq!(decided, expected, "{internal} {community} {kind:?}");
        }
        let disabled = decide_sign_in(SignIn::Internal, UserKind::Internal, UserState::Disabled);
        assert_eq!(disabled, Err(SignInDenial::UserDisabled));
    }
}
