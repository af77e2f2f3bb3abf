//! JSON objects whose members are unique. Readers that disagree on which of two members counts can be played off
//! against each other (RFC 7515 §4, RFC 7519 §4). Builds no tree: this is on the way of every token.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{BorrowedStrDeserializer, StringDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

/// The most members of an object. Tokens of this server have less than half of that.
pub(crate) const MAX_MEMBERS: usize = 64;

/// A text, borrowed where it has no escapes.
#[derive(serde::Deserialize, Default)]
pub(crate) struct Text<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

/// A value that counts only if it is a text.
#[derive(serde::Deserialize)]
#[serde(untagged)]
pub(crate) enum MaybeText<'a> {
    #[serde(borrow)]
    Text(Text<'a>),
    Other(IgnoredAny),
}

impl MaybeText<'_> {
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(&text.0),
            Self::Other(IgnoredAny) => None,
        }
    }
}

/// Reads an object and the names of its members; `None` if it is none, is not of that form or repeats a member.
pub(crate) fn parse_object<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<(T, Names<'a>)> {
    // Values that nobody asks for are passed over: that they are text at all is checked here.
    let text = std::str::from_utf8(bytes).ok()?;
    let mut names = Names(Vec::with_capacity(MAX_MEMBERS / 2));
    let mut json = serde_json::Deserializer::from_str(text);
    let object = T::deserialize(UniqueMembers { json: &mut json, names: &mut names }).ok()?;
    json.end().ok()?;
    Some((object, names))
}

/// The names of an object's members.
pub(crate) struct Names<'a>(Vec<Cow<'a, str>>);

impl<'a> Names<'a> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// Says whether it was new.
    fn add(&mut self, name: Cow<'a, str>) -> bool {
        let is_new = self.0.len() < MAX_MEMBERS && !self.0.contains(&name);
        self.0.push(name);
        is_new
    }
}

/// Stands between the JSON text and whoever reads an object of it, and watches the names.
struct UniqueMembers<'n, 'de, D> {
    json: D,
    names: &'n mut Names<'de>,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for UniqueMembers<'_, 'de, D> {
    type Error = D::Error;

    /// Only objects are read, whatever is asked for.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.json.deserialize_map(UniqueMembers { json: visitor, names: self.names })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for UniqueMembers<'_, 'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<V::Value, A::Error> {
        self.json.visit_map(UniqueMembers { json: access, names: self.names })
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for UniqueMembers<'_, 'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Some(Text(name)) = self.json.next_key()? else {
            return Ok(None);
        };
        let key = match &name {
            Cow::Borrowed(name) => seed.deserialize(BorrowedStrDeserializer::new(name)),
            Cow::Owned(name) => seed.deserialize(StringDeserializer::new(name.clone())),
        };
        if !self.names.add(name) {
            return Err(A::Error::custom("a repeated member, or too many"));
        }
        key.map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.json.next_value_seed(seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Sample<'a> {
        #[serde(borrow)]
        alg: Option<MaybeText<'a>>,
    }

    #[test]
    fn only_objects_with_unique_members_are_read() {
        let read = |bytes: &[u8]| parse_object::<Sample<'_>>(bytes).is_some();
        assert!(read(br#"{"alg":1,"b":{}}"#));
        for bad in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"alg":null,"alg":null}"#,
            r#"{"alg":"ES256","\u0061lg":"none"}"#,
            "[]",
            "[null]",
            "null",
            r#""a""#,
            "{} {}",
            "{",
            "",
            "\u{feff}{}",
        ] {
            assert!(!read(bad.as_bytes()), "{bad}");
        }
        assert!(!read(b"{\"\xff\":1}"), "a name that is no text");
        assert!(!read(b"{\"a\":\"\xff\"}"), "a value that is no text");
    }

    #[test]
    fn what_is_no_text_is_told_apart() {
        for (json, expected) in [
            (r#"{"alg":"\u0045S256"}"#, Some("ES256")),
            (r#"{"\u0061lg":"ES256"}"#, Some("ES256")),
            (r#"{"alg":["ES256"]}"#, None),
            (r#"{"alg":null}"#, None),
            (r#"{"ALG":"ES256"}"#, None),
        ] {
            let (sample, names) = parse_object::<Sample<'_>>(json.as_bytes()).unwrap();
            assert_eq!(sample.alg.as_ref().and_then(MaybeText::as_str), expected, "{json}");
            assert_eq!(names.iter().count(), 1);
        }
    }

    #[test]
    fn members_are_bounded() {
        let members = |count: usize| {
            let members: Vec<_> = (0..count).map(|n| format!(r#""m{n}":0"#)).collect();
            format!("{{{}}}", members.join(","))
        };
        assert!(parse_object::<Sample<'_>>(members(MAX_MEMBERS).as_bytes()).is_some());
        assert!(parse_object::<Sample<'_>>(members(MAX_MEMBERS + 1).as_bytes()).is_none());
    }
}
