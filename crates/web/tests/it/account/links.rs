//! Links that work once, and the way to one for who has forgotten their password.

use serde_json::json;

use super::browser::{Browser, form_of, message_of};
use super::pages::assert_page;
use super::persons::{PASSWORD, person_with_password, set_password, signed_in};
use crate::world::people::text;
use crate::world::{BASE_URL, World};

const NEW_PASSWORD: &str = "eleven grey tractors hum at noon";

/// A person with an address, who has a password.
async fn person_with_mail(world: &World, name: &str) {
    let user = json!({
        "kind": "internal", "name": name, "display_name": name, "email": format!("{name}@example.com"),
    });
    text(&world.create("/api/v1/users", user).await["id"]);
    set_password(world, name, PASSWORD);
}

/// The path of the link in the only mail that was sent.
#[track_caller]
fn mailed_path(world: &World, to: &str) -> String {
    let mails = world.mail.take();
    let [mail] = &mails[..] else { panic!("{mails:?}") };
    assert_eq!(mail.to, to);
    let start = mail.text.find(&format!("{BASE_URL}/account/link?token=")).unwrap();
    let url = mail.text[start..].split_whitespace().next().unwrap();
    url.strip_prefix(BASE_URL).unwrap().to_owned()
}

#[actix_web::test]
async fn whoever_forgot_a_password_gets_a_link_and_nobody_learns_who_is_there() {
    let world = World::new().await;
    person_with_mail(&world, "ada").await;
    for name in ["ada", "ADA@example.com", "nobody", "nobody@example.com", "", "<script>"] {
        let browser = Browser::new(&world);
        let page = browser.get("/account/forgotten").await;
        assert_page(&page);
        let asked = browser.submit(&page, "reset-form", &[("email", name)]).await;
        assert_eq!(
            (asked.status, asked.header("location")),
            (303, Some("/account/forgotten/sent")),
            "{name}"
        );
        let sent = browser.get("/account/forgotten/sent").await;
        assert_eq!(sent.status, 200);
        assert_page(&sent);
        assert!(world.mail.take().is_empty(), "later, so that the time tells nothing");
        world.keep_books();
        let expected = name.to_lowercase().starts_with("ada");
        assert_eq!(world.mail.take().len(), usize::from(expected), "{name}");
    }
}

#[actix_web::test]
async fn a_link_sets_a_password_once_and_ends_what_was_before() {
    let world = World::new().await;
    person_with_mail(&world, "ada").await;
    let before = signed_in(&world, "ada").await;
    let browser = Browser::new(&world);
    let page = browser.get("/account/forgotten").await;
    browser.submit(&page, "reset-form", &[("email", "ada")]).await;
    world.keep_books();
    let path = mailed_path(&world, "ada@example.com");

    browser.get(&path).await;
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200, "looking at it uses nothing up: {}", page.text());
    assert_page(&page);
    let short = browser.submit(&page, "set-password-form", &[("new_password", "short")]).await;
    assert_eq!((short.status, message_of(&short).as_deref()), (422, Some("password_too_short")));
    let forged = Browser::new(&world).send_form(&form_of(&page, "set-password-form"), &[]).await;
    assert_eq!((forged.status, message_of(&forged).as_deref()), (403, Some("form_expired")));
    let done = browser.submit(&page, "set-password-form", &[("new_password", NEW_PASSWORD)]).await;
    assert_eq!((done.status, done.header("location")), (303, Some("/account")), "{}", done.text());
    assert_eq!(browser.get("/account").await.status, 200);
    assert_eq!(before.get("/account").await.status, 303);
    assert_eq!(Browser::new(&world).sign_in("ada", PASSWORD).await.status, 403);
    assert_eq!(Browser::new(&world).sign_in("ada", NEW_PASSWORD).await.status, 303);

    let spent = browser.submit(&page, "set-password-form", &[("new_password", NEW_PASSWORD)]).await;
    let unknown = browser.get("/account/link?token=tkal_made_up").await;
    for answer in [spent, browser.get(&path).await, unknown, browser.get("/account/link").await] {
        assert_eq!((answer.status, message_of(&answer).as_deref()), (400, Some("link_invalid")));
        assert_page(&answer);
    }
}

#[actix_web::test]
async fn a_known_browser_does_not_wait_for_what_others_asked_for() {
    let world = World::new().await;
    person_with_mail(&world, "ada").await;
    let known = signed_in(&world, "ada").await;
    let ask = async |browser: &Browser| {
        let page = browser.get("/account/forgotten").await;
        browser.submit(&page, "reset-form", &[("email", "ada")]).await;
        world.keep_books();
        world.mail.take().len()
    };
    let strangers = [
        ask(&Browser::new(&world)).await,
        ask(&Browser::new(&world)).await,
        ask(&Browser::new(&world)).await,
        ask(&Browser::new(&world)).await,
    ];
    assert_eq!(strangers, [1, 1, 1, 0]);
    assert_eq!(ask(&known).await, 1);
}

#[actix_web::test]
async fn a_link_does_not_work_for_ever() {
    let world = World::new().await;
    person_with_mail(&world, "ada").await;
    let browser = Browser::new(&world);
    let page = browser.get("/account/forgotten").await;
    browser.submit(&page, "reset-form", &[("email", "ada")]).await;
    world.keep_books();
    let path = mailed_path(&world, "ada@example.com");
    world.advance(30 * 60);
    assert_eq!(browser.get(&path).await.status, 400);
}

#[actix_web::test]
async fn the_first_operator_makes_an_account_by_the_link_of_the_first_start() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let page = browser.get(&world.first_operator_path).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_page(&page);
    for (name, display_name, password, code) in [
        ("white space", "Ada", NEW_PASSWORD, "user_name_refused"),
        ("", "Ada", NEW_PASSWORD, "user_name_refused"),
        ("ada", "", NEW_PASSWORD, "display_name_refused"),
        ("ada", "Ada", "short", "password_too_short"),
        ("<script>", "\"><script>", "short", "password_too_short"),
    ] {
        let fields = [("user_name", name), ("display_name", display_name), ("new_password", password)];
        let refused = browser.submit(&page, "set-password-form", &fields).await;
        assert_eq!((refused.status, message_of(&refused).as_deref()), (422, Some(code)), "{name}");
        assert!(!refused.text().contains("<script>"), "{}", refused.text());
    }
    let fields = [("user_name", "Ada"), ("display_name", "Ada L."), ("new_password", NEW_PASSWORD)];
    let made = browser.submit(&page, "set-password-form", &fields).await;
    assert_eq!((made.status, made.header("location")), (303, Some("/dashboard")), "{}", made.text());
    let home = browser.get("/dashboard").await;
    assert!(home.text().contains("Ada L.") && home.text().contains("id=\"protect-link\" href=\"/account\""));
    assert_eq!(browser.get(&world.first_operator_path).await.status, 400, "it worked once");
    assert_eq!(Browser::new(&world).sign_in("ada", NEW_PASSWORD).await.status, 303);
}

#[actix_web::test]
async fn a_link_of_somebody_with_a_second_factor_asks_for_it() {
    let world = World::new().await;
    person_with_mail(&world, "ada").await;
    super::persons::set_up_totp(&world, &signed_in(&world, "ada").await).await;
    let browser = Browser::new(&world);
    let page = browser.get("/account/forgotten").await;
    browser.submit(&page, "reset-form", &[("email", "ada")]).await;
    world.keep_books();
    let page = browser.get(&mailed_path(&world, "ada@example.com")).await;
    let second = browser.submit(&page, "set-password-form", &[("new_password", NEW_PASSWORD)]).await;
    assert_eq!((second.status, browser.session()), (200, None));
    form_of(&second, "second-factor-form");
}

#[actix_web::test]
async fn a_link_of_one_instance_leads_nowhere_in_another() {
    let world = World::new().await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    person_with_password(&world, "ada").await;
    let elsewhere = Browser::new(&world).get(&format!("/i/acme{}", world.first_operator_path)).await;
    assert_eq!((elsewhere.status, message_of(&elsewhere).as_deref()), (400, Some("link_invalid")));
}
