//! Parameters of an `application/x-www-form-urlencoded` body or query (RFC 6749 §3.2 and Appendix B).
//!
//! Strict where leniency would let two readers of one request see different parameters.

use std::fmt;

use zeroize::Zeroize;

/// Why a form is refused. None of the variants tells what was in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// A name or value is not UTF-8 (RFC 6749 Appendix B).
    #[error("the form is not UTF-8")]
    NotUtf8,
    /// A `%` that two hexadecimal digits do not follow.
    #[error("the form has a malformed percent-encoding")]
    BadEncoding,
    /// RFC 6749 §3.2: "parameters MUST NOT be included more than once".
    #[error("a parameter is repeated")]
    Repeated,
    /// More than [`FormParameters::MAX`].
    #[error("the form has more than {} parameters", FormParameters::MAX)]
    TooMany,
}

/// The parameters of one form. Unknown ones are simply never taken (RFC 6749 §3.2).
#[derive(Default)]
pub struct FormParameters(Vec<(String, String)>);

impl FormParameters {
    /// The most parameters a form may have.
    pub const MAX: usize = 64;

    /// Decodes a whole form.
    pub fn parse(form: &[u8]) -> Result<Self, FormError> {
        let mut parameters = Self::default();
        for pair in form.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            if Self::MAX <= parameters.0.len() {
                return Err(FormError::TooMany);
            }
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode_component(halves.next().unwrap_or_default())?;
            let value = decode_component(halves.next().unwrap_or_default())?;
            if parameters.0.iter().any(|(known, _)| *known == name) {
                return Err(FormError::Repeated);
            }
            parameters.0.push((name, value));
        }
        Ok(parameters)
    }

    /// Removes a parameter. One without a value counts as absent (RFC 6749 §3.2).
    pub fn take(&mut self, name: &str) -> Option<String> {
        let (_, value) = self.0.iter_mut().find(|(known, _)| known == name)?;
        Some(std::mem::take(value)).filter(|value| !value.is_empty())
    }

    /// Whether [`FormParameters::take`] would find the parameter.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, value)| known == name && !value.is_empty())
    }
}

impl Drop for FormParameters {
    fn drop(&mut self) {
        for (_, value) in &mut self.0 {
            value.zeroize();
        }
    }
}

impl fmt::Debug for FormParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FormParameters({} parameters)", self.0.len())
    }
}

/// Decodes one name or value: `+` is a space, `%XX` a byte.
pub(crate) fn decode_component(encoded: &[u8]) -> Result<String, FormError> {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    loop {
        rest = match rest {
            [] => break,
            [b'%', high, low, after @ ..] => {
                let high = hex_digit(*high).ok_or(FormError::BadEncoding)?;
                let low = hex_digit(*low).ok_or(FormError::BadEncoding)?;
                decoded.push(high << 4 | low);
                after
            }
            [b'%', ..] => return Err(FormError::BadEncoding),
            [b'+', after @ ..] => {
                decoded.push(b' ');
                after
            }
            [byte, after @ ..] => {
                decoded.push(*byte);
                after
            }
        };
    }
    String::from_utf8(decoded).map_err(|_| FormError::NotUtf8)
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_byte_for_byte() {
        for (form, value) in [
            ("x=a+b", "a b"),
            ("x=a%2Bb", "a+b"),
            ("x=a%2bb", "a+b"),
            ("x=%C3%A9", "é"),
            ("x=é", "é"),
            ("x=a%00b", "a\0b"),
            ("x=a=b", "a=b"),
            ("%78=1", "1"),
            ("&&x=1&", "1"),
            ("x=%0D%0A", "\r\n"),
        ] {
            let mut parameters = FormParameters::parse(form.as_bytes()).unwrap();
            assert_eq!(parameters.take("x").as_deref(), Some(value), "{form}");
        }
    }

    #[test]
    fn malformed_forms_are_refused() {
        for (form, error) in [
            (&b"x=%"[..], FormError::BadEncoding),
            (b"x=%4", FormError::BadEncoding),
            (b"x=%zz", FormError::BadEncoding),
            (b"x=%+1", FormError::BadEncoding),
            (b"%u0041=1", FormError::BadEncoding),
            (b"x=%C3", FormError::NotUtf8),
            (b"x=\xff", FormError::NotUtf8),
            (b"x=%ED%A0%80", FormError::NotUtf8),
            (b"x=1&x=2", FormError::Repeated),
            (b"x=1&%78=1", FormError::Repeated),
            (b"x=&x=1", FormError::Repeated),
        ] {
            assert_eq!(FormParameters::parse(form).unwrap_err(), error, "{}", form.escape_ascii());
        }
    }

    #[test]
    fn an_empty_value_counts_as_absent() {
        for form in ["x=", "x", "", "y=1", "x&y=2"] {
            let mut parameters = FormParameters::parse(form.as_bytes()).unwrap();
            assert!(!parameters.has("x"), "{form}");
            assert_eq!(parameters.take("x"), None, "{form}");
        }
    }

    #[test]
    fn the_number_of_parameters_is_bounded() {
        let form = |count: usize| (0..count).map(|i| format!("p{i}=1")).collect::<Vec<_>>().join("&");
        assert!(FormParameters::parse(form(FormParameters::MAX).as_bytes()).is_ok());
        for count in [FormParameters::MAX + 1, 100_000] {
            assert_eq!(FormParameters::parse(form(count).as_bytes()).unwrap_err(), FormError::TooMany);
        }
    }

    #[test]
    fn debug_output_shows_no_parameter() {
        let parameters = FormParameters::parse(b"client_secret=hunter2").unwrap();
        assert_eq!(format!("{parameters:?}"), "FormParameters(1 parameters)");
    }
}
