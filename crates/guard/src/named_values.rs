//! Settings that are written as `name=value, name=value`.

/// Names and values in their order; nothing if a part is something else or a name stands there twice.
pub(crate) fn named_values(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut named: Vec<(&str, &str)> = Vec::new();
    for part in text.split(',') {
        let (name, value) = part.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        if named.iter().any(|(known, _)| *known == name) {
            return None;
        }
        named.push((name, value));
    }
    Some(named)
}
