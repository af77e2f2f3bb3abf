//! How and when a person proved who they are (OpenID Connect Core §2: `auth_time`, `amr`, `acr`).

use crate::time::Timestamp;

/// One way to prove it (RFC 8176 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AuthenticationMethod {
    /// Something that the person knows.
    Password,
    /// A one-time password of an authenticator app (RFC 6238).
    Totp,
    /// One of the codes that were shown once for the case that the authenticator is lost.
    RecoveryCode,
    /// A passkey that verified the person (WebAuthn).
    Passkey,
}

impl AuthenticationMethod {
    /// Every method.
    pub const ALL: [Self; 4] = [Self::Password, Self::Totp, Self::RecoveryCode, Self::Passkey];

    /// The word, as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery-code",
            Self::Passkey => "passkey",
        }
    }

    /// The value of `amr` (RFC 8176 §2).
    pub const fn amr(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::Totp | Self::RecoveryCode => "otp",
            Self::Passkey => "hwk",
        }
    }
}

/// How sure it is who the person is; the value of `acr`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssuranceLevel {
    /// By one factor.
    OneFactor,
    /// By two, or by a passkey, which is something that one has and verifies who one is.
    TwoFactors,
}

impl AssuranceLevel {
    /// Every level, the lowest first.
    pub const ALL: [Self; 2] = [Self::OneFactor, Self::TwoFactors];

    /// The value of `acr`.
    pub const fn acr(self) -> &'static str {
        match self {
            Self::OneFactor => "urn:turnkeep:acr:1",
            Self::TwoFactors => "urn:turnkeep:acr:2",
        }
    }
}

/// A proof: when, and by what. There is at least one method, and none twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentication {
    at: Timestamp,
    first: AuthenticationMethod,
    second: Option<AuthenticationMethod>,
}

impl Authentication {
    /// By one method.
    pub const fn by(first: AuthenticationMethod, at: Timestamp) -> Self {
        Self { at, first, second: None }
    }

    /// With a second method; one that repeats the first adds nothing.
    pub fn and(self, second: AuthenticationMethod, at: Timestamp) -> Self {
        let second = (second != self.first).then_some(second);
        Self { at, first: self.first, second }
    }

    /// When it was completed: `auth_time`.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The methods in the order in which they were used.
    pub fn methods(&self) -> impl Iterator<Item = AuthenticationMethod> {
        [Some(self.first), self.second].into_iter().flatten()
    }

    /// How sure it is.
    pub fn level(&self) -> AssuranceLevel {
        if self.second.is_some() || self.first == AuthenticationMethod::Passkey {
            AssuranceLevel::TwoFactors
        } else {
            AssuranceLevel::OneFactor
        }
    }

    /// The methods as one text, to store.
    pub fn methods_text(&self) -> String {
        let words: Vec<&str> = self.methods().map(AuthenticationMethod::as_str).collect();
        words.join(" ")
    }

    /// From the stored texts; `None` if they are not what [`Self::methods_text`] writes.
    pub fn from_stored(methods: &str, at: Timestamp) -> Option<Self> {
        let method =
            |word: &str| AuthenticationMethod::ALL.into_iter().find(|method| method.as_str() == word);
        let mut words = methods.split(' ');
        let mut authentication = Self::by(method(words.next()?)?, at);
        if let Some(word) = words.next() {
            authentication.second = Some(method(word).filter(|second| *second != authentication.first)?);
        }
        words.next().is_none().then_some(authentication)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp::from_secs(7);

    #[test]
    fn methods_are_stored_as_text() {
        let both = Authentication::by(AuthenticationMethod::Password, AT).and(AuthenticationMethod::Totp, AT);
        assert_eq!(both.methods_text(), "password totp");
        assert_eq!(Authentication::from_stored("password totp", AT), Some(both));
        for text in ["", "password password", "password totp passkey", "magic", "password  totp"] {
            assert_eq!(Authentication::from_stored(text, AT), None, "{text}");
        }
    }

    #[test]
    fn a_passkey_is_as_good_as_two_factors() {
        use AuthenticationMethod::{Passkey, Password, RecoveryCode};
        let level = |authentication: Authentication| authentication.level();
        assert_eq!(level(Authentication::by(Password, AT)), AssuranceLevel::OneFactor);
        assert_eq!(level(Authentication::by(Password, AT).and(Password, AT)), AssuranceLevel::OneFactor);
        assert_eq!(level(Authentication::by(Password, AT).and(RecoveryCode, AT)), AssuranceLevel::TwoFactors);
        assert_eq!(level(Authentication::by(Passkey, AT)), AssuranceLevel::TwoFactors);
    }
}
