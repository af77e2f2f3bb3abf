//! Going into arrays, objects and enums.

use std::collections::BTreeSet;

use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeSeed, EnumAccess, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};

use crate::strict_json::checked_deserializer::Within;
use crate::strict_json::checked_visitor::{CheckedVisitor, StructForm};
use crate::strict_json::pass::{Path, Place};
use crate::strict_json::placeholder::Placeholder;

/// The elements of an array.
pub(super) struct CheckedSeq<'a, A> {
    inner: A,
    place: Place<'a>,
    next: usize,
}

impl<'a, A> CheckedSeq<'a, A> {
    /// Those of the array at this place.
    pub(super) fn new(inner: A, place: Place<'a>) -> Self {
        Self { inner, place, next: 0 }
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for CheckedSeq<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let path = Path::Element(self.place.path, self.next);
        self.next = self.next.saturating_add(1);
        let place = Place { path: &path, ..self.place };
        self.inner.next_element_seed(Within { seed, place })
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// The members of an object, then those that are missing.
pub(super) struct CheckedMap<'a, A> {
    inner: A,
    place: Place<'a>,
    seen: BTreeSet<String>,
    missing: Vec<String>,
    current: Current,
}

/// Which member's value is next.
enum Current {
    Present(String),
    Missing(String),
}

impl<'a, A> CheckedMap<'a, A> {
    /// Those of the object at this place.
    pub(super) fn new(inner: A, place: Place<'a>) -> Self {
        let missing = place.missing_members();
        Self { inner, place, seen: BTreeSet::new(), missing, current: Current::Missing(String::new()) }
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for CheckedMap<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        while let Some(name) = self.inner.next_key::<String>()? {
            let path = Path::Member(self.place.path, &name);
            let place = Place { path: &path, ..self.place };
            let again = !self.seen.insert(name.clone());
            if place.is_unknown() || (again && place.is_repeated()) {
                self.inner.next_value::<IgnoredAny>()?;
                continue;
            }
            let key = place.noting(seed.deserialize(key_of(name.clone())))?;
            self.current = Current::Present(name);
            return Ok(Some(key));
        }
        let Some(name) = self.missing.pop() else {
            return Ok(None);
        };
        self.current = Current::Missing(name.clone());
        seed.deserialize(key_of(name)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        match &self.current {
            Current::Present(name) => {
                let path = Path::Member(self.place.path, name);
                let place = Place { path: &path, ..self.place };
                self.inner.next_value_seed(Within { seed, place })
            }
            Current::Missing(name) => {
                let path = Path::Member(self.place.path, name);
                let place = Place { path: &path, ..self.place };
                place.noting(seed.deserialize(Placeholder::new()))
            }
        }
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

fn key_of<E: Error>(name: String) -> StringDeserializer<E> {
    name.into_deserializer()
}

/// An enum. What its variant has is at the place of the enum.
pub(super) struct CheckedEnum<'a, A> {
    /// The one that reads.
    pub(super) inner: A,
    /// Where it is.
    pub(super) place: Place<'a>,
}

impl<'a, 'de, A: EnumAccess<'de>> EnumAccess<'de> for CheckedEnum<'a, A> {
    type Error = A::Error;
    type Variant = CheckedEnum<'a, A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), A::Error> {
        let (variant, inner) = self.inner.variant_seed(seed)?;
        Ok((variant, CheckedEnum { inner, place: self.place }))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for CheckedEnum<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.inner.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.inner.newtype_variant_seed(Within { seed, place: self.place })
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, A::Error> {
        let Self { inner, place } = self;
        inner.tuple_variant(length, CheckedVisitor { inner: visitor, place, form: StructForm::Any })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        members: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        let Self { inner, place } = self;
        inner.struct_variant(members, CheckedVisitor { inner: visitor, place, form: StructForm::Object })
    }
}
