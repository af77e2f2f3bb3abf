//! The cookies of a browser in a test, as far as one server sets them: without paths, domains and times.
#![expect(clippy::unwrap_used, reason = "a header that no browser would read has to stop its test")]

use std::cell::RefCell;
use std::collections::BTreeMap;

/// The cookies by their names.
#[derive(Debug, Clone, Default)]
pub struct CookieJar(RefCell<BTreeMap<String, String>>);

impl CookieJar {
    /// The value of a cookie.
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.borrow().get(name).cloned()
    }

    /// Puts a cookie there, as somebody else might.
    pub fn plant(&self, name: &str, value: &str) {
        self.0.borrow_mut().insert(name.to_owned(), value.to_owned());
    }

    /// The value of the header `Cookie`; `None` without cookies.
    pub fn header(&self) -> Option<String> {
        let pairs: Vec<String> =
            self.0.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        Some(pairs.join("; ")).filter(|header| !header.is_empty())
    }

    /// Does as a header `Set-Cookie` says.
    #[track_caller]
    pub fn keep(&self, set_cookie: &str) {
        let (name, value) = set_cookie.split(';').next().unwrap().split_once('=').unwrap();
        if set_cookie.contains("Max-Age=0") {
            self.0.borrow_mut().remove(name);
        } else {
            self.plant(name, value);
        }
    }
}
