//! A browser without script, as far as the server can tell: it keeps cookies, reads forms and sends them back. It knows
//! nothing of the pages but the ids of their elements.

use std::cell::RefCell;
use std::collections::BTreeMap;

use ureq::http::Response;
use ureq::{Agent, Body};

/// A browser of somebody, which talks to one server.
pub(super) struct Browser {
    agent: Agent,
    address: String,
    cookies: RefCell<BTreeMap<String, String>>,
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
        Self { agent: config.build().new_agent(), address: address.to_owned(), cookies: RefCell::default() }
    }

    /// The same browser a moment later, sent to another node by a balancer.
    pub(super) fn at(&self, address: &str) -> Self {
        Self { cookies: self.cookies.clone(), ..Self::new(address) }
    }

    /// The value of a cookie.
    pub(super) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().get(name).cloned()
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
        let (action, hidden) = page.form(form_id);
        let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let request = self.agent.post(format!("{}{action}", self.address));
        let all = hidden.chain(fields.iter().copied());
        self.keep(request.header("Cookie", self.all_cookies()).send_form(all))
    }

    fn all_cookies(&self) -> String {
        let cookies = self.cookies.borrow();
        let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    fn keep(&self, result: Result<Response<Body>, ureq::Error>) -> Page {
        let mut response = result.unwrap();
        for cookie in response.headers().get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        let location = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
        let text = response.body_mut().read_to_string().unwrap();
        Page { status: response.status().as_u16(), location, text }
    }
}

impl Page {
    /// Whether there is a form with this id.
    pub(super) fn has_form(&self, id: &str) -> bool {
        self.form_html(id).is_some()
    }

    /// Where a form goes, and what it carries by itself.
    #[track_caller]
    pub(super) fn form(&self, id: &str) -> (String, Vec<(String, String)>) {
        let form = self.form_html(id).unwrap_or_else(|| panic!("no form {id}: {self:?}"));
        let hidden = form.split("<input").filter(|input| input.contains("type=\"hidden\""));
        let field =
            |input| (attribute(input, "name").unwrap(), attribute(input, "value").unwrap_or_default());
        (attribute(form, "action").unwrap(), hidden.map(field).collect())
    }

    fn form_html(&self, id: &str) -> Option<&str> {
        let marker = format!(" id=\"{id}\"");
        let form = self.text.split("<form").skip(1).find(|form| {
            let tag = form.split('>').next();
            tag.is_some_and(|tag| tag.contains(&marker))
        });
        form.and_then(|form| form.split("</form>").next())
    }

    /// The text of the element with this id.
    pub(super) fn element(&self, id: &str) -> Option<String> {
        let (_, rest) = self.text.split_once(&format!(" id=\"{id}\""))?;
        let (_, inner) = rest.split_once('>')?;
        inner.split('<').next().map(unescaped)
    }
}

fn attribute(html: &str, name: &str) -> Option<String> {
    let (_, rest) = html.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(unescaped)
}

fn unescaped(text: &str) -> String {
    let pairs = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}
