//! A browser without script, as far as the server can tell: it keeps cookies, reads forms and sends them back. It knows
//! nothing of the pages but the ids of their elements.

use turnkeep_testkit::cookie_jar::CookieJar;
use turnkeep_testkit::page_form::{PageForm, text_of};
use ureq::http::Response;
use ureq::{Agent, Body};

/// A browser of somebody, which talks to one server.
pub(super) struct Browser {
    agent: Agent,
    address: String,
    cookies: CookieJar,
}

/// What the server answers.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) text: String,
}

impl Browser {
    /// Without any cookies.
    pub(super) fn new(address: &str) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
        Self { agent: config.build().new_agent(), address: address.to_owned(), cookies: CookieJar::default() }
    }

    /// The same browser a moment later, sent to another node by a balancer.
    pub(super) fn at(&self, address: &str) -> Self {
        Self { cookies: self.cookies.clone(), ..Self::new(address) }
    }

    /// The value of a cookie.
    pub(super) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.get(name)
    }

    /// The handle of the session.
    pub(super) fn session(&self) -> Option<String> {
        self.cookie("__Host-turnkeep-session")
    }

    /// Looks at a page.
    pub(super) fn get(&self, path: &str) -> Page {
        let request = self.agent.get(format!("{}{path}", self.address));
        self.keep(request.header("Cookie", self.all_cookies()).call())
    }

    /// Sends a form of a page back, with these fields filled in.
    #[track_caller]
    pub(super) fn submit(&self, page: &Page, form_id: &str, fields: &[(&str, &str)]) -> Page {
        let PageForm { action, hidden } = page.form(form_id);
        let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let request = self.agent.post(format!("{}{action}", self.address));
        let all = hidden.chain(fields.iter().copied());
        self.keep(request.header("Cookie", self.all_cookies()).send_form(all))
    }

    fn all_cookies(&self) -> String {
        self.cookies.header().unwrap_or_default()
    }

    fn keep(&self, result: Result<Response<Body>, ureq::Error>) -> Page {
        let mut response = result.unwrap();
        for cookie in response.headers().get_all("set-cookie") {
            self.cookies.keep(cookie.to_str().unwrap());
        }
        let location = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
        let text = response.body_mut().read_to_string().unwrap();
        Page { status: response.status().as_u16(), location, text }
    }
}

impl Page {
    /// Whether there is a form with this id.
    pub(super) fn has_form(&self, id: &str) -> bool {
        PageForm::with_id(&self.text, id).is_some()
    }

    /// The form with this id.
    #[track_caller]
    pub(super) fn form(&self, id: &str) -> PageForm {
        PageForm::with_id(&self.text, id).unwrap_or_else(|| panic!("no form {id}: {self:?}"))
    }

    /// The text of the element with this id.
    pub(super) fn element(&self, id: &str) -> Option<String> {
        text_of(&self.text, id)
    }
}
