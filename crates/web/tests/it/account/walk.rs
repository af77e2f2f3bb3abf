//! A browser that notes what its history and its caches could keep of a walk through pages.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::browser::{Browser, PageForm, form_of};
use super::pages::assert_page;
use crate::world::answer::Answer;

/// Attributes whose values browsers or scripts of ours ask for.
const ADDRESSES: [&str; 10] = [
    "href",
    "src",
    "action",
    "formaction",
    "content",
    "data-options",
    "data-sign-in",
    "data-path",
    "data-name-check",
    "data-domain-preview",
];

/// A browser, and what its history and its caches could have kept.
pub(crate) struct Walk<'w> {
    pub(crate) browser: Browser<'w>,
    addresses: RefCell<BTreeSet<String>>,
    visited: RefCell<BTreeSet<String>>,
}

impl<'w> Walk<'w> {
    /// Of a browser that has been nowhere yet.
    pub(crate) fn of(browser: Browser<'w>) -> Self {
        Self { browser, addresses: RefCell::default(), visited: RefCell::default() }
    }

    /// Every address that the browser has seen.
    pub(crate) fn addresses(&self) -> BTreeSet<String> {
        self.addresses.borrow().clone()
    }

    /// The paths of all pages that it has asked for.
    pub(crate) fn visited(&self) -> BTreeSet<String> {
        self.visited.borrow().clone()
    }

    /// Looks at a page.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.visited.borrow_mut().insert(path.to_owned());
        self.look(path, self.browser.get(path).await)
    }

    /// Sends a form of a page back.
    pub(crate) async fn submit(&self, page: &Answer, form_id: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(&form_of(page, form_id), fields).await
    }

    /// Sends a form.
    pub(crate) async fn send(&self, form: &PageForm, fields: &[(&str, &str)]) -> Answer {
        self.look(&form.action, self.browser.send_form(form, fields).await)
    }

    /// Where the browser is sent to within this server.
    pub(crate) async fn follow(&self, answer: &Answer) -> Answer {
        assert_eq!(answer.status, 303, "{}", answer.text());
        self.get(answer.header("location").unwrap()).await
    }

    /// Notes every address that the browser has from this answer on.
    #[track_caller]
    pub(crate) fn look(&self, path: &str, answer: Answer) -> Answer {
        assert_page(&answer);
        let mut addresses = self.addresses.borrow_mut();
        addresses.insert(path.to_owned());
        addresses.extend(answer.header("location").map(str::to_owned));
        for name in ADDRESSES {
            let opening = format!(" {name}=\"");
            let values = answer.text().split(opening.as_str()).skip(1);
            addresses.extend(values.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
        drop(addresses);
        answer
    }

    /// The hidden fields of a form and the cookies are as secret as what they stand for.
    pub(crate) fn secrets_of(&self, page: &Answer, form_id: &str) -> Vec<String> {
        let hidden = form_of(page, form_id).hidden.into_iter();
        hidden.filter(|(name, _)| name != "interaction").map(|(_, value)| value).collect()
    }

    /// The values of all cookies.
    pub(crate) fn cookies(&self) -> Vec<String> {
        let names = ["session", "form", "device"].map(|kind| format!("__Host-turnkeep-{kind}"));
        names.iter().filter_map(|name| self.browser.cookie(name)).collect()
    }

    /// No address has any of these in it.
    #[track_caller]
    pub(crate) fn assert_nowhere(&self, secrets: &[String]) {
        for address in self.addresses.borrow().iter() {
            for secret in secrets {
                assert!(4 < secret.len() && !address.contains(secret.as_str()), "{secret} is in {address}");
            }
        }
    }
}
