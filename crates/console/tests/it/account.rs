//! The account page with much, with little and with nothing.

use turnkeep_console::account::message::AccountMessage;
use turnkeep_console::account::page::AccountPage;
use turnkeep_console::account::token::{NewToken, TokenItem, TokenStanding};
use turnkeep_console::account::totp::TotpState;
use turnkeep_console::password_problem::PasswordProblem;
use turnkeep_console::render::Render;

use crate::markup::{Tag, tag_with_id, tags};
use crate::samples::{Texts, with_account};

/// Whether the `details` with this id are unfolded.
#[track_caller]
fn is_open(tags: &[Tag], id: &str) -> bool {
    tag_with_id(tags, id).unwrap().attribute("open").is_some()
}

#[test]
fn what_was_not_ticked_is_unfolded_with_the_error_beside_its_box_and_nothing_else_is() {
    let error = || Some("Tick this.".to_owned());
    for (wrong, expected) in
        [("", [false; 3]), ("passkey", [false, true, false]), ("recovery codes", [false, false, true])]
    {
        let html = with_account(&Texts::new("/"), &|page| {
            let mut passkeys = page.passkeys.to_vec();
            let mut new_recovery_codes = page.new_recovery_codes.clone();
            match wrong {
                "passkey" => passkeys[1].removal.tick.error = error(),
                "recovery codes" => new_recovery_codes.as_mut().unwrap().tick.error = error(),
                _ => {}
            }
            AccountPage { passkeys: &passkeys, new_recovery_codes, ..page }.render().unwrap()
        });
        let tags = tags(&html);
        let open = ["passkey-1", "passkey-2", "new-recovery-codes"].map(|id| is_open(&tags, id));
        assert_eq!(open, expected, "{wrong}");
        let boxes = ["passkey-is-lost-1", "passkey-is-lost-2", "old-codes-stop"];
        for (id, is_wrong) in boxes.into_iter().zip(expected) {
            let error = tag_with_id(&tags, &format!("{id}-error"));
            let focus = tag_with_id(&tags, id).unwrap().attribute("autofocus");
            assert_eq!((error.is_some(), focus.is_some()), (is_wrong, is_wrong), "{wrong}: {id}");
        }
    }
}

#[test]
fn one_session_is_marked_as_this_one() {
    let html = with_account(&Texts::new("/"), &|page| page.render().unwrap());
    assert_eq!(html.matches("this session").count(), 1);
    assert!(html.contains("Unknown browser"));
}

#[test]
fn somebody_with_nothing_gets_no_empty_lists() {
    let html = with_account(&Texts::new("/"), &|page| {
        let page = AccountPage {
            sessions: &[],
            consents: &[],
            passkeys: &[],
            tokens: &[],
            password_action: None,
            new_passkey: None,
            new_recovery_codes: None,
            new_token: None,
            ..page
        };
        page.render().unwrap()
    });
    let tags = tags(&html);
    for id in ["change-password-form", "passkey-form", "recovery-codes-form", "new-token-form-1"] {
        assert!(tag_with_id(&tags, id).is_none(), "{id}");
    }
    assert_eq!(html.matches(">None.").count(), 2);
    // A passkey that nobody can have is not praised: why there is none is said.
    assert!(tag_with_id(&tags, "no-passkeys").is_some() && !html.contains("lets you in with a touch"));
    let scripts: Vec<_> = tags.iter().filter_map(|tag| tag.attribute("src")).collect();
    let [times, session] = scripts[..] else { panic!("{scripts:?}") };
    assert!(times.contains("times.") && session.contains("session."), "{scripts:?}");
}

#[test]
fn who_has_no_token_hears_why_none_can_be_made() {
    let said = |is_offered: bool| {
        let html = with_account(&Texts::new("/"), &|page| {
            let new_token = page.new_token.filter(|_| is_offered);
            AccountPage { tokens: &[], new_token, ..page }.render().unwrap()
        });
        html.contains("no app allows them for you")
    };
    assert_eq!([true, false].map(said), [false, true]);
}

#[test]
fn who_has_a_token_hears_why_it_does_not_work_and_why_no_other_can_be_made() {
    let html = |standing: TokenStanding, is_offered: bool| {
        with_account(&Texts::new("/"), &|page| {
            let tokens = [TokenItem { standing, ..page.tokens[0].clone() }];
            let new_token = page.new_token.filter(|_| is_offered);
            AccountPage { tokens: &tokens, new_token, ..page }.render().unwrap()
        })
    };
    for (standing, is_offered, expected) in [
        (TokenStanding::Works, true, [true, false, false, false]),
        (TokenStanding::NotAllowed, false, [false, true, false, true]),
        (TokenStanding::Refused, true, [false, false, true, false]),
    ] {
        let html = html(standing, is_offered);
        let words =
            ["works until", "allows you no personal tokens now", "not work at the moment", "no-new-token"];
        assert_eq!(words.map(|words| html.contains(words)), expected, "{standing:?}");
    }
}

#[test]
fn who_signed_in_long_ago_is_told_so_where_that_counts() {
    let ids = ["passkeys-sign-in-again", "second-factor-sign-in-again", "tokens-sign-in-again"];
    for is_fresh in [true, false] {
        let html = with_account(&Texts::new("/"), &|page| {
            AccountPage { is_fresh, sign_in_again_path: "/again", ..page }.render().unwrap()
        });
        let tags = tags(&html);
        let links = ids.map(|id| tag_with_id(&tags, id).and_then(|tag| tag.attribute("href")));
        assert_eq!(links, [(!is_fresh).then_some("/again"); 3]);
        // The page may become too old while it is looked at, so the script always knows the way.
        let form = tag_with_id(&tags, "passkey-form").unwrap();
        assert_eq!(form.attribute("data-sign-in"), Some("/again"));
    }
}

#[test]
fn a_form_for_a_token_that_was_refused_is_open_and_says_why_beside_its_fields() {
    let html = with_account(&Texts::new("/"), &|page| {
        let offer = page.new_token.unwrap();
        let mut apps = offer.apps.to_vec();
        apps[1].is_open = true;
        apps[1].scopes_error = Some("Tick one.".to_owned());
        AccountPage { new_token: Some(NewToken { apps: &apps, ..offer }), ..page }.render().unwrap()
    });
    let tags = tags(&html);
    let [first, second] =
        ["new-token-1", "new-token-2"].map(|id| tag_with_id(&tags, id).unwrap().attribute("open").is_some());
    assert_eq!((first, second), (false, true));
    let scopes = tag_with_id(&tags, "token-scopes-2").unwrap();
    assert_eq!(scopes.attribute("aria-describedby"), Some("token-scopes-2-error"));
    assert!(scopes.attribute("autofocus").is_some() && html.contains(">Tick one.</p>"));
}

#[test]
fn the_authenticator_app_is_on_or_off() {
    let since = Texts::new("/").moment();
    let on = TotpState::On { since: &since, remove_action: "/account/totp/remove", asks_password: false };
    for (totp, state, form) in [
        (TotpState::Off { start_action: "/account/totp" }, "off", "totp-start-form"),
        (on, "on", "totp-remove-form"),
    ] {
        let html = with_account(&Texts::new("/"), &|page| AccountPage { totp, ..page }.render().unwrap());
        let tags = tags(&html);
        assert_eq!(tag_with_id(&tags, "totp-state").unwrap().attribute("data-state"), Some(state));
        assert!(tag_with_id(&tags, form).is_some());
        assert_eq!(tag_with_id(&tags, "recovery-codes-left").unwrap().attribute("data-left"), Some("7"));
    }
}

#[test]
fn no_two_fields_of_a_form_for_a_token_have_one_name() {
    let html = with_account(&Texts::new("/"), &|page| page.render().unwrap());
    let tags = tags(&html);
    let start = tags.iter().position(|tag| tag.attribute("id") == Some("new-token-form-2")).unwrap();
    let names: Vec<_> = tags.iter().skip(start).filter_map(|tag| tag.attribute("name")).collect();
    let mut distinct = names.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), names.len(), "{names:?}");
    assert!(names.contains(&"days") && names.contains(&"app") && names.contains(&"name"));
}

#[test]
fn a_refused_password_is_explained_beside_its_field() {
    for (message, id) in [
        (AccountMessage::CurrentPasswordRefused, "current-password"),
        (AccountMessage::NewPassword(PasswordProblem::Common), "new-password"),
    ] {
        let html = with_account(&Texts::new("/"), &|page| {
            AccountPage { message: Some(message), ..page }.render().unwrap()
        });
        let tags = tags(&html);
        let field = tags.iter().position(|tag| tag.attribute("id") == Some(id)).unwrap();
        let shown = tags.iter().position(|tag| tag.attribute("id") == Some("error-message")).unwrap();
        assert_eq!(shown, field + 1, "{id}");
        assert!(html.contains("<details class=\"more\" open>"), "{id}");

        // Where the form is not shown, the message still is.
        let html = with_account(&Texts::new("/"), &|page| {
            AccountPage { message: Some(message), password_action: None, ..page }.render().unwrap()
        });
        assert!(html.contains(message.phrase()), "{id}");
    }
}

#[test]
fn who_has_a_password_removes_the_authenticator_app_with_it() {
    let since = Texts::new("/").moment();
    for asks_password in [true, false] {
        let totp = TotpState::On { since: &since, remove_action: "/account/totp/remove", asks_password };
        for message in [None, Some(AccountMessage::TotpPasswordRefused), Some(AccountMessage::TotpNeeded)] {
            let html = with_account(&Texts::new("/"), &|page| {
                AccountPage { totp, message, ..page }.render().unwrap()
            });
            let tags = tags(&html);
            let at = |id| tags.iter().position(|tag| tag.attribute("id") == Some(id));
            let field = at("totp-password");
            assert_eq!(field.is_some(), asks_password);
            assert!(at("totp-remove-form") < at("remove-totp"));
            if let Some(message) = message {
                assert_eq!(html.matches(message.phrase()).count(), 1, "{message:?}");
                let is_beside = field.is_some_and(|field| at("error-message") == Some(field + 1));
                assert_eq!((is_beside, html.contains("aligned\" open>")), (asks_password, asks_password));
            }
        }
    }
}

#[test]
fn other_sessions_are_ended_at_once_where_there_are_any() {
    for (others, is_offered) in [(1, true), (0, false)] {
        let html = with_account(&Texts::new("/"), &|page| {
            AccountPage { sessions: &page.sessions[..1 + others], ..page }.render().unwrap()
        });
        assert_eq!(tag_with_id(&tags(&html), "end-others-form").is_some(), is_offered);
    }
}
