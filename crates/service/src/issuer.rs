//! Issuer identifiers (RFC 8414 §2): where each instance is found.

use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::slug::Slug;

/// Why a text is not a base URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an http or https URL without user information, query or fragment, and not end with a slash")]
pub struct BaseUrlError;

/// The URL under which the server is reached; the issuer of the default instance, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Accepts `http(s)://host[:port][/path]`.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let (_, rest) = text
            .split_once("://")
            .filter(|(scheme, _)| matches!(*scheme, "http" | "https"))
            .ok_or(BaseUrlError)?;
        let odd =
            |b: u8| !b.is_ascii_graphic() || matches!(b, b'?' | b'#' | b'@' | b'"' | b'\\' | b'<' | b'>');
        if rest.is_empty()
            || rest.starts_with('/')
            || rest.ends_with('/')
            || rest.contains("//")
            || rest.bytes().any(odd)
        {
            return Err(BaseUrlError);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The issuer of an instance: the base URL itself for the default one, `{base}/i/{slug}` for every other.
    pub fn issuer_of(&self, instance: &Slug) -> String {
        if instance.as_str() == DEFAULT_INSTANCE {
            self.0.clone()
        } else {
            format!("{}/i/{instance}", self.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_instance_is_the_base_url_itself() {
        let base = BaseUrl::parse("https://id.example.com").unwrap();
        assert_eq!(base.issuer_of(&Slug::parse("default").unwrap()), "https://id.example.com");
        assert_eq!(base.issuer_of(&Slug::parse("acme").unwrap()), "https://id.example.com/i/acme");
    }

    #[test]
    fn base_urls() {
        for good in ["http://127.0.0.1:8080", "https://id.example.com", "https://example.com/auth"] {
            assert!(BaseUrl::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "id.example.com",
            "ftp://id.example.com",
            "https://",
            "https:///x",
            "https://id.example.com/",
            "https://id.example.com?x",
            "https://id.example.com#x",
            "https://u@id.example.com",
            "https://a b",
        ] {
            assert_eq!(BaseUrl::parse(bad), Err(BaseUrlError), "{bad}");
        }
    }
}
