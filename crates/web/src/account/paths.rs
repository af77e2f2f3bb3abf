//! Where the pages of an instance are, as browsers see it. Made of settings and the instance alone, never of what a
//! request says about its host (attack 64).

use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::slug::Slug;
use turnkeep_service::issuer::BaseUrl;

/// [`PagePaths::sign_in_again`] below the root of the instance.
pub(crate) const SIGN_IN_AGAIN: &str = "/account/sign-in?again=1";

/// Where people sign in whose session was over when they sent something.
pub(crate) const SIGN_IN_AFTER_END: &str = "/account/sign-in?ended=1";

/// The paths of one instance: all begin with a slash and have no host, so that they lead to the same origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PagePaths {
    root: String,
}

impl PagePaths {
    /// Of an instance, which need not exist.
    pub(crate) fn of(base_url: &BaseUrl, issuer: &Slug) -> Self {
        let default = Self::of_default(base_url);
        if issuer.as_str() == DEFAULT_INSTANCE {
            default
        } else {
            Self { root: format!("{}/i/{issuer}", default.root) }
        }
    }

    /// Of the default instance.
    pub(crate) fn of_default(base_url: &BaseUrl) -> Self {
        let (_, path) = origin_and_path(base_url);
        Self { root: path.to_owned() }
    }

    /// A path below the root of the instance, which begins with a slash: `/account/sign-in`.
    pub(crate) fn to(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }

    /// A path with an interaction.
    pub(crate) fn with_interaction(&self, path: &str, interaction: Option<&str>) -> String {
        match interaction {
            // Base64url needs no encoding in a query.
            Some(interaction) => format!("{}?interaction={interaction}", self.to(path)),
            None => self.to(path),
        }
    }

    /// The overview of somebody's account.
    pub(crate) fn account(&self) -> String {
        self.to("/account")
    }

    /// Where people sign in.
    pub(crate) fn sign_in(&self) -> String {
        self.to("/account/sign-in")
    }

    /// Where people sign in again who want to change something about their account.
    pub(crate) fn sign_in_again(&self) -> String {
        self.to(SIGN_IN_AGAIN)
    }

    /// Where scripts ask who is signed in.
    pub(crate) fn session(&self) -> String {
        self.to("/account/session")
    }

    /// What the addresses of style sheets and scripts begin with.
    pub(crate) fn assets(&self) -> String {
        self.to("/account/assets/")
    }
}

/// The origin of the server (RFC 6454 §6.1), and the path below which something in front of it puts it; may be empty.
pub(crate) fn origin_and_path(base_url: &BaseUrl) -> (&str, &str) {
    let text = base_url.as_str();
    let host = text.find("://").map_or(0, |scheme| scheme + 3);
    let end =
        text.bytes().skip(host).position(|byte| byte == b'/').map_or(text.len(), |length| host + length);
    text.split_at_checked(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_begin_below_the_base_url() {
        for (base, slug, expected) in [
            ("https://id.example.com", "default", "/account"),
            ("https://id.example.com:8443", "acme", "/i/acme/account"),
            ("http://localhost/auth/here", "default", "/auth/here/account"),
            ("https://id.example.com/auth", "acme", "/auth/i/acme/account"),
        ] {
            let paths = PagePaths::of(&BaseUrl::parse(base).unwrap(), &Slug::parse(slug).unwrap());
            assert_eq!(paths.account(), expected);
        }
    }

    #[test]
    fn an_origin_has_no_path() {
        for (base, expected) in [
            ("https://id.example.com", ("https://id.example.com", "")),
            ("http://127.0.0.1:8080/auth/here", ("http://127.0.0.1:8080", "/auth/here")),
        ] {
            assert_eq!(origin_and_path(&BaseUrl::parse(base).unwrap()), expected);
        }
    }
}
