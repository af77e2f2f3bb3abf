//! An app that people sign in to, people, and browsers in which they are signed in.

use std::net::{IpAddr, Ipv4Addr};

use serde_json::{Value, json};
use turnkeep_domain::authentication::{Authentication, AuthenticationMethod};
use turnkeep_domain::id::UserId;
use turnkeep_domain::slug::Slug;
use turnkeep_protocol::form::FormParameters;
use turnkeep_service::sign_in::session::{BeginSession, begin_session};

use crate::account::browser::{Browser, encoded, message_of};
use crate::world::answer::Answer;
use crate::world::people::text;
use crate::world::{TestApp, World};

/// Where the app is.
pub(crate) const REDIRECT: &str = "https://app.example.com/cb";

/// The verifier of RFC 7636 Appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// The challenge of RFC 7636 Appendix B.
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A tenant's app that internal users sign in to.
pub(crate) async fn app(world: &World) -> TestApp {
    app_with(world, "Portal", json!({})).await
}

/// The same with other members.
pub(crate) async fn app_with(world: &World, name: &str, more: Value) -> TestApp {
    let tenant_id = world.tenant("", name).await;
    let mut members = json!({
        "scopes": "read write",
        "sign_in": {"internal": true, "community": false},
        "login_redirect_uris": [REDIRECT],
    });
    members.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.app_with(&tenant_id, name, members).await
}

/// A user of a kind; the id.
pub(crate) async fn user(world: &World, name: &str, kind: &str) -> String {
    let user = json!({"kind": kind, "name": name, "display_name": name});
    text(&world.create("/api/v1/users", user).await["id"])
}

/// A browser in which somebody has just signed in.
pub(crate) fn signed_in<'w>(world: &'w World, user_id: &str) -> Browser<'w> {
    let browser = Browser::new(world);
    sign_in(world, &browser, user_id);
    browser
}

/// Signs somebody in, in the place of whoever was.
pub(crate) fn sign_in(world: &World, browser: &Browser<'_>, user_id: &str) {
    let command = BeginSession {
        issuer: Slug::parse("default").unwrap(),
        user_id: user_id.parse::<UserId>().unwrap(),
        authentication: Authentication::by(AuthenticationMethod::Password, world.authority.now()),
        replaces: browser.session(),
        user_agent: String::new(),
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        request_id: None,
    };
    let begun = begin_session(&world.authority, &command).unwrap();
    browser.plant("__Host-turnkeep-session", begun.handle.expose());
}

/// The parameters of a usual request.
pub(crate) fn usual(client_id: &str) -> Vec<(String, String)> {
    [
        ("client_id", client_id),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", "openid read"),
        ("state", "s-1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

/// A usual request with some parameters changed, added, or with an empty value left out.
pub(crate) fn query(client_id: &str, changes: &[(&str, &str)]) -> String {
    let mut parameters = usual(client_id);
    for (name, value) in changes {
        parameters.retain(|(known, _)| known != name);
        if !value.is_empty() {
            parameters.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    let borrowed: Vec<_> = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    encoded(&borrowed)
}

/// Sends a browser to the endpoint with such a request.
pub(crate) async fn ask(browser: &Browser<'_>, client_id: &str, changes: &[(&str, &str)]) -> Answer {
    browser.get(&format!("/connect/authorize?{}", query(client_id, changes))).await
}

/// Sends a browser there, and allows what the app asks for if that is asked.
pub(crate) async fn ask_and_allow(
    browser: &Browser<'_>,
    client_id: &str,
    changes: &[(&str, &str)],
) -> Answer {
    let answer = ask(browser, client_id, changes).await;
    if answer.status == 200 {
        browser.submit(&answer, "consent-form", &[("decision", "allow")]).await
    } else {
        answer
    }
}

/// The parameters of an answer that is sent to a redirect URI.
#[track_caller]
pub(crate) fn sent_to(answer: &Answer, redirect_uri: &str) -> FormParameters {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let location = answer.header("location").unwrap();
    let rest = location.strip_prefix(redirect_uri).unwrap_or_else(|| panic!("{location}"));
    let query = rest.strip_prefix(['?', '&']).unwrap_or_else(|| panic!("{location}"));
    FormParameters::parse(query.as_bytes()).unwrap()
}

/// The error that an app gets, after a look at what comes with every answer.
#[track_caller]
pub(crate) fn refused(answer: &Answer) -> String {
    let mut sent = sent_to(answer, REDIRECT);
    assert_eq!(sent.take("iss").as_deref(), Some("https://id.example.com"));
    assert_eq!(sent.take("code"), None);
    assert!(sent.take("error_description").is_some());
    sent.take("error").unwrap()
}

/// The code that an app gets, after a look at what comes with every answer.
#[track_caller]
pub(crate) fn code_of(answer: &Answer) -> String {
    let mut sent = sent_to(answer, REDIRECT);
    assert_eq!(sent.take("error"), None, "{:?}", answer.header("location"));
    assert_eq!(sent.take("iss").as_deref(), Some("https://id.example.com"));
    let code = sent.take("code").unwrap();
    assert!(code.starts_with("tkac_"), "{code}");
    code
}

/// The code of an error page, which leads nowhere.
#[track_caller]
pub(crate) fn error_page(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.header("location"), None);
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    (answer.status, message_of(answer).unwrap())
}

/// The interaction with which somebody is sent to sign in.
#[track_caller]
pub(crate) fn sent_to_sign_in(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let location = answer.header("location").unwrap();
    let interaction = location.strip_prefix("/account/sign-in?interaction=");
    interaction.unwrap_or_else(|| panic!("{location}")).to_owned()
}

/// Comes back from signing in.
pub(crate) async fn resume(browser: &Browser<'_>, interaction: &str) -> Answer {
    browser.get(&format!("/connect/authorize/resume?interaction={interaction}")).await
}

/// The same text with another character in its middle.
pub(crate) fn tampered(text: &str) -> String {
    let middle = text.len() / 2;
    let other = |(index, character)| match (index == middle, character) {
        (true, 'A') => 'B',
        (true, _) => 'A',
        (false, character) => character,
    };
    text.chars().enumerate().map(other).collect()
}
