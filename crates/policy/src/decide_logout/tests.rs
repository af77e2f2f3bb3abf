//! Who is asked, who is sent where, and who sees an error page, as tables.

use turnkeep_domain::app::AppState;
use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::redirect_uri::RedirectUris;
use turnkeep_domain::tenant::TenantState;

use super::*;
use crate::samples::{self, Sample};

const APP: &str = "com.example/app";
const BACK: &str = "https://app.example.com/bye";
const PRESENT: SessionId = SessionId::from_bytes([1; 16]);
const OTHER: SessionId = SessionId::from_bytes([2; 16]);

/// A hint of the app, or of another one, for a session.
#[derive(Clone, Copy)]
enum Hint {
    Missing,
    Invalid,
    OfApp(SessionId),
    OfOtherApp(SessionId),
}

struct Request {
    sample: Sample,
    hint: Hint,
    client_id: Option<&'static str>,
    is_app_known: bool,
    redirect_uri: Option<&'static str>,
    session: Option<SessionId>,
    agreed: Option<SessionId>,
}

/// What came of it, in a word or two.
fn decide(change: impl FnOnce(&mut Request)) -> String {
    let mut sample = samples::usable();
    sample.app.settings.logout_redirect_uris =
        RedirectUris::parse_list([BACK, "http://127.0.0.1:4711/bye"]).unwrap();
    let mut request = Request {
        sample,
        hint: Hint::OfApp(PRESENT),
        client_id: Some(APP),
        is_app_known: true,
        redirect_uri: Some(BACK),
        session: Some(PRESENT),
        agreed: None,
    };
    change(&mut request);
    let (app, other) = (ClientId::parse(APP).unwrap(), ClientId::parse("com.example/other").unwrap());
    let hint = match request.hint {
        Hint::Missing => LogoutHint::Missing,
        Hint::Invalid => LogoutHint::Invalid,
        Hint::OfApp(session_id) => LogoutHint::Valid { client_id: &app, session_id },
        Hint::OfOtherApp(session_id) => LogoutHint::Valid { client_id: &other, session_id },
    };
    let facts = LogoutFacts {
        hint,
        client_id: request.client_id,
        app: request.sample.facts().app.filter(|_| request.is_app_known),
        redirect_uri: request.redirect_uri,
        session: request.session,
        agreed: request.agreed,
    };
    match decide_logout(&facts) {
        Err(denial) => denial.code().to_owned(),
        Ok(LogoutDecision { outcome, redirect_uri }) => {
            let verb = match outcome {
                LogoutOutcome::Ask(PRESENT) => "ask",
                LogoutOutcome::End(PRESENT) => "end",
                LogoutOutcome::Ask(_) | LogoutOutcome::End(_) => "another session",
                LogoutOutcome::SignedOutAlready => "nothing",
            };
            let place = match redirect_uri {
                None => "stay",
                Some(uri) if Some(uri) == request.redirect_uri => "redirect",
                Some(_) => "elsewhere",
            };
            format!("{verb}, {place}")
        }
    }
}

#[test]
fn only_a_hint_of_the_very_session_ends_it_without_a_question() {
    for (hint, expected) in [
        (Hint::OfApp(PRESENT), "end, redirect"),
        (Hint::OfApp(OTHER), "ask, redirect"),
        (Hint::Missing, "ask, redirect"),
        (Hint::Invalid, "hint_invalid"),
        (Hint::OfOtherApp(PRESENT), "hint_of_other_app"),
    ] {
        assert_eq!(decide(|request| request.hint = hint), expected);
    }
}

#[test]
fn whoever_agreed_is_not_asked_again_but_about_this_session_only() {
    for (agreed, expected) in
        [(None, "ask, redirect"), (Some(PRESENT), "end, redirect"), (Some(OTHER), "ask, redirect")]
    {
        let decided = decide(|request| {
            request.hint = Hint::Missing;
            request.agreed = agreed;
        });
        assert_eq!(decided, expected);
    }
    let decided = decide(|request| {
        request.hint = Hint::Invalid;
        request.agreed = Some(PRESENT);
    });
    assert_eq!(decided, "hint_invalid");
}

#[test]
fn without_a_session_there_is_nobody_to_ask() {
    for (hint, redirect_uri, expected) in [
        (Hint::OfApp(PRESENT), Some(BACK), "nothing, redirect"),
        (Hint::Missing, Some(BACK), "nothing, redirect"),
        (Hint::Missing, None, "nothing, stay"),
        (Hint::Missing, Some("https://evil.example/"), "redirect_uri_mismatch"),
        (Hint::Invalid, None, "hint_invalid"),
    ] {
        let decided = decide(|request| {
            request.session = None;
            request.hint = hint;
            request.redirect_uri = redirect_uri;
        });
        assert_eq!(decided, expected);
    }
}

#[test]
fn the_app_is_known_by_its_id_or_by_the_hint() {
    for (client_id, hint, is_app_known, redirect_uri, expected) in [
        (None, Hint::OfApp(PRESENT), true, Some(BACK), "end, redirect"),
        (None, Hint::Missing, false, None, "ask, stay"),
        (None, Hint::Missing, false, Some(BACK), "redirect_uri_of_nobody"),
        // The app of the ID token is gone.
        (None, Hint::OfApp(PRESENT), false, None, "end, stay"),
        (None, Hint::OfApp(PRESENT), false, Some(BACK), "redirect_uri_of_nobody"),
        (Some("com.example/nobody"), Hint::Missing, false, None, "app_unknown"),
        (Some("com.example/nobody"), Hint::OfApp(PRESENT), false, None, "hint_of_other_app"),
        (Some("com.example/APP"), Hint::OfApp(PRESENT), true, None, "hint_of_other_app"),
        (Some(APP), Hint::OfApp(PRESENT), false, None, "app_unknown"),
    ] {
        let decided = decide(|request| {
            request.client_id = client_id;
            request.hint = hint;
            request.is_app_known = is_app_known;
            request.redirect_uri = redirect_uri;
        });
        assert_eq!(decided, expected, "{client_id:?} {redirect_uri:?}");
    }
}

#[test]
fn nobody_is_sent_to_what_is_not_registered_byte_for_byte() {
    for redirect_uri in [
        "https://app.example.com/bye/",
        "https://app.example.com/bye?x=1",
        "https://app.example.com/bye#x",
        "https://app.example.com/BYE",
        "https://app.example.com",
        "https://app.example.com.evil.example/bye",
        "https://app.example.com@evil.example/bye",
        "//evil.example/bye",
        "javascript:alert(1)",
        "http://127.0.0.1:4712/bye",
        " https://app.example.com/bye",
    ] {
        let decided = decide(|request| request.redirect_uri = Some(redirect_uri));
        assert_eq!(decided, "redirect_uri_mismatch", "{redirect_uri}");
    }
    let registered = decide(|request| request.redirect_uri = Some("http://127.0.0.1:4711/bye"));
    assert_eq!(registered, "end, redirect");
}

#[test]
fn an_app_that_is_switched_off_sends_nobody_anywhere() {
    type Switch = fn(&mut Sample);
    let switches: [Switch; 3] = [
        |sample| sample.app.state = AppState::Disabled,
        |sample| sample.tenant_state = TenantState::Suspended,
        |sample| sample.instance_state = InstanceState::Disabled,
    ];
    for switch in switches {
        assert_eq!(decide(|request| switch(&mut request.sample)), "app_unknown");
        let by_hint = |redirect_uri| {
            decide(|request| {
                switch(&mut request.sample);
                request.client_id = None;
                request.redirect_uri = redirect_uri;
            })
        };
        assert_eq!(by_hint(Some(BACK)), "redirect_uri_of_nobody");
        assert_eq!(by_hint(None), "end, stay");
    }
}
