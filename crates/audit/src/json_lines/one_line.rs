//! JSON that stays on one line wherever it is shown, and cannot steer a terminal.

use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

/// The JSON of a value, without a line end.
pub(super) fn to_one_line(value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut line = Vec::with_capacity(512);
    value.serialize(&mut Serializer::with_formatter(&mut line, OneLine))?;
    Ok(line)
}

/// Beyond what JSON asks for (RFC 8259 §7), escapes what some programs take for a line end or a command.
struct OneLine;

impl Formatter for OneLine {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        for piece in fragment.split_inclusive(is_hazardous) {
            match piece.chars().next_back().filter(|last| is_hazardous(*last)) {
                None => writer.write_all(piece.as_bytes())?,
                Some(last) => {
                    writer.write_all(piece.strip_suffix(last).unwrap_or(piece).as_bytes())?;
                    for unit in last.encode_utf16(&mut [0; 2]) {
                        write!(writer, "\\u{unit:04x}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Controls (C1 has a one-character CSI), line and paragraph separators, and what is invisible or turns the
/// direction of text around.
fn is_hazardous(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hazardous_characters_are_escaped_and_others_are_not() {
        for (text, expected) in [
            ("", r#""""#),
            ("Käse 日本 🙂", r#""Käse 日本 🙂""#),
            ("a\r\nb\tc", r#""a\r\nb\tc""#),
            ("\"\\", r#""\"\\""#),
            ("\u{1b}[31m", r#""\u001b[31m""#),
            ("\u{7f}\u{9b}31m\u{85}", r#""\u007f\u009b31m\u0085""#),
            ("a\u{2028}b\u{2029}", r#""a\u2028b\u2029""#),
            ("\u{202e}txt\u{e0041}", r#""\u202etxt\udb40\udc41""#),
        ] {
            let line = to_one_line(&text).unwrap();
            assert_eq!(String::from_utf8(line.clone()).unwrap(), expected);
            assert_eq!(serde_json::from_slice::<String>(&line).unwrap(), text);
        }
    }
}
