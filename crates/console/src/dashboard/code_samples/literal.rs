//! Texts as literals of programming languages: what stands in them is data for whoever runs the program, whatever it is.

use std::fmt::Write;

/// A literal between double quotes, as Python, JavaScript, Go, Java and C# read it.
pub(super) fn quoted(text: &str) -> String {
    between_quotes(text, |literal, code| write!(literal, "\\u{code:04x}"))
}

/// The same for Rust.
pub(super) fn quoted_for_rust(text: &str) -> String {
    between_quotes(text, |literal, code| write!(literal, "\\u{{{code:x}}}"))
}

fn between_quotes(text: &str, escape: fn(&mut String, u32) -> std::fmt::Result) -> String {
    let mut literal = String::from("\"");
    for character in text.chars() {
        // Java reads an escaped line end as a line end, so these have escapes of their own.
        let written = match character {
            '"' => literal.write_str("\\\""),
            '\\' => literal.write_str("\\\\"),
            '\n' => literal.write_str("\\n"),
            '\r' => literal.write_str("\\r"),
            '\u{2028}' | '\u{2029}' => escape(&mut literal, u32::from(character)),
            _ if character.is_control() => escape(&mut literal, u32::from(character)),
            _ => literal.write_char(character),
        };
        // Writing to a string does not fail.
        if written.is_err() {
            break;
        }
    }
    literal.push('"');
    literal
}

/// A word of a POSIX shell, in which nothing is expanded.
pub(super) fn shell_word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// As in `application/x-www-form-urlencoded`, with `%20` for a space, which every reader understands.
pub(super) fn form_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let written =
            if is_plain { encoded.write_char(char::from(byte)) } else { write!(encoded, "%{byte:02X}") };
        // Writing to a string does not fail.
        if written.is_err() {
            break;
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_literal_before_its_end() {
        for (text, expected) in [
            ("tkcs_0123", r#""tkcs_0123""#),
            (r#"a"b"#, r#""a\"b""#),
            (r"a\b", r#""a\\b""#),
            (r#"\"; exit(1); //"#, r#""\\\"; exit(1); //""#),
            (r"\u0022", r#""\\u0022""#),
            ("a\nb\rc", r#""a\nb\rc""#),
            ("${x} #{y} {z} %s '", r#""${x} #{y} {z} %s '""#),
            ("é🦀", r#""é🦀""#),
        ] {
            assert_eq!(quoted(text), expected, "{text:?}");
            assert_eq!(quoted_for_rust(text), expected, "{text:?}");
        }
        assert_eq!(quoted("\0\u{85}\u{2028}"), r#""\u0000\u0085\u2028""#);
        assert_eq!(quoted_for_rust("\0\u{85}\u{2028}"), r#""\u{0}\u{85}\u{2028}""#);
    }

    #[test]
    fn a_shell_expands_nothing() {
        for (text, expected) in [
            ("tkcs_0123", "'tkcs_0123'"),
            ("$(rm -rf ~) `x` $HOME !! \\", "'$(rm -rf ~) `x` $HOME !! \\'"),
            ("it's", r"'it'\''s'"),
            ("' ; x '", r"''\'' ; x '\'''"),
        ] {
            assert_eq!(shell_word(text), expected, "{text}");
        }
    }

    #[test]
    fn forms_are_encoded_byte_by_byte() {
        for (text, expected) in [
            ("tk_01.a-b~c", "tk_01.a-b~c"),
            ("read write", "read%20write"),
            ("a+b&c=d%e:f", "a%2Bb%26c%3Dd%25e%3Af"),
            ("é", "%C3%A9"),
        ] {
            assert_eq!(form_encoded(text), expected, "{text}");
        }
    }
}
