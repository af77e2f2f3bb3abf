//! The ceremonies of passkeys as far as they need no authenticator.

use turnkeep_testkit::page_form::text_of;
use turnkeep_testkit::soft_authenticator::SoftAuthenticator;

use super::browser::{Browser, csrf_of, form_of, message_of};
use super::pages::assert_page;
use super::persons::{person_with_password, signed_in};
use crate::world::answer::Answer;
use crate::world::{BASE_URL, World};

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
    // A script sees that it is sent elsewhere, but not where: the form says it.
    let account = browser.get("/account").await;
    let (_, rest) = account.text().split_once("id=\"passkey-form\"").unwrap();
    assert!(rest.split('>').next().unwrap().contains(" data-sign-in=\"/account/sign-in?again=1\""), "{rest}");
}

/// How many passkeys a person can have.
const MAX_PASSKEYS: usize = 20;

/// Adds a passkey of a new authenticator as far as that needs no answer of the server any more: the fields to send.
async fn new_passkey(browser: &Browser<'_>, csrf: &str) -> [(&'static str, String); 3] {
    let options = browser.post("/account/passkeys/options", &[("csrf", csrf)]).await;
    let body = options.json();
    // The authenticator waits in its own way, which a thread that serves requests must not.
    let asked = body.to_string();
    let create = move || SoftAuthenticator::at(BASE_URL).create(&asked);
    let created = std::thread::spawn(create).join().unwrap().unwrap();
    let ceremony = body["ceremony"].as_str().unwrap().to_owned();
    [("csrf", csrf.to_owned()), ("ceremony", ceremony), ("credential", created)]
}

async fn add(browser: &Browser<'_>, fields: &[(&'static str, String)]) -> Answer {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post("/account/passkeys", &fields).await
}

#[actix_web::test]
async fn who_has_as_many_passkeys_as_there_may_be_is_told_so() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    let csrf = csrf_of(&browser.get("/account").await);
    let late = new_passkey(&browser, &csrf).await;
    for _ in 0..MAX_PASSKEYS {
        let added = add(&browser, &new_passkey(&browser, &csrf).await).await;
        assert_eq!(added.status, 200, "{}", added.text());
    }
    let refused = add(&browser, &late).await;
    assert_eq!((refused.status, message_of(&refused).as_deref()), (422, Some("too_many_passkeys")));
    // What the script asks for, it is told in words to show.
    let refused = browser.post("/account/passkeys/options", &[("csrf", &csrf)]).await;
    assert_eq!(
        (refused.status, refused.header("content-type")),
        (422, Some("application/problem+json")),
        "{}",
        refused.text()
    );
    assert_page(&refused);
    let problem = refused.json();
    assert_eq!(problem["code"], "too_many_passkeys");
    assert_eq!(problem["detail"], "You have as many passkeys as there may be. Please remove one first.");
}

#[actix_web::test]
async fn no_passkey_is_removed_by_the_press_of_one_button() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    let csrf = csrf_of(&browser.get("/account").await);
    for name in ["Phone", "<b>Laptop"] {
        let mut fields = new_passkey(&browser, &csrf).await.to_vec();
        fields.push(("name", name.to_owned()));
        assert_eq!(add(&browser, &fields).await.status, 200, "{name}");
        // They are listed in this order.
        world.advance(1);
    }
    let account = browser.get("/account").await;
    // Who does not see to which passkey a button belongs hears its name.
    let about = "Remove<span class=\"unseen\"> the passkey &#60;b&#62;Laptop</span></summary>";
    assert!(account.text().contains(about), "{}", account.text());
    for ticked in [&[][..], &[("passkey_is_lost", "")], &[("passkey_is_lost", "off")]] {
        let refused = browser.submit(&account, "remove-passkey-form-2", ticked).await;
        assert_page(&refused);
        assert_eq!(refused.status, 422, "{ticked:?}");
        let html = refused.text();
        let errors = [1, 2].map(|place| text_of(html, &format!("passkey-is-lost-{place}-error")));
        let error = "Tick this to show that you mean it: nothing was changed.".to_owned();
        assert_eq!(errors, [None, Some(error)], "{ticked:?}");
        assert!(html.contains(" id=\"passkey-1\">") && html.contains(" id=\"passkey-2\" open>"), "{html}");
        assert!(form_of(&browser.get("/account").await, "remove-passkey-form-2").action.contains("/pky_"));
    }

    let form = form_of(&account, "remove-passkey-form-2");
    let meant = [("passkey_is_lost", "on")];
    let removed = browser.send_form(&form, &meant).await;
    assert_eq!((removed.status, removed.header("location")), (303, Some("/account?done=passkey_removed")));
    let account = browser.get("/account").await;
    assert!(account.text().contains(">Phone<") && !account.text().contains("Laptop"), "{}", account.text());
    // What is not there, or is somebody else's, is not found, ticked or not.
    for ticked in [&meant[..], &[]] {
        assert_eq!(browser.send_form(&form, ticked).await.status, 404, "{ticked:?}");
    }
    world.advance(601);
    let form = form_of(&account, "remove-passkey-form-1");
    for ticked in [&meant[..], &[]] {
        let stale = browser.send_form(&form, ticked).await;
        assert_eq!((stale.status, stale.header("location")), (303, Some("/account/sign-in?again=1")));
    }
}
