//! The link of the first operator, from the output of the first start to the operator who signs in.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::tempdir;

use super::browser::{Browser, Page};
use super::estate::{PASSWORD, Person};
use crate::process::{Demo, Server, run, turnkeep};

fn serve(folder: &Path) -> Server {
    Server::start(&mut on_files(folder, &["serve", "--listen", "127.0.0.1:0"]))
}

fn on_files(folder: &Path, words: &[&str]) -> Command {
    let key = folder.join("master.key");
    if !key.exists() {
        assert!(run(&["keys", "new-master-key", "--out", key.to_str().unwrap()]).status.success());
    }
    let mut command = turnkeep(words);
    command.arg("--data").arg(folder.join("data")).arg("--master-key-file").arg(key);
    command
}

/// The path of the link among what was said.
fn link_in<'a>(base_url: &str, said: impl IntoIterator<Item = &'a String>) -> Option<String> {
    let mut links = said.into_iter().filter_map(|line| line.trim().strip_prefix(base_url));
    let link = links.find(|path| path.starts_with("/account/link?token=")).map(str::to_owned);
    assert_eq!(links.find(|path| path.starts_with("/account/link")), None, "one link, not two");
    link
}

fn become_operator(browser: &Browser, page: &Page, name: &str) -> Page {
    let fields = [("user_name", name), ("display_name", "Olga"), ("new_password", PASSWORD)];
    browser.submit(page, "set-password-form", &fields)
}

fn make_link(server: &Server, folder: &Path) -> Output {
    on_files(folder, &["operator", "link", "--base-url", &server.base_url, "--output", "json"])
        .output()
        .unwrap()
}

#[test]
fn the_link_of_the_first_start_works_once_and_no_other_is_made_then() {
    let folder = tempdir().unwrap();
    let server = serve(folder.path());
    let first = link_in(&server.base_url, &server.said).unwrap();
    // Who has lost it makes another while nobody operates the server.
    let made: Value = serde_json::from_slice(&make_link(&server, folder.path()).stdout).unwrap();
    let other = link_in(&server.base_url, [&made["url"].as_str().unwrap().to_owned()]).unwrap();
    assert_ne!(first, other);

    let browser = Browser::new(&server.base_url);
    let replaced = browser.get(&first);
    assert_eq!((replaced.status, replaced.element("error-code").as_deref()), (400, Some("link_invalid")));
    let page = browser.get(&other);
    let weak = browser.submit(
        &page,
        "set-password-form",
        &[("user_name", "olga"), ("display_name", "Olga"), ("new_password", "short")],
    );
    assert_eq!((weak.status, browser.session()), (422, None), "a refusal uses nothing up");
    let admitted = become_operator(&browser, &weak, "olga");
    assert_eq!((admitted.status, admitted.location.as_deref()), (303, Some("/dashboard")), "{admitted:?}");
    assert_eq!(browser.get("/account").element("user-name").as_deref(), Some("olga"));

    for (link, form) in [(&first, &page), (&other, &page)] {
        let late = Browser::new(&server.base_url);
        let seen = late.get(link);
        assert_eq!((seen.status, seen.element("error-code").as_deref()), (400, Some("link_invalid")));
        let sent = become_operator(&browser, form, "mallory");
        assert_eq!((sent.status, sent.element("error-code").as_deref()), (400, Some("link_invalid")));
    }
    let refused = make_link(&server, folder.path());
    let error = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && error.contains("there is an operator already"), "{error}");

    server.stop();
    let server = serve(folder.path());
    assert_eq!(link_in(&server.base_url, &server.said), None, "{:?}", server.said);
    let olga = Person { id: String::new(), name: "olga".to_owned() };
    let browser = Browser::new(&server.base_url);
    olga.sign_in(&browser);
    assert_eq!(browser.get("/account").element("user-name").as_deref(), Some("olga"));
    let exported = on_files(folder.path(), &["export"]).output().unwrap();
    let exported: Value = serde_json::from_slice(&exported.stdout).unwrap();
    let names: Vec<&str> =
        exported["users"].as_array().unwrap().iter().filter_map(|user| user["name"].as_str()).collect();
    assert_eq!(names, ["olga"]);
}

#[test]
fn the_demo_leads_to_an_app_of_ones_own() {
    let folder = tempdir().unwrap();
    let demo = Demo::start(folder.path());
    let first = link_in(&demo.server.base_url, &demo.server.said).unwrap();
    demo.server.stop();
    // Until somebody has used a link, each demo has one that works.
    let demo = Demo::start(folder.path());
    let link = link_in(&demo.server.base_url, &demo.server.said).unwrap();
    assert_ne!(first, link);
    let new_app = path_in(&demo, "/apps/new");
    let browser = Browser::new(&demo.server.base_url);
    let admitted = become_operator(&browser, &browser.get(&link), "olga");
    assert_eq!((admitted.status, admitted.location.as_deref()), (303, Some("/dashboard")), "{admitted:?}");
    let home = browser.get("/dashboard");
    assert!(home.text.contains(&format!("href=\"{new_app}\"")), "{}", home.text);
    let credentials =
        browser.submit(&browser.get(&new_app), "new-app-form", &[("region", "eu-west"), ("name", "Mine")]);
    assert!(credentials.status == 200 && credentials.text.contains("tkcs_"), "{credentials:?}");
    demo.server.stop();

    let demo = Demo::start(folder.path());
    assert_eq!(link_in(&demo.server.base_url, &demo.server.said), None, "{:?}", demo.server.said);
    assert!(demo.server.said.iter().any(|line| line == "Sign in to the dashboard as olga"));
    // Who is not signed in does so on the way.
    let browser = Browser::new(&demo.server.base_url);
    let path = path_in(&demo, "/apps/new");
    let sent = browser.get(&path);
    let sign_in = browser.get(sent.location.as_deref().unwrap());
    let back = browser.submit(&sign_in, "sign-in-form", &[("user_name", "olga"), ("password", PASSWORD)]);
    assert_eq!((back.status, back.location), (303, Some(path)));
}

/// The path of a page that the demo names.
fn path_in(demo: &Demo, end: &str) -> String {
    let said = demo.server.said.iter().find(|line| line.ends_with(end)).unwrap();
    said.trim().strip_prefix(&demo.server.base_url).unwrap().to_owned()
}

#[test]
fn a_restart_before_anybody_has_used_the_link_prints_no_second_one_and_the_first_still_works() {
    let folder = tempdir().unwrap();
    let server = serve(folder.path());
    let link = link_in(&server.base_url, &server.said).unwrap();
    server.stop();
    let server = serve(folder.path());
    assert_eq!(link_in(&server.base_url, &server.said), None, "{:?}", server.said);
    let browser = Browser::new(&server.base_url);
    let admitted = become_operator(&browser, &browser.get(&link), "olga");
    assert_eq!(admitted.status, 303, "{admitted:?}");
}
