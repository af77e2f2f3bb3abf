//! What single pages promise: ids that tests and password managers rely on, and what shows when.

use turnkeep_console::error_page::PageError;
use turnkeep_console::form::PasskeyOffer;
use turnkeep_console::render::Render;
use turnkeep_console::second_factor::{SecondFactorMessage, SecondFactorWay};
use turnkeep_console::set_password::PasswordOwner;
use turnkeep_console::sign_in::{SignInMessage, SignInPage};

use crate::markup::{Tag, tag_with_id, tags};
use crate::samples::{self, Texts};

fn page(name: &str) -> Vec<Tag> {
    let sample = samples::all("/").into_iter().find(|sample| sample.name == name).unwrap();
    tags(&sample.html)
}

#[test]
fn the_elements_that_others_rely_on_have_their_ids() {
    for (name, ids) in [
        (
            "sign_in None",
            &["sign-in-form", "user-name", "password", "sign-in-button", "use-passkey", "app-name"][..],
        ),
        (
            "second_factor Authenticator None",
            &["second-factor-form", "code", "recovery-form", "recovery-code", "recovery-button"],
        ),
        (
            "consent",
            &["consent-form", "allow", "deny", "app-name", "tenant-name", "scope-list", "redirect-host"],
        ),
        ("sign_out_confirm", &["sign-out-form", "sign-out-button"]),
        ("forgotten", &["reset-form", "email"]),
        ("set_password None", &["set-password-form", "new-password"]),
        ("first_operator None", &["set-password-form", "user-name", "display-name", "new-password"]),
        ("link_used", &["error-code", "error-message"]),
        ("invitation", &["invitation-form", "accept-button", "tenant-name", "role", "user-name"]),
        ("invitation_spent true", &["error-code", "error-message", "sign-in-link", "user-name"]),
        ("error_page Internal", &["error-code", "error-message", "request-id"]),
        ("error_page in the dashboard Internal", &["error-code", "error-message", "dashboard-link"]),
        (
            "error_page with the way to the account InteractionExpired",
            &["error-code", "error-message", "account-link"],
        ),
        ("form_post", &["form-post"]),
        ("token_once", &["token", "copy-button"]),
        ("recovery_codes_once", &["recovery-codes"]),
        ("totp_setup false", &["totp-form", "code", "totp-secret", "qr"]),
        ("account None", &["sign-out-form", "sessions", "consents", "passkeys", "second-factor", "tokens"]),
    ] {
        let tags = page(name);
        for id in ids {
            assert!(tag_with_id(&tags, id).is_some(), "{name}: {id}");
        }
    }
}

#[test]
fn what_takes_much_away_is_asked_for_with_a_tick() {
    for (name, form, tick) in [
        ("dashboard instance 2", "switch-form", Some("instance-stops")),
        ("dashboard instance 3", "switch-form", Some("instance-stops")),
        ("dashboard instance 1", "switch-form", None),
        ("dashboard app's secrets", "regenerate-form", Some("old-secrets-stop")),
        ("dashboard storage of the app's own", "remove-storage-form", Some("settings-are-lost")),
        ("dashboard storage, not ticked", "remove-storage-form", Some("settings-are-lost")),
        ("dashboard record, error false", "second-delete-0", Some("second-is-lost-0")),
        ("dashboard record, error true", "second-delete-1", Some("second-is-lost-1")),
        ("dashboard record, error true", "second-remove-1", None),
        ("account None", "remove-passkey-form-1", Some("passkey-is-lost-1")),
        ("account None", "remove-passkey-form-2", Some("passkey-is-lost-2")),
        ("account None", "recovery-codes-form", Some("old-codes-stop")),
    ] {
        let tags = page(name);
        let start = tags.iter().position(|tag| tag.attribute("id") == Some(form)).unwrap();
        let fields = tags.iter().skip(start + 1).take_while(|tag| tag.name != "form");
        let asked: Vec<_> = fields.filter(|tag| tag.attribute("type") == Some("checkbox")).collect();
        assert_eq!(asked.first().and_then(|tag| tag.attribute("id")), tick, "{name}");
        assert!(asked.iter().all(|tag| tag.attribute("required").is_some()), "{name}");
    }
}

#[test]
fn the_form_of_a_row_is_unfolded_where_its_box_was_not_ticked_and_nowhere_else() {
    for (name, expected) in
        [("dashboard record, error false", [false, false]), ("dashboard record, error true", [false, true])]
    {
        let tags = page(name);
        let open = ["second-delete-0-details", "second-delete-1-details"]
            .map(|id| tag_with_id(&tags, id).unwrap().attribute("open").is_some());
        assert_eq!(open, expected, "{name}");
        assert!(
            tag_with_id(&tags, "second-remove-0-details").is_none(),
            "what needs no tick is not folded up"
        );
    }
}

#[test]
fn fields_tell_browsers_what_to_fill_in() {
    for (name, id, autocomplete, inputmode) in [
        ("sign_in None", "user-name", "username webauthn", None),
        ("sign_in None", "password", "current-password", None),
        ("second_factor Authenticator None", "code", "one-time-code", Some("numeric")),
        ("totp_setup false", "code", "one-time-code", Some("numeric")),
        ("set_password None", "user-name", "username", None),
        ("set_password None", "new-password", "new-password", None),
        ("first_operator None", "display-name", "name", None),
        ("account None", "current-password", "current-password", None),
        ("account None", "new-password", "new-password", None),
    ] {
        let tags = page(name);
        let field = tag_with_id(&tags, id).unwrap();
        assert_eq!(field.attribute("autocomplete"), Some(autocomplete), "{name}: {id}");
        assert_eq!(field.attribute("inputmode"), inputmode, "{name}: {id}");
    }
}

#[test]
fn the_focus_is_where_the_next_word_is_typed() {
    let texts = Texts::new("/");
    for (user_name, message, focused) in [
        ("", None, "user-name"),
        ("ada", None, "password"),
        ("ada", Some(SignInMessage::Refused), "password"),
    ] {
        let html = SignInPage { user_name, ..samples::sign_in(&texts, message) }.render().unwrap();
        assert_eq!(focused_id(&tags(&html)), Some(focused));
    }
    for (name, focused) in [
        ("first_operator None", "user-name"),
        ("first_operator Some(DisplayNameRefused)", "display-name"),
        ("first_operator Some(Password(TooShort))", "new-password"),
        ("set_password None", "new-password"),
        ("second_factor Authenticator None", "code"),
        ("second_factor RecoveryCode None", "recovery-code"),
        ("forgotten", "email"),
        ("totp_setup true", "code"),
    ] {
        let tags = page(name);
        assert_eq!(focused_id(&tags), Some(focused), "{name}");
    }
    // What is scanned comes before what is typed, and stays in view.
    assert_eq!(focused_id(&page("totp_setup false")), None);
}

fn focused_id(tags: &[Tag]) -> Option<&str> {
    tags.iter().find(|tag| tag.attribute("autofocus").is_some()).and_then(|tag| tag.attribute("id"))
}

#[test]
fn passkeys_and_copying_are_offered_only_where_script_runs() {
    for name in ["sign_in None", "account None"] {
        let tags = page(name);
        let form = tag_with_id(&tags, "passkey-form").unwrap();
        for attribute in ["hidden", "data-options", "data-cancelled", "data-failed"] {
            assert!(form.attribute(attribute).is_some(), "{name}: {attribute}");
        }
        let kind = if name.starts_with("account") { "create" } else { "get" };
        assert_eq!(form.attribute("data-passkey"), Some(kind), "{name}");
    }
    for name in ["token_once", "recovery_codes_once", "totp_setup false"] {
        assert!(tag_with_id(&page(name), "copy-button").unwrap().attribute("hidden").is_some(), "{name}");
    }
}

#[test]
fn what_is_not_offered_leaves_no_trace() {
    let texts = Texts::new("/");
    let bare = SignInPage {
        passkey: None::<PasskeyOffer<'_>>,
        forgotten_path: None,
        app_name: None,
        ..samples::sign_in(&texts, None)
    };
    let html = bare.render().unwrap();
    for absent in ["passkey", "<script", "forgotten-link", "app-name"] {
        assert!(!html.replace("username webauthn", "").contains(absent), "{absent}");
    }
}

#[test]
fn the_second_step_begins_at_the_way_that_was_tried() {
    let texts = Texts::new("/");
    for (way, tried, other) in [
        (SecondFactorWay::Authenticator, "code", "recovery-code"),
        (SecondFactorWay::RecoveryCode, "recovery-code", "code"),
    ] {
        let refused = Some(SecondFactorMessage::CodeRefused);
        let html = samples::second_factor(&texts, way, refused).render().unwrap();
        let tags = tags(&html);
        let (tried, other) = (tag_with_id(&tags, tried).unwrap(), tag_with_id(&tags, other).unwrap());
        let says_what_is_wrong =
            |tag: &Tag| tag.attribute("aria-describedby").is_some_and(|ids| ids.contains("error-message"));
        assert!(tried.attribute("autofocus").is_some() && tried.attribute("aria-invalid").is_some());
        assert!(says_what_is_wrong(tried));
        assert!(other.attribute("autofocus").is_none() && other.attribute("aria-invalid").is_none());
        assert!(!says_what_is_wrong(other));
        let is_open = html.contains("<details class=\"more\" open>");
        assert_eq!(is_open, way == SecondFactorWay::RecoveryCode);
    }
}

#[test]
fn what_a_sign_in_page_says_is_read_out_with_the_field_that_has_the_focus() {
    let texts = Texts::new("/");
    for message in SignInMessage::ALL {
        let html = samples::sign_in(&texts, Some(message)).render().unwrap();
        let tags = tags(&html);
        let focused = tags.iter().find(|tag| tag.attribute("autofocus").is_some()).unwrap();
        let described = tag_with_id(&tags, focused.attribute("aria-describedby").unwrap()).unwrap();
        assert_eq!(described.attribute("data-code"), Some(message.code()));
    }
}

#[test]
fn only_the_first_operator_chooses_names() {
    let texts = Texts::new("/");
    let html =
        samples::set_password(&texts, PasswordOwner::User { user_name: "ada" }, None).render().unwrap();
    let tags = tags(&html);
    let shown = tag_with_id(&tags, "user-name").unwrap();
    // Without a name the field is not sent, so nobody can set the password of somebody else with it.
    assert_eq!((shown.attribute("name"), shown.attribute("value")), (None, Some("ada")));
    assert!(shown.attribute("readonly").is_some());
    assert!(tag_with_id(&tags, "display-name").is_none());
    assert!(html.contains("At least 15 characters"));
}

#[test]
fn the_decision_about_consent_is_one_form_with_two_buttons() {
    let tags = page("consent");
    for (id, value) in [("allow", "allow"), ("deny", "deny")] {
        let button = tag_with_id(&tags, id).unwrap();
        assert_eq!(button.attribute("name"), Some("decision"));
        assert_eq!(button.attribute("value"), Some(value));
        assert_eq!(button.attribute("type"), Some("submit"));
    }
    assert_eq!(tags.iter().filter(|tag| tag.name == "form").count(), 1);
}

#[test]
fn nobody_learns_from_the_page_after_the_wish_whether_there_is_a_user() {
    let sample = samples::all("/").into_iter().find(|sample| sample.name == "forgotten_sent").unwrap();
    assert!(sample.html.contains("If there is an account for what you entered"));
    // All that goes into it is the frame and one path, so it cannot differ.
    assert_eq!(sample.texts.len(), 3);
}

#[test]
fn a_link_that_does_not_work_says_who_makes_another_whatever_it_was_for() {
    let sample = samples::all("/").into_iter().find(|sample| sample.name == "link_used").unwrap();
    for words in ["ask for a new link", "ask whoever invited you", "<code>turnkeep operator link</code>"] {
        assert!(sample.html.contains(words), "{words}");
    }
}

#[test]
fn what_cannot_go_on_is_not_said_to_be_about_time_or_an_app_alone() {
    let phrase = PageError::InteractionExpired.phrase();
    for words in
        ["took too long", "was finished already", "the app does not take part", "where you came from"]
    {
        assert!(phrase.contains(words), "{phrase}");
    }
}
