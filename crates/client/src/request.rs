//! The token request (RFC 6749 §4.4.2), put together once.

use bytes::Bytes;
use data_encoding::BASE64;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, RequestBuilder, Url};
use url::form_urlencoded::{self, byte_serialize};
use zeroize::Zeroizing;

use crate::builder::Authentication;
use crate::sensitive::Sensitive;

/// Who asks, and for what.
pub(crate) struct Parameters<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) secret: &'a Sensitive,
    pub(crate) authentication: Authentication,
    pub(crate) scopes: &'a [String],
    pub(crate) resource: Option<&'a str>,
}

/// A request that can be sent again and again.
pub(crate) struct TokenRequest {
    authorization: Option<HeaderValue>,
    body: Bytes,
}

impl TokenRequest {
    pub(crate) fn new(parameters: &Parameters<'_>) -> Self {
        let authorization = match parameters.authentication {
            Authentication::Basic => basic(parameters.client_id, parameters.secret).into_header(),
            Authentication::Post => None,
        };
        Self { authorization, body: body(parameters).into_bytes() }
    }

    /// The request, ready to be sent.
    pub(crate) fn to(&self, http: &Client, endpoint: Url) -> RequestBuilder {
        let request = http
            .post(endpoint)
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))
            .body(self.body.clone());
        match &self.authorization {
            Some(authorization) => request.header(AUTHORIZATION, authorization.clone()),
            None => request,
        }
    }
}

/// Both halves are form-encoded before they are joined (RFC 6749 §2.3.1), so that an id may have a colon.
fn basic(client_id: &str, secret: &Sensitive) -> Sensitive {
    // Room for the longest encoding: nothing is moved, and so no copy is left behind.
    let mut joined = Zeroizing::new(String::with_capacity(3 * (client_id.len() + secret.expose().len()) + 1));
    joined.extend(byte_serialize(client_id.as_bytes()));
    joined.push(':');
    joined.extend(byte_serialize(secret.expose().as_bytes()));
    let scheme = "Basic ";
    let mut header = String::with_capacity(scheme.len() + BASE64.encode_len(joined.len()));
    header.push_str(scheme);
    BASE64.encode_append(joined.as_bytes(), &mut header);
    Sensitive::from(header)
}

fn body(parameters: &Parameters<'_>) -> Sensitive {
    let scope = parameters.scopes.join(" ");
    let resource = parameters.resource.unwrap_or_default();
    let secret = parameters.secret.expose();
    let longest = 3 * (parameters.client_id.len() + secret.len() + scope.len() + resource.len()) + 100;
    let mut form = form_urlencoded::Serializer::new(String::with_capacity(longest));
    form.append_pair("grant_type", "client_credentials");
    if parameters.authentication == Authentication::Post {
        form.append_pair("client_id", parameters.client_id);
        form.append_pair("client_secret", secret);
    }
    if !scope.is_empty() {
        form.append_pair("scope", &scope);
    }
    if !resource.is_empty() {
        form.append_pair("resource", resource);
    }
    Sensitive::from(form.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters<'a>(secret: &'a Sensitive, scopes: &'a [String]) -> Parameters<'a> {
        Parameters {
            client_id: "com.vendor/app",
            secret,
            authentication: Authentication::Basic,
            scopes,
            resource: None,
        }
    }

    #[test]
    fn ids_and_secrets_with_any_character_become_basic_credentials() {
        for (client_id, secret, decoded) in [
            ("plain", "secret", "plain:secret"),
            ("com.vendor/app", "s", "com.vendor%2Fapp:s"),
            ("a:b", "c:d", "a%3Ab:c%3Ad"),
            ("id", ":+%&=é x", "id:%3A%2B%25%26%3D%C3%A9+x"),
            ("a-b_c.d*e", "~", "a-b_c.d*e:%7E"),
        ] {
            let header = basic(client_id, &Sensitive::from(secret.to_owned()));
            let token = header.expose().strip_prefix("Basic ").unwrap();
            assert_eq!(BASE64.decode(token.as_bytes()).unwrap(), decoded.as_bytes());
        }
    }

    #[test]
    fn the_body_says_what_was_asked_for_and_no_more() {
        let secret = Sensitive::from("a b&c".to_owned());
        let scopes = ["orders.read".to_owned(), "orders:write".to_owned()];
        assert_eq!(body(&parameters(&secret, &[])).expose(), "grant_type=client_credentials");
        let with_scopes =
            Parameters { resource: Some("https://r.example/?"), ..parameters(&secret, &scopes) };
        assert_eq!(
            body(&with_scopes).expose(),
            "grant_type=client_credentials&scope=orders.read+orders%3Awrite&resource=https%3A%2F%2Fr.example%2F%3F"
        );
        let post = Parameters { authentication: Authentication::Post, ..parameters(&secret, &[]) };
        assert_eq!(
            body(&post).expose(),
            "grant_type=client_credentials&client_id=com.vendor%2Fapp&client_secret=a+b%26c"
        );
    }

    #[test]
    fn the_request_prints_no_secret() {
        let secret = Sensitive::from("hunter2".to_owned());
        let request = TokenRequest::new(&parameters(&secret, &[]));
        let built = request.to(&Client::new(), Url::parse("http://127.0.0.1/").unwrap());
        let printed = format!("{built:?}");
        assert!(printed.contains("Sensitive"), "{printed}");
        assert!(!printed.contains(&BASE64.encode(b"com.vendor%2Fapp:hunter2")), "{printed}");
    }
}
