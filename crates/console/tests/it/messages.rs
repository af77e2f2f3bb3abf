//! Codes and phrases: each has its own, and pages show them.

use std::collections::BTreeSet;

use turnkeep_console::error_page::PageError;
use turnkeep_console::password_problem::PasswordProblem;
use turnkeep_console::render::Render;
use turnkeep_console::second_factor::SecondFactorMessage;
use turnkeep_console::sign_in::SignInMessage;

use crate::markup::{tag_with_id, tags};
use crate::samples;

fn assert_distinct(pairs: &[(&'static str, &'static str)]) {
    let codes: BTreeSet<_> = pairs.iter().map(|(code, _)| code).collect();
    let phrases: BTreeSet<_> = pairs.iter().map(|(_, phrase)| phrase).collect();
    assert_eq!((codes.len(), phrases.len()), (pairs.len(), pairs.len()), "{pairs:?}");
    for (code, phrase) in pairs {
        assert!(code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{code}");
        assert!(phrase.ends_with(['.', '?']) && !phrase.contains(['<', '&', '"', '\'']), "{phrase}");
    }
}

#[test]
fn every_kind_of_error_and_message_has_its_own_code_and_phrase() {
    assert_distinct(&PageError::ALL.map(|error| (error.code(), error.phrase())));
    assert_distinct(&PasswordProblem::ALL.map(|problem| (problem.code(), problem.phrase())));
    assert_distinct(&SignInMessage::ALL.map(|message| (message.code(), message.phrase())));
    assert_distinct(&SecondFactorMessage::ALL.map(|message| (message.code(), message.phrase())));
    let set_password: Vec<_> = samples::set_password_messages()
        .into_iter()
        .flatten()
        .map(|message| (message.code(), message.phrase()))
        .collect();
    assert_distinct(&set_password);
    let account: Vec<_> = samples::account_messages()
        .into_iter()
        .flatten()
        .map(|message| (message.code(), message.phrase()))
        .collect();
    assert_distinct(&account);
}

#[test]
fn an_error_page_shows_its_code_and_its_phrase_and_nothing_of_others() {
    for error in PageError::ALL {
        let texts = samples::Texts::new("/");
        let page = turnkeep_console::error_page::ErrorPage {
            frame: texts.frame(),
            error,
            request_id: texts.text(),
            way_on: None,
        };
        let html = page.render().unwrap();
        assert!(html.contains(&format!("<code id=\"error-code\">{}</code>", error.code())));
        for other in PageError::ALL {
            assert_eq!(html.contains(other.phrase()), other == error, "{error:?} {other:?}");
        }
    }
}

#[test]
fn a_message_shows_once_as_a_problem_or_as_a_notice() {
    for (message, id, role) in [
        (SignInMessage::Refused, "error-message", "alert"),
        (SignInMessage::FormExpired, "error-message", "alert"),
        (SignInMessage::SignInAgain, "notice", "status"),
        (SignInMessage::SessionOver, "error-message", "alert"),
    ] {
        let html = samples::sign_in(&samples::Texts::new("/"), Some(message)).render().unwrap();
        assert_eq!(html.matches(message.phrase()).count(), 1, "{message:?}");
        let tags = tags(&html);
        let shown = tag_with_id(&tags, id).unwrap();
        assert_eq!(shown.attribute("role"), Some(role), "{message:?}");
        assert_eq!(shown.attribute("data-code"), Some(message.code()));
    }
    for sample in samples::all("/") {
        let shown = sample.html.matches("data-code=").count();
        assert!(shown <= 1, "{} says {shown} things", sample.name);
        assert_eq!(
            shown == 0,
            sample.name.ends_with("None") || !says_something(&sample.name),
            "{}",
            sample.name
        );
    }
}

/// Whether pages of this name have a message unless it is `None`.
fn says_something(name: &str) -> bool {
    let first = name.split(' ').next().unwrap();
    ["sign_in", "second_factor", "set_password", "account", "link_used", "invitation_spent", "dashboard"]
        .contains(&first)
        || name == "totp_setup true"
        || first == "first_operator"
}
