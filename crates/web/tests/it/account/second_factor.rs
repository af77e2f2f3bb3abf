//! The authenticator app, its recovery codes, and the second step of signing in.

use turnkeep_testkit::page_form::text_of;

use super::browser::{Browser, csrf_of, form_of, message_of};
use super::pages::assert_page;
use super::persons::{
    PASSWORD, person_with_password, recovery_codes, set_up_totp, signed_in, totp_code, totp_secret,
};
use crate::world::World;

#[actix_web::test]
async fn who_has_an_authenticator_app_is_asked_for_a_code_and_each_works_once() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let (secret, _) = set_up_totp(&world, &signed_in(&world, "ada").await).await;
    world.advance(30);
    let browser = Browser::new(&world);
    let second = browser.sign_in("ada", PASSWORD).await;
    assert_eq!(second.status, 200, "{}", second.text());
    assert_page(&second);
    assert_eq!(browser.session(), None, "half of it is nothing");
    let wrong = browser.submit(&second, "second-factor-form", &[("code", "000000")]).await;
    assert_eq!((wrong.status, message_of(&wrong).as_deref()), (403, Some("code_refused")));
    assert_page(&wrong);
    let code = totp_code(&world, &secret);
    let right = browser.submit(&wrong, "second-factor-form", &[("code", &code)]).await;
    assert_eq!((right.status, right.header("location")), (303, Some("/account")), "{}", right.text());
    assert!(browser.get("/account").await.text().contains("Password and code"));

    let other = Browser::new(&world);
    let second = other.sign_in("ada", PASSWORD).await;
    let again = other.submit(&second, "second-factor-form", &[("code", &code)]).await;
    assert_eq!((again.status, other.session()), (403, None), "a code works once");
}

#[actix_web::test]
async fn the_first_step_is_worth_nothing_elsewhere_later_or_changed() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let (secret, _) = set_up_totp(&world, &signed_in(&world, "ada").await).await;
    world.advance(30);
    let browser = Browser::new(&world);
    let second = form_of(&browser.sign_in("ada", PASSWORD).await, "second-factor-form");
    let sealed = second.hidden.iter().find(|(name, _)| name == "pending").unwrap().1.clone();
    let code = totp_code(&world, &secret);
    let other = if sealed.ends_with('A') { "B" } else { "A" };
    let (changed, cut) = (format!("{}{other}", &sealed[..sealed.len() - 1]), &sealed[1..]);
    let swapped = format!("{}{}", &sealed[20..], &sealed[..20]);
    for pending in ["", "x", cut, &changed, &swapped] {
        let answer = browser.send_form(&second, &[("pending", pending), ("code", &code)]).await;
        assert_eq!((answer.status, message_of(&answer).as_deref()), (403, Some("second_factor_expired")));
    }
    let forged =
        Browser::new(&world).post("/account/second-factor", &[("pending", &sealed), ("code", &code)]).await;
    assert_eq!((forged.status, message_of(&forged).as_deref()), (403, Some("form_expired")));
    world.advance(600);
    let late = browser.send_form(&second, &[("code", &totp_code(&world, &secret))]).await;
    assert_eq!((late.status, message_of(&late).as_deref()), (403, Some("second_factor_expired")));
    assert_eq!(browser.session(), None);
}

#[actix_web::test]
async fn codes_are_not_guessed() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let (secret, _) = set_up_totp(&world, &signed_in(&world, "ada").await).await;
    world.advance(30);
    let attacker = Browser::at(&world, "198.51.100.7");
    let second = attacker.sign_in("ada", PASSWORD).await;
    for _ in 0..10 {
        let wrong = attacker.submit(&second, "second-factor-form", &[("code", "000000")]).await;
        assert_eq!(wrong.status, 403);
    }
    let code = totp_code(&world, &secret);
    let slowed = attacker.submit(&second, "second-factor-form", &[("code", &code)]).await;
    assert_eq!((slowed.status, message_of(&slowed).as_deref()), (429, Some("too_many_attempts")));
    assert!(slowed.header("retry-after").is_some());
}

#[actix_web::test]
async fn a_recovery_code_stands_in_for_the_app_once() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let owner = signed_in(&world, "ada").await;
    let (_, codes) = set_up_totp(&world, &owner).await;
    let code = codes[0].as_str();
    for (expected, left) in [(303, true), (403, false)] {
        let browser = Browser::new(&world);
        let second = browser.sign_in("ada", PASSWORD).await;
        let answer = browser.submit(&second, "recovery-form", &[("code", code)]).await;
        assert_eq!((answer.status, browser.session().is_some()), (expected, left), "{}", answer.text());
        // The page begins where it was tried.
        let is_open = answer.text().contains("<details class=\"more\" open>");
        assert_eq!(is_open, expected == 403);
    }
    let account = owner.get("/account").await;
    assert!(account.text().contains(&format!("data-left=\"{}\"", codes.len() - 1)), "{}", account.text());
    let renewed = owner.submit(&account, "recovery-codes-form", &[("old_codes_stop", "on")]).await;
    assert_eq!(renewed.status, 200);
    assert_page(&renewed);
    let fresh = recovery_codes(&renewed);
    assert!(fresh.len() == codes.len() && fresh.iter().all(|code| !codes.contains(code)));
    let browser = Browser::new(&world);
    let second = browser.sign_in("ada", PASSWORD).await;
    let old = browser.submit(&second, "recovery-form", &[("code", &codes[1])]).await;
    assert_eq!(old.status, 403, "new codes replace the old ones");
}

#[actix_web::test]
async fn no_recovery_code_is_ended_by_the_press_of_one_button() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let owner = signed_in(&world, "ada").await;
    let (_, codes) = set_up_totp(&world, &owner).await;
    let account = owner.get("/account").await;
    assert!(account.text().contains(" id=\"new-recovery-codes\">"), "{}", account.text());
    for ticked in [&[][..], &[("old_codes_stop", "")], &[("old_codes_stop", "off")]] {
        let refused = owner.submit(&account, "recovery-codes-form", ticked).await;
        assert_page(&refused);
        assert_eq!(refused.status, 422, "{ticked:?}");
        let error = text_of(refused.text(), "old-codes-stop-error").unwrap();
        assert_eq!(error, "Tick this to show that you mean it: nothing was changed.", "{ticked:?}");
        assert!(refused.text().contains(" id=\"new-recovery-codes\" open>"), "{}", refused.text());
    }
    let browser = Browser::new(&world);
    let second = browser.sign_in("ada", PASSWORD).await;
    assert_eq!(browser.submit(&second, "recovery-form", &[("code", &codes[0])]).await.status, 303);

    // Who may not have new ones hears that, ticked or not.
    let form = form_of(&account, "recovery-codes-form");
    person_with_password(&world, "eve").await;
    let eve = signed_in(&world, "eve").await;
    let csrf = csrf_of(&eve.get("/account").await);
    for ticked in ["on", ""] {
        let fields = [("csrf", csrf.as_str()), ("old_codes_stop", ticked)];
        assert_eq!(eve.post(&form.action, &fields).await.status, 404, "{ticked:?}");
    }
    world.advance(601);
    for ticked in ["on", ""] {
        let stale = owner.send_form(&form, &[("old_codes_stop", ticked)]).await;
        assert_eq!((stale.status, stale.header("location")), (303, Some("/account/sign-in?again=1")));
    }
}

#[actix_web::test]
async fn setting_it_up_needs_a_right_code_and_a_recent_sign_in() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    let account = browser.get("/account").await;
    let setup = browser.submit(&account, "totp-start-form", &[]).await;
    assert_page(&setup);
    assert!(setup.text().contains("<svg"), "{}", setup.text());
    let wrong = browser.submit(&setup, "totp-form", &[("code", "000000")]).await;
    assert_eq!((wrong.status, totp_secret(&wrong)), (403, totp_secret(&setup)), "the same secret again");
    assert_eq!(Browser::new(&world).sign_in("ada", PASSWORD).await.status, 303, "it is not on yet");

    world.advance(601);
    let stale = browser.submit(&account, "totp-start-form", &[]).await;
    assert_eq!((stale.status, stale.header("location")), (303, Some("/account/sign-in?again=1")));
    assert_eq!(browser.sign_in_anew("ada", PASSWORD).await.status, 303);
    let account = browser.get("/account").await;
    assert_eq!(browser.submit(&account, "totp-start-form", &[]).await.status, 200);
}

#[actix_web::test]
async fn it_is_removed_with_the_password_by_who_signed_in_a_moment_ago() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    set_up_totp(&world, &browser).await;
    let account = browser.get("/account").await;
    for (password, status, code) in
        [("", 403, "totp_password_refused"), ("not it at all", 403, "totp_password_refused")]
    {
        let answer = browser.submit(&account, "totp-remove-form", &[("current_password", password)]).await;
        assert_eq!((answer.status, message_of(&answer).as_deref()), (status, Some(code)), "{password}");
        assert_page(&answer);
        assert!(answer.text().contains("data-state=\"on\""));
    }
    let right = [("current_password", PASSWORD)];
    let removed = browser.submit(&account, "totp-remove-form", &right).await;
    assert_eq!((removed.status, removed.header("location")), (303, Some("/account?done=totp_removed")));
    let after = browser.get("/account?done=totp_removed").await;
    assert_eq!(message_of(&after).as_deref(), Some("totp_removed"));
    assert!(after.text().contains("data-state=\"off\""));
    assert_eq!(Browser::new(&world).sign_in("ada", PASSWORD).await.status, 303, "without a code");

    set_up_totp(&world, &browser).await;
    world.advance(600);
    let stale = browser.submit(&account, "totp-remove-form", &right).await;
    assert_eq!((stale.status, stale.header("location")), (303, Some("/account/sign-in?again=1")));
}

#[actix_web::test]
async fn it_stays_where_the_password_is_too_weak_without_it() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    set_up_totp(&world, &browser).await;
    let account = browser.get("/account").await;
    let weaker = "plumotters-run";
    let change = [("current_password", PASSWORD), ("new_password", weaker)];
    assert_eq!(browser.submit(&account, "change-password-form", &change).await.status, 303);
    let account = browser.get("/account").await;
    let answer = browser.submit(&account, "totp-remove-form", &[("current_password", weaker)]).await;
    assert_eq!((answer.status, message_of(&answer).as_deref()), (422, Some("totp_needed")));
    assert!(answer.text().contains("data-state=\"on\""));
}

#[actix_web::test]
async fn it_is_replaced_with_the_password_only() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    let before = browser.get("/account").await;
    set_up_totp(&world, &browser).await;
    // No page offers it any more, but the form of before is there.
    for password in [None, Some(""), Some("not it at all")] {
        let fields: Vec<_> = password.map(|password| ("current_password", password)).into_iter().collect();
        let answer = browser.submit(&before, "totp-start-form", &fields).await;
        assert_eq!((answer.status, message_of(&answer).as_deref()), (403, Some("totp_password_refused")));
        assert!(!answer.text().contains("<svg"), "no secret is shown");
    }
    let begun = browser.submit(&before, "totp-start-form", &[("current_password", PASSWORD)]).await;
    assert_eq!(begun.status, 200);
    assert!(begun.text().contains("<svg"));
}
