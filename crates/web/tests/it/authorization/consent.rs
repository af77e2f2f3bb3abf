//! The question whether an app may, and answers to it that somebody else gave (attack 26).

use serde_json::json;

use super::estate::{
    CHALLENGE, REDIRECT, app, app_with, ask, code_of, error_page, refused, sent_to_sign_in, sign_in,
    signed_in, tampered, user,
};
use crate::account::browser::{Browser, form_of};
use crate::account::pages::assert_page;
use crate::world::World;

#[actix_web::test]
async fn the_page_says_who_asks_for_what_and_where_it_leads() {
    let world = World::new().await;
    let app = app_with(&world, "<b>Portal</b>", json!({})).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    let scope = ("scope", "openid profile email offline_access read");
    let page = ask(&browser, &app.client_id, &[scope]).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_page(&page);
    let html = page.text();
    for part in [
        "<span id=\"app-name\">&#60;b&#62;Portal&#60;/b&#62;</span>",
        "<strong id=\"tenant-name\">&#60;b&#62;Portal&#60;/b&#62;</strong>",
        "<dd id=\"redirect-host\">app.example.com</dd>",
        "<dd id=\"user-name\">ada</dd>",
        "<code>read</code>",
        "<code>offline_access</code>",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'"));
    assert!(policy.ends_with("form-action 'self' https://app.example.com"), "{policy}");
}

#[actix_web::test]
async fn whoever_refuses_is_asked_again_the_next_time() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    for _ in 0..2 {
        let page = ask(&browser, &app.client_id, &[]).await;
        let answer = browser.submit(&page, "consent-form", &[("decision", "deny")]).await;
        assert_eq!(refused(&answer), "access_denied");
        assert!(answer.header("location").unwrap().contains("&state=s-1&"));
    }
}

#[actix_web::test]
async fn attack_26_a_forged_answer_is_none() {
    let world = World::new().await;
    let app = app(&world).await;
    let ada = signed_in(&world, &user(&world, "ada", "internal").await);
    let bob = signed_in(&world, &user(&world, "bob", "internal").await);
    let page = ask(&ada, &app.client_id, &[]).await;
    let own = form_of(&page, "consent-form");
    let theirs = form_of(&ask(&bob, &app.client_id, &[]).await, "consent-form");
    let hidden = |form: &crate::account::browser::PageForm, name: &str| {
        form.hidden.iter().find(|(known, _)| known == name).unwrap().1.clone()
    };
    let interaction = hidden(&own, "interaction");
    for csrf in ["", "x", hidden(&theirs, "csrf").as_str()] {
        let fields = [("csrf", csrf), ("interaction", interaction.as_str()), ("decision", "allow")];
        let answer = ada.post("/connect/consent", &fields).await;
        assert_eq!(error_page(&answer), (403, "form_expired".to_owned()), "{csrf}");
    }
    // Another person's question, brought by somebody's own browser: that person is asked anew.
    let answer = bob.send_form(&theirs, &[("interaction", &interaction), ("decision", "allow")]).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("<dd id=\"user-name\">bob</dd>"));
    code_of(&ada.send_form(&own, &[("decision", "allow")]).await);
}

#[actix_web::test]
async fn attack_26_what_was_shown_cannot_be_changed() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    let page = ask(&browser, &app.client_id, &[]).await;
    let form = form_of(&page, "consent-form");
    let sealed = form.hidden.iter().find(|(name, _)| name == "interaction").unwrap().1.clone();
    let changed = tampered(&sealed);
    let visitor = Browser::new(&world);
    let interaction = sent_to_sign_in(&ask(&visitor, &app.client_id, &[]).await);
    for interaction in [changed.as_str(), "", "x", interaction.as_str()] {
        let answer = browser.send_form(&form, &[("interaction", interaction), ("decision", "allow")]).await;
        assert_eq!(error_page(&answer), (400, "interaction_expired".to_owned()));
    }
    for decision in ["", "ALLOW", "yes"] {
        let answer = browser.send_form(&form, &[("decision", decision)]).await;
        assert_eq!(error_page(&answer).0, 400, "{decision}");
    }
    let more = [
        ("decision", "allow"),
        ("scope", "openid read write offline_access"),
        ("redirect_uri", "https://evil.example"),
    ];
    code_of(&browser.send_form(&form, &more).await);
    let wider = ask(&browser, &app.client_id, &[("scope", "openid read write")]).await;
    assert_eq!(wider.status, 200, "only what was shown was allowed");
}

#[actix_web::test]
async fn an_answer_counts_in_the_session_in_which_it_was_asked_for() {
    let world = World::new().await;
    let app = app(&world).await;
    let ada = user(&world, "ada", "internal").await;
    let browser = signed_in(&world, &ada);
    let page = ask(&browser, &app.client_id, &[]).await;
    sign_in(&world, &browser, &ada);
    let answer = browser.submit(&page, "consent-form", &[("decision", "allow")]).await;
    assert_eq!(error_page(&answer), (403, "form_expired".to_owned()));
    let page = ask(&browser, &app.client_id, &[]).await;
    world.advance(31 * 60);
    let answer = browser.submit(&page, "consent-form", &[("decision", "allow")]).await;
    sent_to_sign_in(&answer);
}

/// Any program on the computer can listen where the answer goes.
#[actix_web::test]
async fn an_app_whose_identity_is_not_assured_has_to_ask_every_time() {
    let world = World::new().await;
    let native = json!({"client_type": "public", "login_redirect_uris": ["http://127.0.0.1/cb", REDIRECT]});
    let app = app_with(&world, "Native", native).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    let native = [("redirect_uri", "http://127.0.0.1:4711/cb")];
    for _ in 0..2 {
        let page = ask(&browser, &app.client_id, &native).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(page.text().contains("<dd id=\"redirect-host\">127.0.0.1:4711</dd>"));
        let answer = browser.submit(&page, "consent-form", &[("decision", "allow")]).await;
        assert!(answer.header("location").unwrap().starts_with("http://127.0.0.1:4711/cb?code=tkac_"));
    }
    let silent = [native[0], ("prompt", "none")];
    let answer = ask(&browser, &app.client_id, &silent).await;
    assert!(answer.header("location").unwrap().contains("error=consent_required"));
    code_of(&ask(&browser, &app.client_id, &[("code_challenge", CHALLENGE)]).await);
}
