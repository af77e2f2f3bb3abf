//! A browser, as far as the server can tell: it keeps cookies, fills in forms and sends them back.

use std::net::SocketAddr;

use actix_web::test::TestRequest;
use turnkeep_testkit::cookie_jar::CookieJar;
pub(crate) use turnkeep_testkit::page_form::PageForm;
use turnkeep_testkit::page_form::attribute;

use crate::world::World;
use crate::world::answer::Answer;
use crate::world::requests::form;

/// A browser of somebody.
pub(crate) struct Browser<'a> {
    world: &'a World,
    cookies: CookieJar,
    address: SocketAddr,
    user_agent: String,
}

impl<'a> Browser<'a> {
    /// Without any cookies.
    pub(crate) fn new(world: &'a World) -> Self {
        Self::at(world, "192.0.2.10")
    }

    /// The same at another address.
    pub(crate) fn at(world: &'a World, address: &str) -> Self {
        let address = format!("{address}:4711").parse().unwrap();
        Self { world, cookies: CookieJar::default(), address, user_agent: "Mozilla/5.0 (Test)".to_owned() }
    }

    /// Which calls itself something else.
    pub(crate) fn called(mut self, user_agent: &str) -> Self {
        user_agent.clone_into(&mut self.user_agent);
        self
    }

    /// The value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.get(name)
    }

    /// The handle of the session at the default instance.
    pub(crate) fn session(&self) -> Option<String> {
        self.cookie("__Host-turnkeep-session")
    }

    /// Puts a cookie there, as somebody else might.
    pub(crate) fn plant(&self, name: &str, value: &str) {
        self.cookies.plant(name, value);
    }

    /// Looks at a page.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    /// Sends fields as a form.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(form(path, &encoded(fields))).await
    }

    /// Sends a form of a page back, with these fields filled in.
    pub(crate) async fn submit(&self, page: &Answer, form_id: &str, fields: &[(&str, &str)]) -> Answer {
        let form = form_of(page, form_id);
        self.send_form(&form, fields).await
    }

    /// Sends a form with these fields filled in.
    pub(crate) async fn send_form(&self, form: &PageForm, fields: &[(&str, &str)]) -> Answer {
        let hidden = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let filled = |name: &str| fields.iter().any(|(field, _)| *field == name);
        let all: Vec<_> = hidden.filter(|(name, _)| !filled(name)).chain(fields.iter().copied()).collect();
        self.post(&form.action, &all).await
    }

    /// Signs in with a password; the answer to it.
    pub(crate) async fn sign_in(&self, user_name: &str, password: &str) -> Answer {
        let page = self.get("/account/sign-in").await;
        assert_eq!(page.status, 200, "{}", page.text());
        self.submit(&page, "sign-in-form", &[("user_name", user_name), ("password", password)]).await
    }

    /// The same in a browser where somebody is signed in already.
    pub(crate) async fn sign_in_anew(&self, user_name: &str, password: &str) -> Answer {
        let page = self.get("/account/sign-in?again=1").await;
        self.submit(&page, "sign-in-form", &[("user_name", user_name), ("password", password)]).await
    }

    /// The answer to any request, with the cookies; those that it sets are kept.
    pub(crate) async fn send(&self, request: TestRequest) -> Answer {
        let mut request =
            request.peer_addr(self.address).insert_header(("User-Agent", self.user_agent.as_str()));
        if let Some(cookies) = self.cookies.header() {
            request = request.insert_header(("Cookie", cookies));
        }
        let answer = self.world.send(request).await;
        for cookie in answer.headers.get_all("set-cookie") {
            self.cookies.keep(cookie.to_str().unwrap());
        }
        answer
    }
}

/// Fields as a body.
pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", component(name), component(value))).collect();
    pairs.join("&")
}

fn component(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// The form of a page with this id.
#[track_caller]
pub(crate) fn form_of(page: &Answer, form_id: &str) -> PageForm {
    let html = page.text();
    PageForm::with_id(html, form_id).unwrap_or_else(|| panic!("no form {form_id}: {html}"))
}

/// The form of a page that goes to this path.
#[track_caller]
pub(crate) fn form_to(page: &Answer, action: &str) -> PageForm {
    let html = page.text();
    PageForm::to(html, action).unwrap_or_else(|| panic!("no form to {action}: {html}"))
}

/// What proves that a form was made for somebody's session, on any page of theirs.
#[track_caller]
pub(crate) fn csrf_of(page: &Answer) -> String {
    let hidden = form_of(page, "sign-out-form").hidden;
    hidden.into_iter().find(|(name, _)| name == "csrf").unwrap().1
}

/// Where the link with this id leads.
pub(crate) fn link_of(page: &Answer, id: &str) -> Option<String> {
    let (_, rest) = page.text().split_once(&format!(" id=\"{id}\""))?;
    attribute(rest, "href")
}

/// The code of the message on a page: of an error page, or what a page says about what was tried.
pub(crate) fn message_of(page: &Answer) -> Option<String> {
    let html = page.text();
    if let Some((_, rest)) = html.split_once("<code id=\"error-code\">") {
        return rest.split('<').next().map(str::to_owned);
    }
    attribute(html, "data-code")
}
