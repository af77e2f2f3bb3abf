//! The ceremonies of passkeys as far as they need no authenticator.

use super::browser::{Browser, form_of, message_of};
use super::pages::assert_page;
use super::persons::{person_with_password, signed_in};
use crate::world::World;

#[actix_web::test]
async fn options_come_as_json_and_what_is_no_answer_to_them_is_refused() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let page = form_of(&browser.get("/account/sign-in").await, "passkey-form");
    let options = browser.post("/account/passkey/options", &[("csrf", &page.hidden[0].1)]).await;
    assert_eq!((options.status, options.header("content-type")), (200, Some("application/json")));
    assert_page(&options);
    let body = options.json();
    assert_eq!(body["publicKey"]["rpId"], "id.example.com");
    assert_eq!(body["publicKey"]["userVerification"], "required");
    let ceremony = body["ceremony"].as_str().unwrap();
    for (credential, ceremony) in [("", ""), ("{}", ceremony), ("<script>", ceremony), ("{}", "made up")] {
        let fields = [("credential", credential), ("ceremony", ceremony)];
        let answer = browser.send_form(&page, &fields).await;
        assert_eq!((answer.status, message_of(&answer).as_deref()), (403, Some("passkey_refused")));
        assert_eq!(browser.session(), None);
    }
    let forged = browser.post("/account/passkey/options", &[]).await;
    assert_eq!((forged.status, message_of(&forged).as_deref()), (403, Some("form_expired")));
}

#[actix_web::test]
async fn a_passkey_is_added_by_who_signed_in_a_moment_ago_only() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    let page = form_of(&browser.get("/account").await, "passkey-form");
    let csrf = page.hidden[0].1.clone();
    let options = browser.post("/account/passkeys/options", &[("csrf", &csrf)]).await;
    let body = options.json();
    assert_eq!(body["publicKey"]["user"]["name"], "ada");
    let fields = [("ceremony", body["ceremony"].as_str().unwrap()), ("credential", "{}"), ("name", "Laptop")];
    let refused = browser.send_form(&page, &fields).await;
    assert_eq!((refused.status, message_of(&refused).as_deref()), (422, Some("passkey_refused")));
    world.advance(601);
    let stale = browser.post("/account/passkeys/options", &[("csrf", &csrf)]).await;
    assert_eq!((stale.status, stale.header("location")), (303, Some("/account/sign-in?again=1")));
}
