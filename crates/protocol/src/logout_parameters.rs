//! What an app asks of the logout endpoint, and where its browser goes then (OpenID Connect RP-Initiated Logout §2, §3).
//! `ui_locales` and `logout_hint` are ignored: there is one language, and a hint that nobody has signed is worth nothing.

use std::fmt;

use crate::authorization_response::with_parameters;
use crate::form::FormParameters;

/// The longest request, in bytes of what is understood: while the person is asked it is carried in a URL.
pub const MAX_LOGOUT_REQUEST: usize = 14_000;

/// The request is longer than [`MAX_LOGOUT_REQUEST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the parameters are too large")]
pub struct LogoutRequestTooLarge;

/// The parameters of a request; what is empty is not there.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct LogoutParameters {
    /// An ID token, not verified.
    pub id_token_hint: Option<String>,
    /// The app.
    pub client_id: Option<String>,
    /// Where the browser is to go.
    pub post_logout_redirect_uri: Option<String>,
    /// To be returned there, byte for byte.
    pub state: Option<String>,
}

impl LogoutParameters {
    /// Takes the parameters out of a query or a body.
    pub fn take(form: &mut FormParameters) -> Result<Self, LogoutRequestTooLarge> {
        let taken = Self {
            id_token_hint: form.take("id_token_hint"),
            client_id: form.take("client_id"),
            post_logout_redirect_uri: form.take("post_logout_redirect_uri"),
            state: form.take("state"),
        };
        let all = [&taken.id_token_hint, &taken.client_id, &taken.post_logout_redirect_uri, &taken.state];
        let length: usize = all.into_iter().flatten().map(String::len).sum();
        if length <= MAX_LOGOUT_REQUEST { Ok(taken) } else { Err(LogoutRequestTooLarge) }
    }
}

/// The hint is a token.
impl fmt::Debug for LogoutParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogoutParameters").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// A registered URI with the `state` of the request behind what its query has (§3).
pub fn signed_out_at(redirect_uri: &str, state: Option<&str>) -> String {
    with_parameters(redirect_uri, state.map(|state| ("state", state)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_its_parameters_once_and_nothing_empty() {
        let form =
            b"id_token_hint=a.b.c&client_id=&state=s+1&post_logout_redirect_uri=https%3A%2F%2Fa.example&x=1";
        let taken = LogoutParameters::take(&mut FormParameters::parse(form).unwrap()).unwrap();
        let expected = LogoutParameters {
            id_token_hint: Some("a.b.c".to_owned()),
            client_id: None,
            post_logout_redirect_uri: Some("https://a.example".to_owned()),
            state: Some("s 1".to_owned()),
        };
        assert_eq!(taken, expected);
    }

    #[test]
    fn the_longest_request_is_read_and_a_longer_one_is_not() {
        for (length, fits) in [(MAX_LOGOUT_REQUEST, true), (MAX_LOGOUT_REQUEST + 1, false)] {
            let form = format!("state={}&client_id=c", "s".repeat(length - 1));
            let taken = LogoutParameters::take(&mut FormParameters::parse(form.as_bytes()).unwrap());
            assert_eq!(taken.is_ok(), fits);
        }
    }

    #[test]
    fn the_state_comes_back_behind_the_query_of_the_registration() {
        for (uri, state, expected) in [
            ("https://app.example/bye", None, "https://app.example/bye"),
            ("https://app.example/bye", Some("a&b=c\r\n"), "https://app.example/bye?state=a%26b%3Dc%0D%0A"),
            ("https://app.example/bye?x=1", Some("é"), "https://app.example/bye?x=1&state=%C3%A9"),
        ] {
            assert_eq!(signed_out_at(uri, state), expected);
        }
    }

    #[test]
    fn a_hint_is_not_printed() {
        let parameters = LogoutParameters { id_token_hint: Some("hunter2".to_owned()), ..Default::default() };
        assert_eq!(format!("{parameters:?}"), "LogoutParameters { client_id: None, .. }");
    }
}
