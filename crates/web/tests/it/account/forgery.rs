//! Forms that somebody else made (attacks 26, 28 and 65).

use super::browser::{Browser, form_of, message_of};
use crate::world::World;
use crate::world::requests::form;

#[actix_web::test]
async fn attack_65_a_form_counts_only_with_the_token_of_its_browser() {
    let world = World::new().await;
    let (victim, attacker) = (Browser::new(&world), Browser::new(&world));
    let page = victim.get("/account/sign-in").await;
    let theirs = form_of(&attacker.get("/account/sign-in").await, "sign-in-form");
    let foreign = theirs.hidden.iter().find(|(name, _)| name == "csrf").unwrap().1.clone();
    let fields = |csrf| [("csrf", csrf), ("user_name", "ada"), ("password", "secret")];
    for csrf in ["", "x", foreign.as_str()] {
        let answer = victim.post("/account/sign-in", &fields(csrf)).await;
        assert_eq!((answer.status, message_of(&answer).as_deref()), (403, Some("form_expired")));
    }
    let without_cookie = Browser::new(&world).send_form(&form_of(&page, "sign-in-form"), &[]).await;
    assert_eq!((without_cookie.status, message_of(&without_cookie).as_deref()), (403, Some("form_expired")));
    let own = victim.submit(&page, "sign-in-form", &[("user_name", "ada"), ("password", "secret")]).await;
    assert_eq!((own.status, message_of(&own).as_deref()), (403, Some("sign_in_refused")));
}

#[actix_web::test]
async fn attack_65_a_form_from_another_site_is_refused_even_with_the_right_token() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let page = browser.get("/account/sign-in").await;
    let made = form_of(&page, "sign-in-form");
    let csrf = &made.hidden.iter().find(|(name, _)| name == "csrf").unwrap().1;
    for (header, value, code) in [
        ("Origin", "https://evil.example", "form_expired"),
        ("Origin", "https://id.example.com.evil.example", "form_expired"),
        ("Origin", "http://id.example.com", "form_expired"),
        ("Sec-Fetch-Site", "cross-site", "form_expired"),
        ("Sec-Fetch-Site", "same-site", "form_expired"),
        ("Sec-Fetch-Site", "same-origin", "sign_in_refused"),
        ("Origin", "https://id.example.com", "sign_in_refused"),
        ("Origin", "null", "sign_in_refused"),
    ] {
        let body = format!("csrf={csrf}&user_name=ada&password=secret");
        let answer = browser.send(form("/account/sign-in", &body).insert_header((header, value))).await;
        assert_eq!((answer.status, message_of(&answer).as_deref()), (403, Some(code)), "{header}: {value}");
    }
}
