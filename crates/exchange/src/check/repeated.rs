//! One record per natural key: which of two would count must not depend on their order.

use std::collections::HashSet;

/// The keys of one kind of record that were there already.
#[derive(Debug, Default)]
pub(crate) struct SeenKeys(HashSet<String>);

impl SeenKeys {
    pub(crate) const MESSAGE: &'static str = "is there more than once";

    /// Whether the key was there already.
    pub(crate) fn repeats(&mut self, key: impl Into<String>) -> bool {
        !self.0.insert(key.into())
    }
}
