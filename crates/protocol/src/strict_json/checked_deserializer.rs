//! A deserializer that knows where it is and lets structs be objects only.

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, Visitor};

use crate::strict_json::checked_visitor::{CheckedVisitor, StructForm};
use crate::strict_json::pass::Place;
use crate::strict_json::placeholder::Placeholder;

/// Reads a value at a place.
pub(super) struct Within<'a, S> {
    /// What is made of it.
    pub(super) seed: S,
    /// Where it is.
    pub(super) place: Place<'a>,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Within<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        let Self { seed, place } = self;
        if place.is_replaced() {
            IgnoredAny::deserialize(inner)?;
            return place.noting(seed.deserialize(Placeholder::new()));
        }
        place.noting(seed.deserialize(CheckedDeserializer { inner, place }))
    }
}

/// The deserializer.
pub(super) struct CheckedDeserializer<'a, D> {
    /// The one that reads.
    pub(super) inner: D,
    /// Where it is.
    pub(super) place: Place<'a>,
}

impl<'a, D> CheckedDeserializer<'a, D> {
    fn any_form<V>(self, visitor: V) -> (D, CheckedVisitor<'a, V>) {
        let Self { inner, place } = self;
        (inner, CheckedVisitor { inner: visitor, place, form: StructForm::Any })
    }
}

macro_rules! forward {
    ($($method:ident($($name:ident: $type:ty),*),)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($name: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            let (inner, visitor) = self.any_form(visitor);
            inner.$method($($name,)* visitor)
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for CheckedDeserializer<'_, D> {
    type Error = D::Error;

    forward! {
        deserialize_any(),
        deserialize_bool(),
        deserialize_i8(),
        deserialize_i16(),
        deserialize_i32(),
        deserialize_i64(),
        deserialize_i128(),
        deserialize_u8(),
        deserialize_u16(),
        deserialize_u32(),
        deserialize_u64(),
        deserialize_u128(),
        deserialize_f32(),
        deserialize_f64(),
        deserialize_char(),
        deserialize_str(),
        deserialize_string(),
        deserialize_bytes(),
        deserialize_byte_buf(),
        deserialize_option(),
        deserialize_unit(),
        deserialize_unit_struct(name: &'static str),
        deserialize_newtype_struct(name: &'static str),
        deserialize_seq(),
        deserialize_tuple(length: usize),
        deserialize_tuple_struct(name: &'static str, length: usize),
        deserialize_map(),
        deserialize_enum(name: &'static str, variants: &'static [&'static str]),
        deserialize_identifier(),
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        members: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let (inner, visitor) = self.any_form(visitor);
        inner.deserialize_struct(name, members, CheckedVisitor { form: StructForm::Object, ..visitor })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_ignored_any(visitor)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}
