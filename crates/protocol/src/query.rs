//! The query of a URL, read strictly: the management API knows every parameter of an endpoint and refuses others,
//! so that a misspelt filter never shows more than was asked for.

use std::collections::BTreeMap;
use std::fmt;

use crate::form::{FormParameters, decode_component};

/// How much of a parameter's name is repeated in an answer.
const MAX_NAME_CHARACTERS: usize = 60;

/// Why a query cannot be read at all. It does not tell what was in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// Not UTF-8, or a `%` that two hexadecimal digits do not follow.
    #[error("the query is malformed")]
    Malformed,
    /// More parameters than [`FormParameters::MAX`].
    #[error("the query has more than {} parameters", FormParameters::MAX)]
    TooMany,
}

/// Why a parameter is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum ParameterError {
    /// The endpoint has no such parameter.
    #[error("is not a parameter of this endpoint")]
    Unknown,
    /// It is there more than once.
    #[error("is given twice")]
    Repeated,
}

/// The parameters of a query.
pub struct QueryParameters(Vec<(String, String)>);

impl QueryParameters {
    /// Decodes a whole query.
    pub fn parse(query: &str) -> Result<Self, QueryError> {
        let mut parameters = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            if FormParameters::MAX <= parameters.len() {
                return Err(QueryError::TooMany);
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decode = |text: &str| decode_component(text.as_bytes()).map_err(|_| QueryError::Malformed);
            parameters.push((decode(name)?, decode(value)?));
        }
        Ok(Self(parameters))
    }

    /// Whether there is such a parameter, be it empty.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// The value of a parameter; the first one if it is repeated.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All parameters with their values, in the order of their names.
    pub fn sorted(&self) -> Vec<(&str, &str)> {
        let mut pairs: Vec<_> = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        pairs.sort_unstable();
        pairs
    }

    /// The names of parameters that are unknown or repeated, each once, fit to be shown.
    pub fn refused(&self, is_known: impl Fn(&str) -> bool) -> BTreeMap<String, ParameterError> {
        let mut refused = BTreeMap::new();
        for (index, (name, _)) in self.0.iter().enumerate() {
            if !is_known(name) {
                refused.insert(presentable(name), ParameterError::Unknown);
            } else if self.0.iter().take(index).any(|(earlier, _)| earlier == name) {
                refused.insert(presentable(name), ParameterError::Repeated);
            }
        }
        refused
    }
}

/// Values may be tokens that do not belong there.
impl fmt::Debug for QueryParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QueryParameters({} parameters)", self.0.len())
    }
}

/// One line of bounded length, whatever the name is.
fn presentable(name: &str) -> String {
    name.chars().take(MAX_NAME_CHARACTERS).flat_map(char::escape_default).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_and_repeated_parameters_are_named() {
        let known = |name: &str| ["limit", "after"].contains(&name);
        for (query, expected) in [
            ("", vec![]),
            ("limit=1&after=x", vec![]),
            ("limit=1&limit=1", vec![("limit", ParameterError::Repeated)]),
            ("limit=1&%6cimit=2", vec![("limit", ParameterError::Repeated)]),
            ("Limit=1&after=", vec![("Limit", ParameterError::Unknown)]),
            ("x=1&x=2&y", vec![("x", ParameterError::Unknown), ("y", ParameterError::Unknown)]),
            ("=1", vec![("", ParameterError::Unknown)]),
            ("a%0d%0ab%1b=1", vec![(r"a\r\nb\u{1b}", ParameterError::Unknown)]),
        ] {
            let refused = QueryParameters::parse(query).unwrap().refused(known);
            let refused: Vec<_> = refused.iter().map(|(name, error)| (name.as_str(), *error)).collect();
            assert_eq!(refused, expected, "{query}");
        }
    }

    #[test]
    fn a_long_name_is_cut() {
        let query = "x".repeat(100_000);
        let refused = QueryParameters::parse(&query).unwrap().refused(|_| false);
        assert_eq!(refused.keys().map(String::len).collect::<Vec<_>>(), [MAX_NAME_CHARACTERS]);
    }

    #[test]
    fn malformed_and_long_queries_are_refused() {
        let many = |count: usize| (0..count).map(|i| format!("p{i}=1")).collect::<Vec<_>>().join("&");
        assert!(QueryParameters::parse(&many(FormParameters::MAX)).is_ok());
        for (query, error) in [
            ("x=%", QueryError::Malformed),
            ("%zz=1", QueryError::Malformed),
            ("x=%ff", QueryError::Malformed),
            (many(FormParameters::MAX + 1).as_str(), QueryError::TooMany),
        ] {
            assert_eq!(QueryParameters::parse(query).unwrap_err(), error);
        }
    }

    #[test]
    fn values_are_found_and_not_printed() {
        let query = QueryParameters::parse("b=2%20x&a=&access_token=hunter2").unwrap();
        assert_eq!((query.value("b"), query.value("a"), query.value("c")), (Some("2 x"), Some(""), None));
        assert!(query.has("a") && !query.has("c"));
        assert_eq!(query.sorted().first(), Some(&("a", "")));
        assert_eq!(format!("{query:?}"), "QueryParameters(3 parameters)");
    }
}
