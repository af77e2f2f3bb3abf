//! An app that people sign in to, and the way through all pages to its code.

use data_encoding::BASE64;
use serde_json::Value;
use url::Url;

use super::browser::{Browser, Page};
use super::estate::{PASSWORD, Person};
use crate::wire::{Answer, get_with, post_form};

/// Where every app is. Nobody goes there: what is sent to it is in the address.
pub(super) const REDIRECT: &str = "https://app.example.com/cb";

/// The verifier and its challenge of RFC 7636 Appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An app, talking to one server.
pub(super) struct RelyingParty {
    pub(super) id: String,
    pub(super) client_id: String,
    /// `None` for public apps.
    pub(super) secret: Option<String>,
    pub(super) address: String,
}

/// What an app gets at its redirect URI.
#[derive(Debug)]
pub(super) struct Sent(Url);

impl Sent {
    fn parameter(&self, name: &str) -> Option<String> {
        self.0.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }

    /// The code.
    #[track_caller]
    pub(super) fn code(&self) -> String {
        assert_eq!(self.parameter("state").as_deref(), Some("s-1"));
        self.parameter("code").unwrap_or_else(|| panic!("{self:?}"))
    }

    /// The error, with which there is no code.
    #[track_caller]
    pub(super) fn error(&self) -> String {
        assert_eq!(self.parameter("code"), None);
        self.parameter("error").unwrap_or_else(|| panic!("{self:?}"))
    }
}

impl RelyingParty {
    /// The same app, talking to another node.
    pub(super) fn at(&self, address: &str) -> Self {
        Self {
            id: self.id.clone(),
            client_id: self.client_id.clone(),
            secret: self.secret.clone(),
            address: address.to_owned(),
        }
    }

    /// Sends a browser to the server.
    pub(super) fn ask(&self, browser: &Browser, scope: &str) -> Page {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", REDIRECT)
            .append_pair("response_type", "code")
            .append_pair("scope", scope)
            .append_pair("state", "s-1")
            .append_pair("nonce", "n-1")
            .append_pair("code_challenge", CHALLENGE)
            .append_pair("code_challenge_method", "S256")
            .finish();
        browser.get(&format!("/connect/authorize?{query}"))
    }

    /// The same, and goes on as `person` does who signs in and allows everything, until the browser is sent back.
    #[track_caller]
    pub(super) fn sign_in(&self, browser: &Browser, person: &Person, scope: &str) -> Sent {
        let mut page = self.ask(browser, scope);
        for _ in 0..8 {
            if let Some(back) = page.location.as_deref().filter(|location| location.starts_with(REDIRECT)) {
                return Sent(Url::parse(back).unwrap());
            }
            page = if let Some(path) = &page.location {
                browser.get(path)
            } else if page.has_form("sign-in-form") {
                person.fill_in(browser, &page)
            } else if page.has_form("consent-form") {
                browser.submit(&page, "consent-form", &[("decision", "allow")])
            } else {
                break;
            };
        }
        panic!("{} leads nowhere: {page:?}", self.client_id)
    }

    /// `POST` to an endpoint as this app.
    pub(super) fn post(&self, path: &str, parameters: &[(&str, &str)]) -> Answer {
        let mut form = vec![("client_id", self.client_id.as_str())];
        form.extend(self.secret.as_deref().map(|secret| ("client_secret", secret)));
        form.extend_from_slice(parameters);
        post_form(&format!("{}{path}", self.address), &form)
    }

    /// Redeems a code.
    pub(super) fn redeem(&self, code: &str) -> Answer {
        self.post("/connect/token", &redemption(code))
    }

    /// The same by a script of a public app in a page of `origin`; whose pages may read the answer.
    #[track_caller]
    pub(super) fn redeem_from(&self, origin: &str, code: &str) -> Option<String> {
        let form = redemption(code).into_iter().chain([("client_id", self.client_id.as_str())]);
        let url = format!("{}/connect/token", self.address);
        let answer = ureq::post(url).header("Origin", origin).send_form(form).unwrap();
        let allowed = answer.headers().get("access-control-allow-origin");
        allowed.map(|origin| origin.to_str().unwrap().to_owned())
    }

    /// Uses a refresh token.
    pub(super) fn refresh(&self, token: &str) -> Answer {
        self.post("/connect/token", &[("grant_type", "refresh_token"), ("refresh_token", token)])
    }

    /// Asks for a token without a person.
    pub(super) fn serve(&self) -> Answer {
        self.post("/connect/token", &[("grant_type", "client_credentials")])
    }

    /// What introspection says of a token.
    #[track_caller]
    pub(super) fn introspect(&self, token: &str) -> Value {
        let answer = self.post("/connect/introspect", &[("token", token)]);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    }

    /// What the server tells of a person to whoever has an access token.
    pub(super) fn userinfo(&self, access_token: &str) -> Answer {
        let url = format!("{}/connect/userinfo", self.address);
        get_with(&url, ("Authorization", &format!("Bearer {access_token}")))
    }

    /// What a gateway is told about a token.
    pub(super) fn forward_auth(&self, token: &str) -> u16 {
        self.ask_for_gateway(&format!("Bearer {token}"))
    }

    /// What a gateway is told about somebody who comes with user name and password.
    pub(super) fn forward_auth_of(&self, person: &Person) -> u16 {
        let pair = format!("{}:{PASSWORD}", person.name);
        self.ask_for_gateway(&format!("Basic {}", BASE64.encode(pair.as_bytes())))
    }

    fn ask_for_gateway(&self, credentials: &str) -> u16 {
        let (address, client_id) = (&self.address, &self.client_id);
        let url = format!("{address}/connect/forward-auth?audience=TrueParser.API&client_id={client_id}");
        get_with(&url, ("Authorization", credentials)).status
    }
}

fn redemption(code: &str) -> [(&str, &str); 4] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ]
}

/// A text of an answer.
#[track_caller]
pub(super) fn member(answer: &Answer, name: &str) -> String {
    answer.body[name].as_str().unwrap_or_else(|| panic!("no {name}: {answer:?}")).to_owned()
}

/// Status and error code of a refusal of an endpoint (RFC 6749 §5.2).
#[track_caller]
pub(super) fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status, member(answer, "error"))
}
