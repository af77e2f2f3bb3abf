//! Reading stored values: what this version cannot read is reported with its place, never guessed.

use turnkeep_storage::error::{StoreError, StoreResult};

use super::word::Word;

/// The place of a stored value.
#[derive(Clone, Copy)]
pub(super) struct Cell {
    table: &'static str,
    column: &'static str,
}

/// Names a place.
pub(super) const fn cell(table: &'static str, column: &'static str) -> Cell {
    Cell { table, column }
}

impl Cell {
    pub(super) fn corrupt(self) -> StoreError {
        StoreError::Corrupt { table: self.table, column: self.column }
    }

    /// What a fallible constructor made of the value.
    pub(super) fn valid<T, E>(self, result: Result<T, E>) -> StoreResult<T> {
        result.map_err(|_| self.corrupt())
    }

    /// What must be there.
    pub(super) fn present<T>(self, value: Option<T>) -> StoreResult<T> {
        value.ok_or_else(|| self.corrupt())
    }

    /// A value of a fixed length: an id, a hash.
    pub(super) fn bytes<const N: usize>(self, bytes: &[u8]) -> StoreResult<[u8; N]> {
        self.valid(bytes.try_into())
    }

    /// One of the words of an enum.
    pub(super) fn word<W: Word>(self, word: &str) -> StoreResult<W> {
        self.present(W::from_word(word))
    }

    /// A number that is never negative.
    pub(super) fn number<T: TryFrom<i64>>(self, number: i64) -> StoreResult<T> {
        self.valid(T::try_from(number))
    }
}
