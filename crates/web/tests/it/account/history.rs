//! What is left in a browser behind somebody (attack 77): addresses without secrets, pages that no cache keeps, and nothing
//! to go back to after signing out.

use actix_web::test::TestRequest;
use serde_json::json;
use turnkeep_service::keys::rotate_keys::rotate_due_keys;

use super::browser::{Browser, encoded, form_of, form_to};
use super::pages::assert_page;
use super::persons::{PASSWORD, person_with_password, recovery_codes, totp_code, totp_secret};
use super::walk::Walk;
use crate::authorization::estate::{REDIRECT, VERIFIER, app_with, query, sent_to};
use crate::world::answer::Answer;
use crate::world::requests::{basic, form};
use crate::world::{TestApp, World};

/// Where the app takes over after signing out.
const BACK: &str = "https://app.example.com/bye";

async fn portal(world: &World) -> TestApp {
    let more = json!({"logout_redirect_uris": [BACK], "reference_tokens": "authenticated_users"});
    app_with(world, "Portal", more).await
}

async fn redeemed(world: &World, app: &TestApp, code: &str) -> Answer {
    let body = encoded(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ]);
    world.send(form("/connect/token", &body).insert_header(basic(&app.client_id, &app.secret))).await
}

#[actix_web::test]
async fn attack_77_no_secret_is_in_an_address_and_no_page_is_kept() {
    let world = World::new().await;
    rotate_due_keys(&world.authority).unwrap();
    let app = portal(&world).await;
    person_with_password(&world, "ada").await;
    let walk = Walk::of(Browser::new(&world));
    let mut secrets = vec![PASSWORD.to_owned()];

    // Somebody secures their account, and makes a token.
    let page = walk.get("/account/sign-in").await;
    secrets.extend(walk.secrets_of(&page, "sign-in-form"));
    let wrong = [("user_name", "ada"), ("password", "a guess that was wrong")];
    secrets.push(wrong[1].1.to_owned());
    let page = walk.submit(&page, "sign-in-form", &wrong).await;
    assert_eq!(page.status, 403);
    let admitted = walk.submit(&page, "sign-in-form", &[("user_name", "ada"), ("password", PASSWORD)]).await;
    let account = walk.follow(&admitted).await;
    let setup = walk.submit(&account, "totp-start-form", &[]).await;
    secrets.extend(walk.secrets_of(&setup, "totp-form"));
    let totp = totp_secret(&setup);
    secrets.push(data_encoding::BASE32_NOPAD.encode(&totp));
    let codes = walk.submit(&setup, "totp-form", &[("code", &totp_code(&world, &totp))]).await;
    secrets.extend(recovery_codes(&codes));
    let account = walk.get("/account").await;
    let token = [("name", "laptop"), ("days", "7"), ("scope:read", "on")];
    let made = walk.submit(&account, "new-token-form-1", &token).await;
    let (_, rest) = made.text().split_once("<code id=\"token\">").unwrap();
    secrets.push(rest.split('<').next().unwrap().to_owned());
    secrets.extend(walk.cookies());
    let confirm = walk.get("/account/sign-out").await;
    secrets.extend(walk.secrets_of(&confirm, "sign-out-form"));
    walk.follow(&walk.send(&form_to(&confirm, "/account/sign-out"), &[]).await).await;

    // They sign in for an app, with both factors.
    world.advance(30);
    let asked = walk.get(&format!("/connect/authorize?{}", query(&app.client_id, &[]))).await;
    let page = walk.follow(&asked).await;
    let second = walk.submit(&page, "sign-in-form", &[("user_name", "ada"), ("password", PASSWORD)]).await;
    secrets.extend(walk.secrets_of(&second, "second-factor-form"));
    let code = totp_code(&world, &totp);
    let admitted = walk.submit(&second, "second-factor-form", &[("code", &code)]).await;
    let consent = walk.follow(&admitted).await;
    secrets.extend(walk.secrets_of(&consent, "consent-form"));
    secrets.extend(walk.cookies());
    walk.assert_nowhere(&secrets);
    let answer = walk.submit(&consent, "consent-form", &[("decision", "allow")]).await;
    let code = sent_to(&answer, REDIRECT).take("code").unwrap();
    let by_form = query(&app.client_id, &[("response_mode", "form_post")]);
    let page = walk.get(&format!("/connect/authorize?{by_form}")).await;
    secrets
        .extend(walk.secrets_of(&page, "form-post").into_iter().filter(|value| value.starts_with("tkac_")));

    // The code is in the address of the app, by the protocol: there it is worth nothing once it was used.
    let tokens = redeemed(&world, &app, &code).await;
    assert_eq!((tokens.status, tokens.header("cache-control")), (200, Some("no-store")));
    assert_eq!(tokens.header("pragma"), Some("no-cache"));
    let tokens = tokens.json();
    let id_token = tokens["id_token"].as_str().unwrap().to_owned();
    secrets.extend(
        ["access_token", "refresh_token"].map(|name| tokens[name].as_str().unwrap_or(&id_token).to_owned()),
    );
    walk.assert_nowhere(&secrets);
    let seen = walk.addresses().iter().filter(|address| address.contains(&code)).count();
    assert_eq!(seen, 1, "the walk has noted the one address that the code is in");
    assert_eq!(redeemed(&world, &app, &code).await.oauth_error(), (400, "invalid_grant".to_owned()));

    // An app may put its hint into an address, but it is in none from here on.
    let bye = encoded(&[("id_token_hint", &id_token), ("post_logout_redirect_uri", BACK), ("state", "s")]);
    let left = walk.browser.get(&format!("/connect/endsession?{bye}")).await;
    let left = walk.look("/connect/endsession", left);
    assert!(left.status == 200 || left.status == 303, "{}", left.text());
    walk.assert_nowhere(&[secrets, vec![id_token]].concat());
}

#[actix_web::test]
async fn attack_77_there_is_nothing_to_go_back_to_after_signing_out() {
    let world = World::new().await;
    let app = portal(&world).await;
    person_with_password(&world, "ada").await;
    let walk = Walk::of(Browser::new(&world));
    let page = walk.get("/account/sign-in").await;
    walk.follow(&walk.submit(&page, "sign-in-form", &[("user_name", "ada"), ("password", PASSWORD)]).await)
        .await;
    let consent = walk.get(&format!("/connect/authorize?{}", query(&app.client_id, &[]))).await;
    let forms = [form_of(&consent, "consent-form")];
    let account = walk.get("/account").await;
    for path in links_of(&account) {
        walk.get(&path).await;
    }
    let former = walk.browser.session().unwrap();
    let confirm = walk.get("/account/sign-out").await;
    assert!(confirm.text().contains("ada"));
    walk.follow(&walk.send(&form_to(&confirm, "/account/sign-out"), &[]).await).await;
    assert_eq!(walk.browser.session(), None);

    let paths = walk.visited();
    assert!(5 < paths.len(), "{paths:?}");
    for path in &paths {
        for session in [None, Some(&former)] {
            if let Some(session) = session {
                walk.browser.plant("__Host-turnkeep-session", session);
            }
            let answer = walk.browser.get(path).await;
            assert_page(&answer);
            assert!(!answer.text().contains("ada"), "{path}: {}", answer.text());
            let away = answer.header("location").is_some_and(|to| to.starts_with("/account/sign-in"));
            assert!(away || [200, 400, 404].contains(&answer.status), "{path}: {}", answer.status);
        }
    }
    for form in &forms {
        let answer = walk.browser.send_form(form, &[("decision", "allow")]).await;
        assert!(answer.header("location").is_none_or(|to| !to.starts_with(REDIRECT)), "{}", answer.text());
    }
}

/// Where the links of a page lead within this server, but for files that are the same for everybody.
fn links_of(page: &Answer) -> Vec<String> {
    let links = page.text().split(" href=\"/").skip(1).filter_map(|rest| rest.split('"').next());
    links.filter(|path| !path.contains("/assets/")).map(|path| format!("/{path}")).collect()
}

/// A visitor's page is no exception: it holds the token of their forms.
#[actix_web::test]
async fn attack_77_nothing_but_files_may_be_kept() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let page = browser.get("/account/sign-in").await;
    for path in page.text().split(['"']).filter(|text| text.starts_with("/account/assets/")) {
        let file = world.send(TestRequest::get().uri(path)).await;
        assert!(file.header("cache-control").unwrap().contains("immutable"), "{path}");
        assert_eq!(file.header("set-cookie"), None, "{path}");
    }
    for path in ["/account/sign-in", "/account/forgotten", "/account/forgotten/sent", "/account/signed-out"] {
        assert_eq!(browser.get(path).await.header("cache-control"), Some("no-store"), "{path}");
    }
}
