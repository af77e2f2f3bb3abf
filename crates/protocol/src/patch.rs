//! A field of a PATCH request: absent, cleared by `null`, or set (RFC 7396 §1).

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a PATCH says about one clearable field. Give the field `#[serde(default)]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// Nothing: it stays as it is.
    #[default]
    Absent,
    /// `null`: it is cleared.
    Clear,
    /// A new value.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether the field is not mentioned; for `skip_serializing_if`.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::<T>::deserialize(deserializer)? {
            Some(value) => Self::Set(value),
            None => Self::Clear,
        })
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Clear => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Request {
        #[serde(default)]
        field: Patch<u8>,
    }

    #[test]
    fn absent_null_and_a_value_are_three_things() {
        for (json, expected) in
            [("{}", Patch::Absent), (r#"{"field":null}"#, Patch::Clear), (r#"{"field":7}"#, Patch::Set(7))]
        {
            assert_eq!(serde_json::from_str::<Request>(json).unwrap().field, expected, "{json}");
        }
    }
}
