//! Reading a document.

use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, IgnoredAny};
use serde_json::error::Category;

use crate::strict_json::checked_deserializer::Within;
use crate::strict_json::fault::{Fault, FaultKind};
use crate::strict_json::pass::{Pass, Path, Place};

/// The most faults that are looked for.
const MAX_FAULTS: usize = 32;

/// Each fault takes another reading; so many bytes are read again at most.
const MAX_BYTES_READ: usize = 1 << 20;

/// Why a document is not what it has to be.
#[derive(Debug, thiserror::Error)]
pub enum StrictJsonError {
    /// It is not JSON.
    #[error("not JSON at line {}, column {}", .0.line(), .0.column())]
    NotJson(serde_json::Error),
    /// It is JSON of another form: this and that is wrong. There is at least one, and no more than 32; of a long
    /// document there may be others.
    #[error("not as it has to be")]
    Faults(Vec<Fault>),
}

/// Reads a document.
pub fn read_json<'de, T: Deserialize<'de>>(text: &'de [u8]) -> Result<T, StrictJsonError> {
    let at_most = MAX_BYTES_READ.checked_div(text.len()).unwrap_or(1).clamp(1, MAX_FAULTS);
    let mut faults = Vec::new();
    loop {
        let pass = Pass::new(&faults);
        let error = match read_once(text, &pass) {
            Ok(value) if faults.is_empty() => return Ok(value),
            Ok(_) => break,
            Err(error) => error,
        };
        if !is_json(&error, text) {
            return Err(StrictJsonError::NotJson(error));
        }
        let fault = Fault::of(error, pass.failed_at());
        if faults.iter().any(|known| hides(known, &fault)) {
            break;
        }
        faults.push(fault);
        if faults.len() == at_most {
            break;
        }
    }
    Err(StrictJsonError::Faults(faults))
}

fn read_once<'de, T: Deserialize<'de>>(text: &'de [u8], pass: &Pass<'_>) -> Result<T, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let place = Place { path: &Path::Root, pass };
    let value = Within { seed: PhantomData, place }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

fn is_json(error: &serde_json::Error, text: &[u8]) -> bool {
    match error.classify() {
        Category::Data => true,
        // The parser calls a number or a list in the place of a name a syntax error. Nesting beyond what it follows
        // counts as syntax too.
        Category::Syntax => serde_json::from_slice::<IgnoredAny>(text).is_ok(),
        Category::Eof | Category::Io => false,
    }
}

/// Whether something is only wrong with what stands for a value that is wrong itself.
fn hides(known: &Fault, found: &Fault) -> bool {
    let stands_in = !matches!(known.kind, FaultKind::Unknown | FaultKind::Repeated);
    known.path == found.path || (stands_in && found.path.0.starts_with(&known.path.0))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::value::RawValue;

    use super::*;
    use crate::patch::Patch;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be made counts")]
    struct Leaf {
        size: u8,
        #[serde(default)]
        word: Option<Box<Word>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    #[expect(dead_code, reason = "only whether it can be made counts")]
    enum Word {
        Plain,
        Leaf(Leaf),
        Members { leaf: Leaf },
        Two(u8, Leaf),
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only whether it can be made counts")]
    struct Wrapped(Leaf);

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be made counts")]
    struct Tree {
        name: String,
        leaf: Leaf,
        #[serde(default)]
        leaves: Vec<Option<Box<Leaf>>>,
        #[serde(default)]
        by_name: BTreeMap<String, Vec<Wrapped>>,
        #[serde(default)]
        change: Patch<Leaf>,
        #[serde(default)]
        pair: Option<(u8, Leaf)>,
        #[serde(default)]
        raw: Option<Box<RawValue>>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only whether it can be made counts")]
    struct Raw {
        raw: Box<RawValue>,
    }

    fn faults(text: &str) -> Vec<(String, FaultKind)> {
        faults_of::<Tree>(text)
    }

    fn faults_of<'de, T: Deserialize<'de>>(text: &'de str) -> Vec<(String, FaultKind)> {
        match read_json::<T>(text.as_bytes()) {
            Ok(_) => Vec::new(),
            Err(StrictJsonError::Faults(faults)) => {
                faults.into_iter().map(|fault| (fault.path.to_string(), fault.kind)).collect()
            }
            Err(StrictJsonError::NotJson(error)) => panic!("{error}"),
        }
    }

    fn tree(more: &str) -> String {
        format!(r#"{{"name":"a","leaf":{{"size":1}}{more}}}"#)
    }

    #[test]
    fn what_is_as_it_has_to_be_is_read() {
        let more = r#","leaves":[null,{"size":1}],"by_name":{"x":[{"size":1,"word":"plain"}]},"change":null,
            "pair":[1,{"size":2}],"raw":[{"any":["thing",1.5e300]}]"#;
        let tree: Tree = read_json(tree(more).as_bytes()).unwrap();
        assert_eq!(tree.raw.unwrap().get(), r#"[{"any":["thing",1.5e300]}]"#);
        assert_eq!(faults(r#"{"name":"a","leaf":{"size":1,"word":{"two":[1,{"size":2}]}}}"#), []);
    }

    #[test]
    fn an_array_is_no_struct_wherever_one_is_wanted() {
        for (text, path) in [
            (r#"["a",{"size":1}]"#.to_owned(), ""),
            (r#"{"name":"a","leaf":[1]}"#.to_owned(), "leaf"),
            (tree(r#","leaves":[null,{"size":1},[1]]"#), "leaves[2]"),
            (tree(r#","by_name":{"x":[{"size":1}],"y":[[1]]}"#), "by_name.y[0]"),
            (tree(r#","change":[1,null]"#), "change"),
            (tree(r#","pair":[1,[1]]"#), "pair[1]"),
            (tree(r#","leaves":[{"size":1,"word":{"leaf":[1]}}]"#), "leaves[0].word"),
            (tree(r#","leaves":[{"size":1,"word":{"members":[{"size":1}]}}]"#), "leaves[0].word"),
            (tree(r#","leaves":[{"size":1,"word":{"members":{"leaf":[1]}}}]"#), "leaves[0].word.leaf"),
            (tree(r#","leaves":[{"size":1,"word":{"two":[1,[1]]}}]"#), "leaves[0].word[1]"),
        ] {
            assert_eq!(faults(&text), [(path.to_owned(), FaultKind::WrongType)], "{text}");
        }
    }

    #[test]
    fn everything_that_is_wrong_is_found_at_once() {
        let text = r#"{"name":5,"foo":1,"leaf":{"size":[],"bar":{"deep":[1]},"word":"none"},"change":{},
            "leaves":[{"size":1},[],{"size":300}],"foo":2,"pair":[1,{"size":1,"size":1}]}"#;
        let mut found = faults(text);
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let expected = [
            ("change.size", FaultKind::Missing),
            ("foo", FaultKind::Unknown),
            ("leaf.bar", FaultKind::Unknown),
            ("leaf.size", FaultKind::WrongType),
            ("leaf.word", FaultKind::NoSuchVariant),
            ("leaves[1]", FaultKind::WrongType),
            ("leaves[2].size", FaultKind::WrongType),
            ("name", FaultKind::WrongType),
            ("pair[1].size", FaultKind::Repeated),
        ];
        assert_eq!(found, expected.map(|(path, kind)| (path.to_owned(), kind)));
        // Nothing can stand for what is taken as it is: the search ends there, without a fault of its own.
        assert_eq!(faults_of::<Raw>("{}"), [("raw".to_owned(), FaultKind::Missing)]);
        let missing = [("name", FaultKind::Missing), ("leaf", FaultKind::Missing)];
        assert_eq!(faults("{}"), missing.map(|(path, kind)| (path.to_owned(), kind)));
    }

    #[test]
    fn no_more_faults_are_looked_for_than_the_length_of_the_document_allows() {
        let many: String = (0..100).map(|number| format!(r#","m{number}":1"#)).collect();
        assert_eq!(faults(&tree(&many)).len(), MAX_FAULTS);
        let long = format!(r#","raw":"{}""#, "x".repeat(MAX_BYTES_READ / 3));
        assert_eq!(faults(&tree(&format!("{long}{many}"))).len(), 2);
    }

    #[test]
    fn what_is_not_json_is_said_to_be_so_even_if_its_beginning_has_faults() {
        for text in ["", "{", r#"{"name":5"#, r#"{"name":5} x"#, "nonsense", "[1,]"] {
            let read = read_json::<Tree>(text.as_bytes());
            assert!(matches!(read, Err(StrictJsonError::NotJson(_))), "{text}");
        }
    }
}
