//! What a program has to know to get a token, in the forms in which the samples need it.

use super::literal::form_encoded;

/// What a program has to know. It holds a secret, so it cannot be printed.
pub struct TokenAccess<'a> {
    /// The URL of the token endpoint.
    pub token_endpoint: &'a str,
    /// The client id.
    pub client_id: &'a str,
    /// The client secret.
    pub client_secret: &'a str,
    /// Which scopes to ask for, if any are named.
    pub scope: Option<&'a str>,
    /// For which resource to ask, if one has to be named (RFC 8707 §2).
    pub resource: Option<&'a str>,
}

impl TokenAccess<'_> {
    /// User name and password of `client_secret_basic`: both are encoded like forms (RFC 6749 §2.3.1), which leaves
    /// what this server generates as it is.
    pub(super) fn user_and_password(&self) -> (String, String) {
        (form_encoded(self.client_id), form_encoded(self.client_secret))
    }

    /// The same as the one text that is put into Base64 (RFC 7617 §2).
    pub(super) fn credentials(&self) -> String {
        let (user, password) = self.user_and_password();
        format!("{user}:{password}")
    }

    /// The parameters of the form, in their order.
    pub(super) fn parameters(&self) -> Vec<(&'static str, &str)> {
        let named = [("scope", self.scope), ("resource", self.resource)];
        let named = named.into_iter().filter_map(|(name, value)| value.map(|value| (name, value)));
        [("grant_type", "client_credentials")].into_iter().chain(named).collect()
    }

    /// The whole form, encoded.
    pub(super) fn body(&self) -> String {
        let pairs: Vec<_> =
            self.parameters().iter().map(|(name, value)| format!("{name}={}", form_encoded(value))).collect();
        pairs.join("&")
    }
}
