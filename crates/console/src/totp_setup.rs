//! The page that sets up an authenticator app (RFC 6238).

use askama::Template;

use crate::form::Form;
use crate::frame::Frame;

/// Shows the secret as a picture and as text, and asks for the first code, in the field `code`.
#[derive(Template)]
#[template(path = "totp_setup.html")]
pub struct TotpSetupPage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// Where the form goes.
    pub form: Form<'a>,
    /// The value of the hidden field `pending`: the sealed secret, where it is not stored yet.
    pub pending: Option<&'a str>,
    /// The QR code.
    pub qr: TrustedSvg<'a>,
    /// The secret in base32, in groups, for typing.
    pub secret_text: &'a str,
    /// Whether the code that was entered before was wrong.
    pub code_refused: bool,
    /// The path of the account page.
    pub account_path: &'a str,
}

/// An SVG element that goes into the page as it is: `<svg …>…</svg>`, with `fill` attributes rather than
/// `style`, which the content security policy does not let through. Only for pictures that we drew.
#[derive(Clone, Copy)]
pub struct TrustedSvg<'a>(&'a str);

impl<'a> TrustedSvg<'a> {
    /// Vouches for a picture that was drawn by our own code.
    #[must_use]
    pub const fn drawn_by_us(svg: &'a str) -> Self {
        Self(svg)
    }
}
