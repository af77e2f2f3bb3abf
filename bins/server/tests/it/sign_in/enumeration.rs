//! Signing in tells nobody who has an account. That it costs the same whoever is meant is a test of the use case.

use super::browser::Page;
use super::estate::{Estate, PASSWORD, Person};

/// A page without what differs from one request to the next: what it is bound to, and what was typed into it.
fn without_form_fields(page: &Page, user_name: &str) -> String {
    let hidden = page.form("sign-in-form").hidden;
    let text = page.text.replace(&format!("value=\"{user_name}\""), "");
    hidden
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .fold(text, |text, (_, value)| text.replace(value, ""))
}

#[test]
fn attack_49_a_wrong_attempt_looks_the_same_whoever_is_meant() {
    let estate = Estate::new();
    let (ada, gone) = (estate.person("internal", "ada"), estate.person("internal", "gone"));
    assert_eq!(estate.management().act(&format!("/users/{}/disable", gone.id)).status, 200);
    estate.user("system", "robot");
    estate.user("internal", "newcomer");
    let mut pages = Vec::new();
    for (user_name, password) in [
        ("ada", "violet otters plough brass harbours"),
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("gone", "violet otters plough brass harbours"),
        ("robot", PASSWORD),
        ("newcomer", PASSWORD),
        ("nobody@example.com", PASSWORD),
    ] {
        let browser = estate.browser();
        let form = browser.get("/account/sign-in");
        let fields = [("user_name", user_name), ("password", password)];
        let page = browser.submit(&form, "sign-in-form", &fields);
        assert_eq!(browser.session(), None, "{user_name}");
        pages.push((page.status, without_form_fields(&page, user_name)));
    }
    pages.dedup();
    assert_eq!(pages.len(), 1, "{pages:#?}");
    // The case of letters is no difference, and the right password is one.
    Person { name: "ADA".to_owned(), ..ada }.sign_in(&estate.browser());
}
