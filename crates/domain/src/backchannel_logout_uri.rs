//! Where an app is told that a session is over (OpenID Connect Back-Channel Logout §2.2).

use std::fmt;

use crate::redirect_uri::{RedirectUri, RedirectUriError};

/// An absolute https URI without fragment or user information, or http to this computer: the rules of redirect URIs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BackchannelLogoutUri(RedirectUri);

impl BackchannelLogoutUri {
    /// The longest URI, in characters.
    pub const MAX_LENGTH: usize = RedirectUri::MAX_LENGTH;

    /// Accepts what may be a redirect URI.
    pub fn parse(text: &str) -> Result<Self, RedirectUriError> {
        RedirectUri::parse(text).map(Self)
    }

    /// The text, byte for byte as it was given.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for BackchannelLogoutUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_uris_that_nobody_can_read_along_are_accepted() {
        for good in
            ["https://app.example.com/logout?x=1", "http://localhost:3000/logout", "http://127.0.0.1/"]
        {
            assert_eq!(BackchannelLogoutUri::parse(good).unwrap().as_str(), good);
        }
        let long = format!("https://app.example.com/{}", "a".repeat(BackchannelLogoutUri::MAX_LENGTH));
        for (bad, expected) in [
            ("http://app.example.com/logout", RedirectUriError::Scheme),
            ("/logout", RedirectUriError::NotCanonical),
            ("https://app.example.com/logout#x", RedirectUriError::Fragment),
            ("https://u:p@app.example.com/logout", RedirectUriError::UserInfo),
            (&long, RedirectUriError::TooLong),
        ] {
            assert_eq!(BackchannelLogoutUri::parse(bad), Err(expected), "{bad}");
        }
    }
}
