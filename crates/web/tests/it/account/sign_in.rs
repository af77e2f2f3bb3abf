//! Signing in and out, and the session that comes of it.

use actix_web::test::TestRequest;
use serde_json::json;

use super::browser::{Browser, encoded, form_of, link_of, message_of};
use super::pages::assert_page;
use super::persons::{PASSWORD, person_with_password, set_up_totp, signed_in, totp_code};
use crate::world::people::person;
use crate::world::requests::form;
use crate::world::{World, unlimited};

#[actix_web::test]
async fn somebody_signs_in_with_a_password_and_out_again() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let browser = Browser::new(&world);
    let away = browser.get("/account").await;
    assert_eq!((away.status, away.header("location")), (303, Some("/account/sign-in")));
    assert_page(&away);

    let answer = browser.sign_in("Ada", PASSWORD).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/account")), "{}", answer.text());
    assert_page(&answer);
    assert!(answer.body.is_empty());
    let cookies: Vec<&str> =
        answer.headers.get_all("set-cookie").map(|cookie| cookie.to_str().unwrap()).collect();
    let [session, device] = cookies[..] else { panic!("{cookies:?}") };
    assert!(session.starts_with("__Host-turnkeep-session=tkse_"), "{session}");
    assert!(session.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax"), "{session}");
    assert!(device.starts_with("__Host-turnkeep-device="), "{device}");
    assert!(device.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000"), "{device}");

    let account = browser.get("/account").await;
    assert_eq!(account.status, 200, "{}", account.text());
    assert_page(&account);
    assert!(account.text().contains("<span id=\"user-name\">ada</span>"));
    assert!(account.text().contains("id=\"this-session\""));
    let again = browser.get("/account/sign-in").await;
    assert_eq!((again.status, again.header("location")), (303, Some("/account")));

    let old = browser.session().unwrap();
    let left = browser.submit(&account, "sign-out-form", &[]).await;
    assert_eq!((left.status, left.header("location")), (303, Some("/account/signed-out")), "{}", left.text());
    assert_eq!(browser.session(), None);
    assert_eq!(browser.get("/account/signed-out").await.status, 200);
    browser.plant("__Host-turnkeep-session", &old);
    assert_eq!(browser.get("/account").await.status, 303, "the handle is dead on the server, too");
}

#[actix_web::test]
async fn who_asks_for_a_page_of_the_account_is_there_after_signing_in_however_late() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    for page in ["/account", "/account?done=password_changed", "/account/sign-out"] {
        let ada = Browser::new(&world);
        let sent = ada.get(page).await;
        assert_eq!((sent.status, sent.header("location")), (303, Some("/account/sign-in")), "{page}");
        let sign_in = ada.get("/account/sign-in").await;
        world.advance(2 * 3_600);
        let back =
            ada.submit(&sign_in, "sign-in-form", &[("user_name", "ada"), ("password", PASSWORD)]).await;
        assert_eq!((back.status, back.header("location")), (303, Some("/account")), "{page}");
    }
}

#[actix_web::test]
async fn nobody_learns_why_a_sign_in_does_not_work() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    person(&world, "bob").await;
    let disabled = person_with_password(&world, "dee").await;
    world.operated("POST", &format!("/api/v1/users/{disabled}/disable"), None).await;
    let system = json!({"kind": "system", "name": "robot", "display_name": "Robot"});
    world.create("/api/v1/users", system).await;
    let mut pages = Vec::new();
    let long = "x".repeat(2_000);
    for (name, password) in [
        ("ada", "wrong password of somebody"),
        ("nobody", PASSWORD),
        ("bob", PASSWORD),
        ("dee", PASSWORD),
        ("robot", PASSWORD),
        ("ada", ""),
        ("ada", &long),
    ] {
        let answer = Browser::new(&world).sign_in(name, password).await;
        assert_eq!((answer.status, message_of(&answer).as_deref()), (403, Some("sign_in_refused")), "{name}");
        assert!(!answer.text().contains(PASSWORD) && answer.headers.get_all("set-cookie").next().is_none());
        let csrf =
            form_of(&answer, "sign-in-form").hidden.into_iter().find(|(name, _)| name == "csrf").unwrap();
        pages.push(answer.text().replace(&csrf.1, "").replace(&format!("value=\"{name}\""), ""));
    }
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:#?}");
}

#[actix_web::test]
async fn attack_27_no_session_is_fixed_from_outside() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    person_with_password(&world, "eve").await;
    let planted = signed_in(&world, "eve").await.session().unwrap();
    for handle in [planted.as_str(), "tkse_made_up", "x"] {
        let browser = Browser::new(&world);
        browser.plant("__Host-turnkeep-session", handle);
        let page = browser.get("/account/sign-in?again=1").await;
        browser.submit(&page, "sign-in-form", &[("user_name", "ada"), ("password", PASSWORD)]).await;
        let session = browser.session().unwrap();
        assert_ne!(session, handle);
        let theirs = Browser::new(&world);
        theirs.plant("__Host-turnkeep-session", handle);
        assert_eq!(theirs.get("/account").await.status, 303, "who planted it has nothing of it");
        assert!(browser.get("/account").await.text().contains("<span id=\"user-name\">ada</span>"));
    }
    let browser = signed_in(&world, "ada").await;
    let before = browser.session().unwrap();
    let again = browser.get("/account/sign-in?again=1").await;
    assert_eq!(message_of(&again).as_deref(), Some("sign_in_again"));
    let failed = browser.submit(&again, "sign-in-form", &[("user_name", "ada"), ("password", "no")]).await;
    assert_eq!((failed.status, browser.session()), (403, Some(before.clone())));
    browser.submit(&again, "sign-in-form", &[("user_name", "ada"), ("password", PASSWORD)]).await;
    assert_ne!(browser.session().unwrap(), before, "also who signs in again gets a new handle");
    let old = Browser::new(&world);
    old.plant("__Host-turnkeep-session", &before);
    assert_eq!(old.get("/account").await.status, 303);
}

#[actix_web::test]
async fn attack_17_signing_in_leads_to_no_address_from_outside() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    for parameter in ["return_to", "redirect_uri", "next", "returnUrl", "interaction"] {
        let browser = Browser::new(&world);
        let page = browser.get("/account/sign-in").await;
        let mut fields = vec![("user_name", "ada"), ("password", PASSWORD)];
        fields.push((parameter, "https://evil.example/"));
        let answer = browser.submit(&page, "sign-in-form", &fields).await;
        match parameter {
            "interaction" => {
                assert_eq!(
                    (answer.status, message_of(&answer).as_deref()),
                    (400, Some("interaction_expired"))
                );
            }
            _ => assert_eq!((answer.status, answer.header("location")), (303, Some("/account"))),
        }
        let query = browser.get(&format!("/account/sign-in?{parameter}=https%3A%2F%2Fevil.example")).await;
        assert!(!query.text().contains("evil.example") && !format!("{:?}", query.headers).contains("evil"));
    }
}

#[actix_web::test]
async fn attack_68_whoever_is_disabled_is_out_with_the_next_request() {
    let world = World::new().await;
    let id = person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    assert_eq!(browser.get("/account").await.status, 200);
    world.operated("POST", &format!("/api/v1/users/{id}/disable"), None).await;
    assert_eq!(browser.get("/account").await.status, 303);
    world.operated("POST", &format!("/api/v1/users/{id}/enable"), None).await;
    assert_eq!(browser.get("/account").await.status, 303, "what was dead stays dead");
    assert_eq!(browser.sign_in("ada", PASSWORD).await.status, 303);
}

#[actix_web::test]
async fn sessions_end_by_idleness_and_by_age() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let idle = signed_in(&world, "ada").await;
    world.advance(29 * 60);
    assert_eq!(idle.get("/account").await.status, 200);
    world.advance(29 * 60);
    assert_eq!(idle.get("/account").await.status, 200, "it was used meanwhile");
    world.advance(30 * 60);
    assert_eq!(idle.get("/account").await.status, 303);
    let busy = signed_in(&world, "ada").await;
    for _ in 0..35 {
        world.advance(20 * 60);
        assert_eq!(busy.get("/account").await.status, 200);
    }
    world.advance(20 * 60);
    assert_eq!(busy.get("/account").await.status, 303, "twelve hours are over");
}

#[actix_web::test]
async fn attack_50_a_password_of_a_megabyte_is_refused_before_anybody_hashes_it() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let page = form_of(&browser.get("/account/sign-in").await, "sign-in-form");
    let huge = "x".repeat(1 << 20);
    let answer = browser.send_form(&page, &[("user_name", "ada"), ("password", &huge)]).await;
    assert_eq!((answer.status, message_of(&answer).as_deref()), (413, Some("too_large")));
}

#[actix_web::test]
async fn guessing_is_slowed_down_and_the_owner_still_gets_in_where_they_are_known() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let known = signed_in(&world, "ada").await;
    let attacker = Browser::at(&world, "198.51.100.7");
    let statuses = || async { attacker.sign_in("ada", "a guess that is wrong").await };
    for _ in 0..10 {
        assert_eq!(statuses().await.status, 403);
    }
    let slowed = statuses().await;
    assert_eq!((slowed.status, message_of(&slowed).as_deref()), (429, Some("too_many_attempts")));
    assert_page(&slowed);
    assert!(1 <= slowed.header("retry-after").unwrap().parse::<u64>().unwrap());
    assert_eq!(attacker.sign_in("ada", PASSWORD).await.status, 429, "the right one is not told from others");
    assert_eq!(known.sign_in_anew("ada", PASSWORD).await.status, 303);
    assert_eq!(Browser::at(&world, "203.0.113.9").sign_in("ada", PASSWORD).await.status, 303);
}

#[actix_web::test]
async fn guessing_at_everybody_from_one_address_is_slowed_down_too() {
    let mut settings = unlimited();
    settings.failure_guard.set("address=3/3600").unwrap();
    let world = World::with(settings);
    let attacker = Browser::new(&world);
    for (number, status) in [403, 403, 403, 429, 429].into_iter().enumerate() {
        let answer = attacker.sign_in(&format!("person{number}"), "a guess that is wrong").await;
        assert_eq!(answer.status, status, "{number}");
    }
    assert_eq!(Browser::at(&world, "203.0.113.9").sign_in("person0", "a guess").await.status, 403);
}

#[actix_web::test]
async fn attack_28_nobody_is_signed_out_by_another_site() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    let asked = browser.get("/account/sign-out").await;
    assert_eq!(asked.status, 200);
    assert!(asked.text().contains("id=\"sign-out-button\""));
    let forged = browser.post("/account/sign-out", &[]).await;
    assert_eq!((forged.status, message_of(&forged).as_deref()), (403, Some("form_expired")));
    let hidden = form_of(&asked, "sign-out-form").hidden;
    let fields: Vec<_> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let cross_site =
        form("/account/sign-out", &encoded(&fields)).insert_header(("Sec-Fetch-Site", "cross-site"));
    assert_eq!(browser.send(cross_site).await.status, 403);
    assert_eq!(browser.get("/account").await.status, 200, "still signed in");
    assert_eq!(browser.submit(&asked, "sign-out-form", &[]).await.status, 303);
    assert_eq!(browser.get("/account").await.status, 303);
}

#[actix_web::test]
async fn a_session_belongs_to_its_instance() {
    let world = World::new().await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    person_with_password(&world, "ada").await;
    let session = signed_in(&world, "ada").await.session().unwrap();
    let browser = Browser::new(&world);
    browser.plant("__Host-turnkeep-session-acme", &session);
    let answer = browser.get("/i/acme/account").await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/i/acme/account/sign-in")));
    // Two of a kind are none.
    let twice = format!("__Host-turnkeep-session={session}; __Host-turnkeep-session={session}");
    let request = TestRequest::get().uri("/account").insert_header(("Cookie", twice));
    assert_eq!(world.send(request).await.status, 303);
}

#[actix_web::test]
async fn who_signs_in_again_to_change_something_comes_back_to_the_account_and_hears_that_nothing_was_done() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    let links = ["passkeys-sign-in-again", "second-factor-sign-in-again"];
    let fresh = browser.get("/account").await;
    assert_eq!(links.map(|id| link_of(&fresh, id)), [None, None]);
    world.advance(600);
    let account = browser.get("/account").await;
    let again = "/account/sign-in?again=1";
    assert_eq!(links.map(|id| link_of(&account, id)), [Some(again.to_owned()), Some(again.to_owned())]);
    let stale = browser.submit(&account, "totp-start-form", &[]).await;
    assert_eq!((stale.status, stale.header("location")), (303, Some(again)));
    let page = browser.get(again).await;
    assert_eq!(message_of(&page).as_deref(), Some("sign_in_again"));
    // Also after a slip, and with the second factor between.
    let wrong = browser.submit(&page, "sign-in-form", &[("user_name", "ada"), ("password", "no")]).await;
    let right = [("user_name", "ada"), ("password", PASSWORD)];
    let admitted = browser.submit(&wrong, "sign-in-form", &right).await;
    assert_eq!((admitted.status, admitted.header("location")), (303, Some("/account?done=signed_in_again")));
    let account = browser.get("/account?done=signed_in_again").await;
    assert_eq!(message_of(&account).as_deref(), Some("signed_in_again"));
    assert!(account.text().contains("id=\"notice\" role=\"status\""), "{}", account.text());
    assert!(account.text().contains("Nothing was done yet"), "{}", account.text());
    assert_eq!(links.map(|id| link_of(&account, id)), [None, None]);

    let (totp, _) = set_up_totp(&world, &browser).await;
    world.advance(600);
    let second = browser.submit(&browser.get(again).await, "sign-in-form", &right).await;
    let anew = link_of(&second, "sign-in-link").unwrap();
    assert_eq!(browser.get(&anew).await.status, 200, "to begin anew leads there, too");
    let code = totp_code(&world, &totp);
    let admitted = browser.submit(&second, "second-factor-form", &[("code", &code)]).await;
    assert_eq!((admitted.status, admitted.header("location")), (303, Some("/account?done=signed_in_again")));
}
