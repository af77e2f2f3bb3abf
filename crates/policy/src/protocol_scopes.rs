//! The scopes of OpenID Connect (Core §3.1.2.1, §5.4, §11). They belong to no resource: every app that people may sign in
//! to may ask for them, and no resource may have one of that name.

use turnkeep_domain::scope::{ScopeName, ScopeSet};

/// A scope of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProtocolScope {
    /// The app wants to know who signed in: an ID token.
    OpenId,
    /// It wants the person's names.
    Profile,
    /// It wants the person's e-mail address.
    Email,
    /// It wants to go on when the person's session is over.
    OfflineAccess,
}

impl ProtocolScope {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::OpenId, Self::Profile, Self::Email, Self::OfflineAccess];

    /// The name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenId => "openid",
            Self::Profile => "profile",
            Self::Email => "email",
            Self::OfflineAccess => "offline_access",
        }
    }

    /// The one of this name, if it is one.
    pub fn of(name: &ScopeName) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name.as_str())
    }

    /// Whether it is among these.
    pub fn is_in(self, scopes: &ScopeSet) -> bool {
        scopes.iter().any(|name| name.as_str() == self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_exactly() {
        for scope in ProtocolScope::ALL {
            assert_eq!(ProtocolScope::of(&ScopeName::parse(scope.as_str()).unwrap()), Some(scope));
        }
        for other in ["OpenID", "openid2", "address", "phone"] {
            assert_eq!(ProtocolScope::of(&ScopeName::parse(other).unwrap()), None, "{other}");
        }
        let scopes = ScopeSet::parse("read openid").unwrap();
        assert!(ProtocolScope::OpenId.is_in(&scopes) && !ProtocolScope::Email.is_in(&scopes));
    }
}
