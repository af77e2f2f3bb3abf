//! A new password by mail, with the outbox that a server has unless it is told otherwise.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::browser::Browser;
use super::estate::Estate;
use crate::process::Demo;

/// All messages in the outbox, with their lines unfolded.
fn outbox(data: &Path) -> Vec<String> {
    let files = fs::read_dir(data.join("mail_outbox")).unwrap();
    files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap().replace("\r\n", "\n")).collect()
}

#[test]
fn a_link_in_the_outbox_lets_its_reader_choose_a_password_and_ends_what_was_begun_before() {
    let estate = Estate::new();
    let (ada, eve) = (estate.person("internal", "ada"), estate.person("internal", "eve"));
    let user = format!("/users/{}", ada.id);
    let changed = estate.management().patch(&user, &json!({"email": "ada@example.com"}));
    assert_eq!(changed.status, 200, "{changed:?}");
    let former = estate.browser();
    ada.sign_in(&former);
    // Whoever is not known by this address, or by any, is answered the same.
    let mut answers = Vec::new();
    for email in ["ada@example.com", "eve@example.com", "nobody@example.com"] {
        let browser = estate.browser();
        let sent = browser.submit(&browser.get("/account/forgotten"), "reset-form", &[("email", email)]);
        answers.push((sent.status, sent.location));
    }
    assert_eq!(answers[0].0, 303, "{answers:?}");
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    let address = estate.address().to_owned();
    let Estate { demo, folder, .. } = estate;
    // Whatever is to be sent has been sent when a server has stopped.
    demo.server.stop();
    let messages = outbox(&folder.path().join("data"));
    let [message] = messages.as_slice() else { panic!("{messages:?}") };
    assert!(message.contains("ada@example.com"), "{message}");
    let (_, link) = message.split_once(&address).unwrap();
    let link = link.split_whitespace().next().unwrap();

    let demo = Demo::start(folder.path());
    let address = &demo.server.base_url;
    assert_eq!(former.at(address).get("/account").status, 200, "asking for a link ends nothing");
    let browser = Browser::new(address);
    let page = browser.get(link);
    let chosen = "amber otters plough tin harbours";
    let admitted = browser.submit(&page, "set-password-form", &[("new_password", chosen)]);
    assert_eq!((admitted.status, admitted.location.as_deref()), (303, Some("/account")), "{admitted:?}");
    assert_eq!(browser.get("/account").element("user-name").as_deref(), Some("ada"));
    assert_eq!(former.at(address).get("/account").status, 303);
    let late = Browser::new(address).get(link);
    assert_eq!((late.status, late.element("error-code").as_deref()), (400, Some("link_invalid")));
    let old = Browser::new(address);
    let refused = ada.fill_in(&old, &old.get("/account/sign-in"));
    assert_eq!((refused.location, old.session()), (None, None), "the old password");
    eve.sign_in(&Browser::new(address));
}
