//! Fields that hold one value per line.

/// The values, without what surrounds them and without empty lines.
pub(crate) fn typed_lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::typed_lines;

    #[test]
    fn lines_are_counted_without_the_empty_ones() {
        for (text, expected) in [
            ("", vec![]),
            (" a \r\n\r\n\tb\n", vec!["a", "b"]),
            ("https://a.example/", vec!["https://a.example/"]),
            (
                " https://a.example/ \r\n\r\nhttps://b.example/\n",
                vec!["https://a.example/", "https://b.example/"],
            ),
        ] {
            assert_eq!(typed_lines(text), expected, "{text:?}");
        }
    }
}
