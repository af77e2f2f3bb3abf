//! A visitor that hands on what it is given, but no array where a struct is wanted.

use std::fmt;

use serde::de::{Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Unexpected, Visitor};

use crate::strict_json::checked_access::{CheckedEnum, CheckedMap, CheckedSeq};
use crate::strict_json::checked_deserializer::CheckedDeserializer;
use crate::strict_json::pass::Place;

/// What the value may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum StructForm {
    /// An object: a struct is wanted. serde would take an array for its members in their order.
    Object,
    /// Anything that the type likes.
    Any,
}

/// The visitor.
pub(super) struct CheckedVisitor<'a, V> {
    /// The one that makes something of it.
    pub(super) inner: V,
    /// Where the value is.
    pub(super) place: Place<'a>,
    /// What it may be.
    pub(super) form: StructForm,
}

macro_rules! hand_on {
    ($($method:ident($type:ty),)*) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.inner.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for CheckedVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    hand_on! {
        visit_bool(bool),
        visit_i8(i8),
        visit_i16(i16),
        visit_i32(i32),
        visit_i64(i64),
        visit_i128(i128),
        visit_u8(u8),
        visit_u16(u16),
        visit_u32(u32),
        visit_u64(u64),
        visit_u128(u128),
        visit_f32(f32),
        visit_f64(f64),
        visit_char(char),
        visit_str(&str),
        visit_borrowed_str(&'de str),
        visit_string(String),
        visit_bytes(&[u8]),
        visit_borrowed_bytes(&'de [u8]),
        visit_byte_buf(Vec<u8>),
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(CheckedDeserializer { inner, place: self.place })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.inner.visit_newtype_struct(CheckedDeserializer { inner, place: self.place })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        match self.form {
            StructForm::Object => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
            StructForm::Any => self.inner.visit_seq(CheckedSeq::new(inner, self.place)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(CheckedMap::new(inner, self.place))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        self.inner.visit_enum(CheckedEnum { inner, place: self.place })
    }
}
