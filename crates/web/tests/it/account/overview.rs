//! What somebody sees of their account, and what they end and change there.

use super::browser::{Browser, csrf_of, form_of, form_to, message_of};
use super::pages::assert_page;
use super::persons::{PASSWORD, person_with_password, signed_in};
use crate::world::World;
use crate::world::answer::Answer;

const NEW_PASSWORD: &str = "eleven grey tractors hum at noon";

/// The path that ends the session which is not the one that looks.
fn other_session(account: &Answer) -> String {
    let mut entries = account.text().split("<li class=\"entry\">");
    let other = entries.find(|entry| entry.contains("/end\"") && !entry.contains("this-session")).unwrap();
    let (_, rest) = other.split_once("action=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[actix_web::test]
async fn somebody_sees_their_sessions_and_ends_another() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    person_with_password(&world, "eve").await;
    let here = signed_in(&world, "ada").await;
    let there = Browser::new(&world).called("Mozilla/5.0 (X11; Linux x86_64) Gecko/1 Firefox/140.0");
    there.sign_in("ada", PASSWORD).await;
    let account = here.get("/account").await;
    assert!(account.text().contains("Firefox on Linux"), "{}", account.text());
    let path = other_session(&account);

    let eve = signed_in(&world, "eve").await;
    let csrf = csrf_of(&eve.get("/account").await);
    assert_eq!(eve.post(&path, &[("csrf", &csrf)]).await.status, 404, "not hers");
    assert_eq!(here.post(&path, &[("csrf", &csrf)]).await.status, 403, "not from his pages");
    assert_eq!(there.get("/account").await.status, 200);

    let ended = here.send_form(&form_to(&account, &path), &[]).await;
    assert_eq!((ended.status, ended.header("location")), (303, Some("/account?done=session_ended")));
    let after = here.get("/account?done=session_ended").await;
    assert_eq!(message_of(&after).as_deref(), Some("session_ended"));
    assert_eq!(there.get("/account").await.status, 303, "it is out");
    for path in ["/account/sessions/x/end", "/account/sessions/ses_00000000000000000000000000/end"] {
        let hidden = csrf_of(&after);
        assert_eq!(here.post(path, &[("csrf", &hidden)]).await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn all_other_sessions_end_at_once() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let here = signed_in(&world, "ada").await;
    let others = [signed_in(&world, "ada").await, signed_in(&world, "ada").await];
    let ended = here.submit(&here.get("/account").await, "end-others-form", &[]).await;
    assert_eq!((ended.status, ended.header("location")), (303, Some("/account?done=session_ended")));
    let account = here.get("/account").await;
    assert_eq!(account.status, 200);
    assert!(!account.text().contains("end-others-form"), "there are none");
    for other in others {
        assert_eq!(other.get("/account").await.status, 303);
    }
}

#[actix_web::test]
async fn a_new_password_ends_every_other_session_and_gives_this_one_a_new_handle() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let (here, there) = (signed_in(&world, "ada").await, signed_in(&world, "ada").await);
    let account = here.get("/account").await;
    let change = |current: &'static str, new: &'static str| {
        let form = form_of(&account, "change-password-form");
        let here = &here;
        async move { here.send_form(&form, &[("current_password", current), ("new_password", new)]).await }
    };
    for (current, new, status, code) in [
        ("not it at all", NEW_PASSWORD, 403, "current_password_refused"),
        ("", NEW_PASSWORD, 403, "current_password_refused"),
        (PASSWORD, "short", 422, "password_too_short"),
        (PASSWORD, "", 422, "password_too_short"),
        (PASSWORD, "passwordpassword", 422, "password_common"),
    ] {
        let answer = change(current, new).await;
        assert_eq!((answer.status, message_of(&answer).as_deref()), (status, Some(code)), "{current} {new}");
        assert_page(&answer);
        assert!(!answer.text().contains(PASSWORD) && !answer.text().contains(NEW_PASSWORD));
    }
    let before = here.session();
    let changed = change(PASSWORD, NEW_PASSWORD).await;
    assert_eq!((changed.status, changed.header("location")), (303, Some("/account?done=password_changed")));
    assert_ne!(here.session(), before);
    assert_eq!(here.get("/account").await.status, 200);
    assert_eq!(there.get("/account").await.status, 303);
    assert_eq!(Browser::new(&world).sign_in("ada", PASSWORD).await.status, 403);
    assert_eq!(Browser::new(&world).sign_in("ada", NEW_PASSWORD).await.status, 303);
}

#[actix_web::test]
async fn attack_66_what_a_browser_calls_itself_is_text_and_nothing_else() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let browser = Browser::new(&world).called("<script>alert(1)</script>\"'><img src=x onerror=alert(2)>");
    browser.sign_in("ada", PASSWORD).await;
    let account = browser.get("/account").await;
    assert!(account.text().contains("&#60;script&#62;alert(1)"), "{}", account.text());
    assert!(!account.text().contains("<script>") && !account.text().contains("<img"), "{}", account.text());
    let hostile = "<script>alert(3)</script>";
    let answer = Browser::new(&world).sign_in(hostile, PASSWORD).await;
    assert!(!answer.text().contains(hostile), "{}", answer.text());
    assert!(answer.text().contains("&#60;script&#62;alert(3)"), "{}", answer.text());
}

#[actix_web::test]
async fn attack_68_every_way_to_change_an_account_needs_a_session() {
    let world = World::new().await;
    for path in [
        "/account/sign-out",
        "/account/sessions/end-others",
        "/account/sessions/ses_00000000000000000000000000/end",
        "/account/consents/app_00000000000000000000000000/revoke",
        "/account/password",
        "/account/passkeys",
        "/account/passkeys/options",
        "/account/passkeys/pky_00000000000000000000000000/remove",
        "/account/totp",
        "/account/totp/confirm",
        "/account/totp/remove",
        "/account/recovery-codes",
        "/account/tokens",
        "/account/tokens/rtk_00000000000000000000000000/revoke",
    ] {
        let answer = Browser::new(&world).post(path, &[]).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some("/account/sign-in")), "{path}");
    }
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    for path in [
        "/account/password",
        "/account/totp",
        "/account/totp/remove",
        "/account/passkeys/options",
        "/account/recovery-codes",
        "/account/sessions/end-others",
        "/account/tokens",
        "/account/tokens/rtk_00000000000000000000000000/revoke",
    ] {
        let answer = browser.post(path, &[]).await;
        assert_eq!((answer.status, message_of(&answer).as_deref()), (403, Some("form_expired")), "{path}");
    }
}
