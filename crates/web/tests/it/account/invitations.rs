//! Invitations by mail, from the mail to the membership, and the attacks on the way.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use super::browser::{Browser, csrf_of, form_of, message_of};
use super::pages::assert_page;
use super::persons::{PASSWORD, set_password, set_password_at, set_up_totp, signed_in, totp_code};
use crate::logs::{keep_log, logged};
use crate::world::answer::Answer;
use crate::world::people::{member, text};
use crate::world::requests::form;
use crate::world::{BASE_URL, World};

/// Somebody with an address and a password.
async fn ada(world: &World) -> String {
    let user = json!({"kind": "community", "name": "ada", "display_name": "Ada", "email": "ada@example.com"});
    let id = text(&world.create("/api/v1/users", user).await["id"]);
    set_password(world, "ada", PASSWORD);
    id
}

/// Somebody without an address, who has a password.
async fn eve(world: &World) {
    super::persons::person_with_password(world, "eve").await;
}

/// Invites somebody into a tenant; the answer.
async fn invite(world: &World, tenant: &str, name: &str) -> Value {
    let body = json!({"user_name": name, "role": "developer"});
    world.create(&format!("/api/v1/tenants/{tenant}/invitations"), body).await
}

/// The path of the link in the only mail that was sent.
#[track_caller]
fn mailed_path(world: &World) -> String {
    let mails = world.mail.take();
    let [mail] = &mails[..] else { panic!("{mails:?}") };
    assert_eq!(mail.to, "ada@example.com");
    let start = mail.text.find(&format!("{BASE_URL}/account/invitation?token=")).unwrap();
    let url = mail.text[start..].split_whitespace().next().unwrap();
    url.strip_prefix(BASE_URL).unwrap().to_owned()
}

async fn members(world: &World, tenant: &str) -> usize {
    let list = world.operated("GET", &format!("/api/v1/tenants/{tenant}/members"), None).await;
    list["items"].as_array().unwrap().len()
}

#[track_caller]
fn assert_spent(answer: &Answer) {
    assert_eq!((answer.status, message_of(answer).as_deref()), (400, Some("link_invalid")));
    assert_page(answer);
    assert!(!answer.text().contains("Acme"), "{}", answer.text());
}

#[actix_web::test]
async fn the_invited_person_signs_in_and_accepts_once() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme <&>").await;
    let id = ada(&world).await;
    invite(&world, &acme, "ada").await;
    let path = mailed_path(&world);
    let browser = Browser::new(&world);
    let sent = browser.get(&path).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert_page(&sent);
    let sign_in = browser.get(sent.header("location").unwrap()).await;
    let fields = [("user_name", "ada"), ("password", "wrong")];
    let refused = browser.submit(&sign_in, "sign-in-form", &fields).await;
    assert_eq!(refused.status, 403);
    let fields = [("user_name", "ada"), ("password", PASSWORD)];
    let back = browser.submit(&refused, "sign-in-form", &fields).await;
    assert_eq!((back.status, back.header("location")), (303, Some(path.as_str())));
    browser.get(&path).await;
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_page(&page);
    for expected in ["Acme &#60;&#38;&#62;", "developer", "ada"] {
        assert!(page.text().contains(expected), "{expected}: {}", page.text());
    }
    assert_eq!(members(&world, &acme).await, 0, "looking at it changes nothing");
    let accepted = browser.submit(&page, "invitation-form", &[]).await;
    assert_eq!(accepted.header("location"), Some("/account?done=invitation_accepted"), "{}", accepted.text());
    let account = browser.get("/account?done=invitation_accepted").await;
    assert_eq!(message_of(&account).as_deref(), Some("invitation_accepted"));
    let membership = world.operated("GET", &format!("/api/v1/tenants/{acme}/members/{id}"), None).await;
    assert_eq!(membership["role"], "developer");
    assert_spent(&browser.submit(&page, "invitation-form", &[]).await);
    assert_spent(&browser.get(&path).await);
    assert!(world.mail.take().is_empty());
}

#[actix_web::test]
async fn the_way_to_an_invitation_goes_through_the_second_factor() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    ada(&world).await;
    let (secret, _) = set_up_totp(&world, &signed_in(&world, "ada").await).await;
    world.advance(30);
    invite(&world, &acme, "ada").await;
    let path = mailed_path(&world);
    let browser = Browser::new(&world);
    let sent = browser.get(&path).await;
    let sign_in = browser.get(sent.header("location").unwrap()).await;
    let fields = [("user_name", "ada"), ("password", PASSWORD)];
    let second = browser.submit(&sign_in, "sign-in-form", &fields).await;
    let code = totp_code(&world, &secret);
    let back = browser.submit(&second, "second-factor-form", &[("code", &code)]).await;
    assert_eq!(back.header("location"), Some(path.as_str()), "{}", back.text());
}

#[actix_web::test]
async fn whoever_else_opens_an_invitation_learns_nothing_and_becomes_nothing() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    ada(&world).await;
    eve(&world).await;
    invite(&world, &acme, "ada").await;
    let path = mailed_path(&world);
    let browser = signed_in(&world, "eve").await;
    let spent = browser.get(&path).await;
    assert_spent(&spent);
    // The form as the page of the invited person would have it.
    let account = browser.get("/account").await;
    let csrf = csrf_of(&account);
    let token = path.split_once('=').unwrap().1;
    let fields = [("csrf", csrf.as_str()), ("token", token)];
    assert_spent(&browser.post("/account/invitation", &fields).await);
    assert_eq!(members(&world, &acme).await, 0);
    // Ada uses the same browser.
    let token = format!("/account/sign-in?interaction={token}");
    assert!(spent.text().contains(&token), "{}", spent.text());
    let sign_in = browser.get(&token).await;
    let fields = [("user_name", "ada"), ("password", PASSWORD)];
    let back = browser.submit(&sign_in, "sign-in-form", &fields).await;
    assert_eq!(back.header("location"), Some(path.as_str()), "{}", back.text());
    let page = browser.get(&path).await;
    assert_eq!(browser.submit(&page, "invitation-form", &[]).await.status, 303);
    assert_eq!(members(&world, &acme).await, 1);
}

#[actix_web::test]
async fn an_invitation_is_accepted_by_a_form_of_this_browser_only() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    ada(&world).await;
    invite(&world, &acme, "ada").await;
    let path = mailed_path(&world);
    let browser = signed_in(&world, "ada").await;
    let made = form_of(&browser.get(&path).await, "invitation-form");
    let token = made.hidden.iter().find(|(name, _)| name == "token").unwrap().1.clone();
    let csrf = made.hidden.iter().find(|(name, _)| name == "csrf").unwrap().1.clone();
    for fields in [&[("token", token.as_str())][..], &[("token", &token), ("csrf", "x")]] {
        let forged = browser.post("/account/invitation", fields).await;
        assert_eq!((forged.status, message_of(&forged).as_deref()), (403, Some("form_expired")));
    }
    let body = format!("csrf={csrf}&token={token}");
    let elsewhere = form("/account/invitation", &body).insert_header(("Sec-Fetch-Site", "cross-site"));
    assert_eq!(browser.send(elsewhere).await.status, 403);
    let nobody = Browser::new(&world).send_form(&made, &[]).await;
    assert_eq!((nobody.status, nobody.header("location")), (303, Some("/account/sign-in")));
    let head = browser.send(TestRequest::default().method("HEAD".parse().unwrap()).uri(&path)).await;
    assert_eq!(head.status, 200);
    assert_eq!(members(&world, &acme).await, 0);
    assert_eq!(browser.send_form(&made, &[]).await.status, 303);
    assert_eq!(members(&world, &acme).await, 1);
}

#[actix_web::test]
async fn an_invitation_that_is_over_or_none_shows_one_page() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    ada(&world).await;
    let open = invite(&world, &acme, "ada").await;
    let first = mailed_path(&world);
    let resend = format!("/api/v1/tenants/{acme}/invitations/{}/resend", text(&open["id"]));
    assert_eq!(world.operate("POST", &resend, None).await.status, 201);
    let second = mailed_path(&world);
    assert_ne!(first, second);
    let browser = signed_in(&world, "ada").await;
    assert_spent(&browser.get(&first).await);
    let page = browser.get(&second).await;
    assert_eq!(page.status, 200);
    world.advance(72 * 3_600);
    let browser = signed_in(&world, "ada").await;
    assert_spent(&browser.get(&second).await);
    let account = browser.get("/account").await;
    let csrf = csrf_of(&account);
    let token = second.split_once('=').unwrap().1;
    assert_spent(&browser.post("/account/invitation", &[("csrf", &csrf), ("token", token)]).await);
    for path in ["/account/invitation", "/account/invitation?token=tkin_made_up"] {
        assert_spent(&browser.get(path).await);
        assert_spent(&Browser::new(&world).get(path).await);
    }
    assert_eq!(members(&world, &acme).await, 0);
}

#[actix_web::test]
async fn an_invitation_of_one_instance_leads_nowhere_in_another() {
    let world = World::new().await;
    world.create("/api/v1/instances", json!({"slug": "other", "name": "Other"})).await;
    let acme = world.tenant("", "Acme").await;
    ada(&world).await;
    let namesake =
        json!({"kind": "internal", "name": "ada", "display_name": "Ada", "email": "x@example.com"});
    world.create("/i/other/api/v1/users", namesake).await;
    set_password_at(&world, "other", "ada", PASSWORD);
    invite(&world, &acme, "ada").await;
    let path = format!("/i/other{}", mailed_path(&world));
    let browser = Browser::new(&world);
    let sent = browser.get(&path).await;
    let sign_in = browser.get(sent.header("location").unwrap()).await;
    let fields = [("user_name", "ada"), ("password", PASSWORD)];
    let back = browser.submit(&sign_in, "sign-in-form", &fields).await;
    assert_eq!(back.header("location"), Some(path.as_str()));
    assert_spent(&browser.get(&path).await);
    assert_eq!(members(&world, &acme).await, 0);
}

#[actix_web::test]
async fn what_an_invited_person_presents_is_neither_logged_nor_audited() {
    keep_log();
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    ada(&world).await;
    let (_, owner) = member(&world, &acme, "olga", "owner").await;
    let invitations = format!("/api/v1/tenants/{acme}/invitations");
    let body = json!({"user_name": "ada", "role": "auditor"});
    assert_eq!(world.call(&owner, "POST", &invitations, Some(body)).await.status, 201);
    let path = mailed_path(&world);
    let browser = Browser::new(&world);
    let sent = browser.get(&path).await;
    browser.get(sent.header("location").unwrap()).await;
    let browser = signed_in(&world, "ada").await;
    let page = browser.get(&path).await;
    assert_eq!(browser.submit(&page, "invitation-form", &[]).await.status, 303);
    assert_spent(&browser.submit(&page, "invitation-form", &[]).await);
    world.keep_books();
    let audit = world.operate("GET", "/api/v1/audit-events?limit=100", None).await;
    assert!(audit.text().contains("invitation.accept"), "{}", audit.text());
    let log = logged();
    assert!(log.contains("/account/invitation"), "the log is that of these requests");
    let handle = path.split_once('=').unwrap().1;
    for kept in [log.as_str(), audit.text()] {
        assert!(!kept.contains(handle), "{kept}");
    }
}
