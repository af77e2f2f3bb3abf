//! The features of a plan as lines that people can type: `name = value`.

use std::collections::BTreeMap;

use turnkeep_protocol::management::plan::FeatureField;

use crate::management::field_errors::FieldErrors;

/// The lines. A text that would be read as something else stands in quotes.
pub(super) fn lines_of(features: &BTreeMap<String, FeatureField>) -> String {
    let line = |(name, value): (&String, &FeatureField)| match value {
        FeatureField::Flag(flag) => format!("{name} = {flag}"),
        FeatureField::Number(number) => format!("{name} = {number}"),
        FeatureField::Text(text) if value_of(text) == *value => format!("{name} = {text}"),
        FeatureField::Text(text) => format!("{name} = \"{text}\""),
    };
    features.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What the lines say.
pub(super) fn features_of(errors: &mut FieldErrors, lines: &str) -> BTreeMap<String, FeatureField> {
    let mut features = BTreeMap::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let Some((name, value)) = line.split_once('=') else {
            errors.note("limits.features", "each line needs a name, an equals sign and a value");
            continue;
        };
        if features.insert(name.trim().to_owned(), value_of(value.trim())).is_some() {
            errors.note("limits.features", "a name must not be there twice");
        }
    }
    features
}

fn value_of(text: &str) -> FeatureField {
    let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match (text.parse(), text.parse(), quoted) {
        (Ok(flag), _, _) => FeatureField::Flag(flag),
        (_, Ok(number), _) => FeatureField::Number(number),
        (_, _, Some(quoted)) => FeatureField::Text(quoted.to_owned()),
        _ => FeatureField::Text(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_come_back_from_their_lines_as_they_were() {
        let texts = ["5", "true", "\"quoted\"", "plain = text", "\"", ""];
        let values = [FeatureField::Flag(true), FeatureField::Number(-3)]
            .into_iter()
            .chain(texts.map(|text| FeatureField::Text(text.to_owned())));
        let features: BTreeMap<_, _> =
            values.enumerate().map(|(at, value)| (format!("feature-{at}"), value)).collect();
        let mut errors = FieldErrors::default();
        assert_eq!(features_of(&mut errors, &lines_of(&features)), features);
        assert!(errors.finish_fields(Some(())).is_ok());
    }

    #[test]
    fn lines_that_say_nothing_or_the_same_twice_are_refused() {
        for lines in ["sso", "a = 1\na = 2"] {
            let mut errors = FieldErrors::default();
            features_of(&mut errors, lines);
            assert_eq!(errors.finish_fields(Some(())).unwrap_err().len(), 1, "{lines}");
        }
    }
}
