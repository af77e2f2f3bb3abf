//! What a field is described by.

/// The ids of the error and of the hint of a field, as far as it has them, for `aria-describedby`.
pub(crate) fn described_by(id: &str, has_error: bool, has_hint: bool) -> Option<String> {
    let error = has_error.then(|| format!("{id}-error"));
    let hint = has_hint.then(|| format!("{id}-hint"));
    let ids: Vec<_> = error.into_iter().chain(hint).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}
