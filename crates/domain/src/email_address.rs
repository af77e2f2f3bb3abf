//! Addresses that mail is sent to.

use std::fmt;

/// Why a text is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an e-mail address has a name, an `@` and a host, and at most 254 visible ASCII characters")]
pub struct EmailAddressError;

/// An e-mail address, as it was given. Whether anybody reads it is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The longest, in characters (RFC 5321 §4.5.3.1.3, without the brackets).
    pub const MAX_LENGTH: usize = 254;

    /// Accepts what every mail system agrees on: letters, digits and `.!#$%&'*+/=?^_{|}~-` before the `@`, a host name
    /// after it. No quotes, comments, display names or anything that could begin a new header.
    pub fn parse(text: &str) -> Result<Self, EmailAddressError> {
        let (name, host) = text.rsplit_once('@').ok_or(EmailAddressError)?;
        let in_name = |b: u8| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_{|}~-".contains(&b);
        let dots = |part: &str| part.starts_with('.') || part.ends_with('.') || part.contains("..");
        let label = |label: &str| {
            let bytes = label.as_bytes();
            !bytes.is_empty()
                && bytes.len() <= 63
                && bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let is_name = !name.is_empty() && name.len() <= 64 && name.bytes().all(in_name) && !dots(name);
        if Self::MAX_LENGTH < text.len() || !is_name || !host.split('.').all(label) {
            return Err(EmailAddressError);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two addresses that reach the same mailbox have in common, for all that is known: without regard to case.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_are_accepted() {
        for text in ["ada@example.com", "a.b+c@sub.example.org", "root@localhost", "A'B@Example.COM"] {
            assert_eq!(EmailAddress::parse(text).unwrap().as_str(), text);
        }
        let long = format!("{}@example.com", "a".repeat(65));
        for text in [
            "",
            "@",
            "a@",
            "@b",
            "a b@c.d",
            "a@b c",
            "a@b\r\nBcc: x@y",
            "<a@b>",
            "\"a\"@b",
            "a@-b.c",
            "a@b..c",
            ".a@b",
            "a..b@c",
            "é@b.c",
            "a@é.c",
            "a,b@c@d e",
            &long,
        ] {
            assert_eq!(EmailAddress::parse(text), Err(EmailAddressError), "{text:?}");
        }
        assert_eq!(EmailAddress::parse("Ada@Example.com").unwrap().key(), "ada@example.com");
    }
}
