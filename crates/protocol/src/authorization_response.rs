//! What the authorization endpoint answers an app (RFC 6749 §4.1.2, RFC 9207 §2): each answer says who it is from.

use std::fmt::{self, Write};

use crate::oauth_error::ErrorDescription;

/// The `error` codes of the authorization endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorizationErrorCode {
    /// The request is malformed (RFC 6749 §4.1.2.1).
    InvalidRequest,
    /// The app may not have people sign in (RFC 6749 §4.1.2.1).
    UnauthorizedClient,
    /// The person, or this server, refused (RFC 6749 §4.1.2.1).
    AccessDenied,
    /// Other than `code` (RFC 6749 §4.1.2.1).
    UnsupportedResponseType,
    /// A scope is unknown, malformed or more than the app may have (RFC 6749 §4.1.2.1).
    InvalidScope,
    /// The resource is unknown or not for this app (RFC 8707 §2).
    InvalidTarget,
    /// The person would have to sign in (OpenID Connect Core §3.1.2.6).
    LoginRequired,
    /// The person would have to be asked (OpenID Connect Core §3.1.2.6).
    ConsentRequired,
    /// `request` (OpenID Connect Core §3.1.2.6).
    RequestNotSupported,
    /// `request_uri` (OpenID Connect Core §3.1.2.6).
    RequestUriNotSupported,
    /// `registration` (OpenID Connect Core §3.1.2.6).
    RegistrationNotSupported,
}

impl AuthorizationErrorCode {
    /// The code on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
        }
    }
}

/// An answer: parameters that have not been put anywhere yet. May hold a code, so it cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationResponse(Vec<(&'static str, String)>);

impl AuthorizationResponse {
    /// A code (RFC 6749 §4.1.2).
    pub fn code(code: &str, state: Option<&str>, issuer: &str) -> Self {
        Self::of([("code", code.to_owned())].into(), state, issuer)
    }

    /// An error (RFC 6749 §4.1.2.1).
    pub fn error(
        code: AuthorizationErrorCode,
        description: ErrorDescription,
        state: Option<&str>,
        issuer: &str,
    ) -> Self {
        let parameters =
            vec![("error", code.as_str().to_owned()), ("error_description", description.as_str().to_owned())];
        Self::of(parameters, state, issuer)
    }

    fn of(mut parameters: Vec<(&'static str, String)>, state: Option<&str>, issuer: &str) -> Self {
        parameters.extend(state.map(|state| ("state", state.to_owned())));
        parameters.push(("iss", issuer.to_owned()));
        Self(parameters)
    }

    /// The redirect URI with the answer in its query, behind what its registration has there (RFC 6749 §3.1.2).
    pub fn in_query_of(&self, redirect_uri: &str) -> String {
        with_parameters(redirect_uri, self.0.iter().map(|(name, value)| (*name, value.as_str())))
    }

    /// The names and values, for a form.
    pub fn into_fields(self) -> Vec<(&'static str, String)> {
        self.0
    }
}

impl fmt::Debug for AuthorizationResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(|(name, _)| name);
        f.debug_list().entries(names).finish()
    }
}

/// A URI or a path with parameters behind what its query has.
pub fn with_parameters<'a>(
    redirect_uri: &str,
    parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut target = redirect_uri.to_owned();
    let mut separator = match redirect_uri.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    for (name, value) in parameters {
        target.push_str(separator);
        target.push_str(name);
        target.push('=');
        push_encoded(&mut target, value);
        separator = "&";
    }
    target
}

/// Everything but unreserved characters (RFC 3986 §2.3) byte by byte, so that any reader of forms or of URIs sees the
/// same.
pub(crate) fn push_encoded(target: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            target.push(char::from(byte));
        } else {
            // Writing to a text does not fail.
            let _ = write!(target, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::FormParameters;

    const ISSUER: &str = "https://id.example.com/i/acme";

    #[test]
    fn the_answer_comes_behind_the_query_of_the_registration() {
        let response = AuthorizationResponse::code("c1", Some("s"), "https://id.example.com");
        let answer = "code=c1&state=s&iss=https%3A%2F%2Fid.example.com";
        for (registered, target) in [
            ("https://app.example/cb", format!("https://app.example/cb?{answer}")),
            ("https://app.example", format!("https://app.example?{answer}")),
            ("https://app.example/cb?a=1,2", format!("https://app.example/cb?a=1,2&{answer}")),
            ("https://app.example/cb?", format!("https://app.example/cb?{answer}")),
            ("https://app.example/cb?a=1&", format!("https://app.example/cb?a=1&{answer}")),
        ] {
            assert_eq!(response.in_query_of(registered), target);
        }
    }

    #[test]
    fn any_state_comes_back_byte_for_byte() {
        let odd: String =
            (0..0x500_u32).filter_map(char::from_u32).chain("\u{1F600}\u{FEFF}".chars()).collect();
        let response = AuthorizationResponse::code("c", Some(&odd), ISSUER);
        let target = response.in_query_of("https://app.example/cb");
        assert!(target.is_ascii() && !target.contains(['\r', '\n', '#', '<', '"', '\'', ' ']));
        let (_, query) = target.split_once('?').unwrap();
        let mut read = FormParameters::parse(query.as_bytes()).unwrap();
        assert_eq!(read.take("state"), Some(odd));
        assert_eq!(read.take("iss").as_deref(), Some(ISSUER));
    }

    #[test]
    fn attack_23_errors_say_who_they_are_from_too() {
        let description = const { ErrorDescription::new("no") };
        let response =
            AuthorizationResponse::error(AuthorizationErrorCode::AccessDenied, description, None, ISSUER);
        let fields = response.into_fields();
        assert_eq!(
            fields,
            [
                ("error", "access_denied".to_owned()),
                ("error_description", "no".to_owned()),
                ("iss", ISSUER.to_owned())
            ]
        );
    }

    #[test]
    fn a_code_is_not_printed() {
        let response = AuthorizationResponse::code("hunter2", None, ISSUER);
        assert_eq!(format!("{response:?}"), r#"["code", "iss"]"#);
    }
}
