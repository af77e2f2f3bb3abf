//! Scopes: permissions that apps may be granted (RFC 6749 §3.3, seed 002).

use std::collections::BTreeSet;
use std::fmt;

/// Why a text is not a scope or a list of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// A name that is empty, too long or has a character that RFC 6749 §3.3 does not allow.
    #[error(
        "a scope has 1 to {} visible ASCII characters other than quote and backslash",
        ScopeName::MAX_LENGTH
    )]
    Malformed,
    /// More scopes than anybody needs.
    #[error("at most {} scopes", ScopeSet::MAX)]
    TooMany,
}

/// The name of a scope (`scope-token` of RFC 6749 §3.3), unique in its instance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeName(String);

impl ScopeName {
    /// The longest name, in characters.
    pub const MAX_LENGTH: usize = 100;

    /// Accepts one `scope-token`.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        let allowed = |b: u8| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if text.is_empty() || Self::MAX_LENGTH < text.len() || !text.bytes().all(allowed) {
            return Err(ScopeError::Malformed);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ScopeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A set of scopes, ordered by name. There are few in each, and many sets are kept in memory: so it is a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScopeSet(Box<[ScopeName]>);

impl ScopeSet {
    /// The most scopes a request or an app may name.
    pub const MAX: usize = 64;

    /// Parses the space-delimited form of RFC 6749 §3.3 and seed 002; repeated names count once.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        text.split(' ')
            .filter(|name| !name.is_empty())
            .map(ScopeName::parse)
            .collect::<Result<BTreeSet<_>, _>>()
            .and_then(Self::new)
    }

    /// Bounds the number of scopes.
    pub fn new(names: BTreeSet<ScopeName>) -> Result<Self, ScopeError> {
        if Self::MAX < names.len() { Err(ScopeError::TooMany) } else { Ok(Self(names.into_iter().collect())) }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the set has this scope.
    pub fn contains(&self, name: &ScopeName) -> bool {
        self.0.binary_search(name).is_ok()
    }

    /// Whether all of these are also in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.iter().all(|name| other.contains(name))
    }

    /// The scopes in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &ScopeName> {
        self.0.iter()
    }

    /// Those for which `keep` holds.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&ScopeName) -> bool) -> Self {
        Self(self.0.iter().filter(|name| keep(name)).cloned().collect())
    }
}

/// The space-delimited form.
impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            if 0 < index {
                f.write_str(" ")?;
            }
            f.write_str(name.as_str())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_delimited_by_spaces() {
        let scopes = ScopeSet::parse("update read  read").unwrap();
        assert_eq!(scopes.to_string(), "read update");
        assert!(ScopeSet::parse("").unwrap().is_empty());
    }

    #[test]
    fn refusals() {
        for bad in ["a\"b", "a\\b", "é", "a\tb", "a\0", &"x".repeat(101)] {
            assert_eq!(ScopeSet::parse(bad), Err(ScopeError::Malformed), "{bad:?}");
        }
        let many = (0..65).map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!(ScopeSet::parse(&many), Err(ScopeError::TooMany));
    }
}
