//! What every form carries besides its fields.

/// Where a form goes and what proves that it is ours. Holds a secret, so it cannot be printed.
#[derive(Clone, Copy)]
pub struct Form<'a> {
    /// The path that the form is posted to.
    pub action: &'a str,
    /// The value of the hidden field `csrf`.
    pub csrf: &'a str,
    /// The value of the hidden field `interaction`, where the form belongs to a request of an app.
    pub interaction: Option<&'a str>,
}

/// The offer to use a passkey instead of typing. It shows only where script runs.
///
/// The script posts the hidden fields of the form to `options_path`, as a form; the answer is JSON with
/// `publicKey` (the options of WebAuthn, binary values in base64url) and, if there is a state to carry,
/// `ceremony` (a text). It then submits the form to `action` with the fields `credential` (the
/// authenticator's answer, JSON) and `ceremony`.
#[derive(Clone, Copy)]
pub struct PasskeyOffer<'a> {
    /// The path that the form with the authenticator's answer is posted to.
    pub action: &'a str,
    /// The path that hands out the options of the ceremony.
    pub options_path: &'a str,
}
