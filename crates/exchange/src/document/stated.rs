//! Members that a document may leave out, which says nothing: what is there stays, and a new record gets the usual
//! value. That is another thing than `null`, which only clears what can be cleared (`Patch`).

use serde::{Deserialize, Deserializer};

/// For `#[serde(default, deserialize_with = "stated")]`: `null` is no value of the member.
pub(crate) fn stated<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
