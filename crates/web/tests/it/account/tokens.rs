//! Personal access tokens: made on the account page, shown once, and taken back.

use serde_json::{Value, json};
use turnkeep_service::reference_tokens::make_reference_token::MOST_LIVE_TOKENS;

use super::browser::{Browser, PageForm, csrf_of, form_of, form_to, message_of};
use super::pages::assert_page;
use super::persons::{PASSWORD, person_with_password, signed_in};
use crate::world::answer::Answer;
use crate::world::{TestApp, World};

/// An app that internal people sign in to.
async fn app(world: &World, name: &str, policy: &str) -> (String, TestApp) {
    let tenant_id = world.tenant("", &format!("{name} Ltd")).await;
    let settings = json!({
        "scopes": "read write", "reference_tokens": policy, "sign_in": {"internal": true, "community": false},
        "login_redirect_uris": ["https://app.example.com/callback"],
    });
    (tenant_id.clone(), world.app_with(&tenant_id, name, settings).await)
}

fn token_on(page: &Answer) -> Option<String> {
    let (_, rest) = page.text().split_once("<code id=\"token\">")?;
    rest.split('<').next().map(str::to_owned)
}

fn revocation(account: &Answer) -> Option<PageForm> {
    let (_, rest) = account.text().split_once("action=\"/account/tokens/")?;
    let (path, _) = rest.split_once('"')?;
    Some(form_to(account, &format!("/account/tokens/{path}")))
}

async fn introspected(world: &World, app: &TestApp, token: &str) -> Value {
    world.introspect(app, token).await.json()
}

/// The ids of what a page says beside its fields.
fn errors_of(page: &Answer) -> Vec<String> {
    let said = page.text().split("<p class=\"field-error\" id=\"").skip(1);
    said.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

async fn make(browser: &Browser<'_>, fields: &[(&str, &str)]) -> Answer {
    let account = browser.get("/account").await;
    browser.submit(&account, "new-token-form-1", fields).await
}

const FIELDS: [(&str, &str); 3] = [("name", "laptop"), ("days", "7"), ("scope:read", "on")];

#[actix_web::test]
async fn a_token_is_made_shown_once_used_and_taken_back() {
    let world = World::new().await;
    let (_, app) = app(&world, "Orders", "authenticated_users").await;
    let user_id = person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    assert_eq!(revocation(&browser.get("/account").await).map(|form| form.action), None);

    let made = make(&browser, &FIELDS).await;
    assert_eq!(made.status, 200, "{}", made.text());
    assert_page(&made);
    let token = token_on(&made).unwrap();
    assert!(token.starts_with("tkpat_"), "{}", made.text());
    assert!(made.text().contains("<dd id=\"app-name\">Orders</dd>"), "{}", made.text());
    let seen = introspected(&world, &app, &token).await;
    assert_eq!(
        (&seen["active"], &seen["sub"], &seen["scope"]),
        (&json!(true), &json!(user_id), &json!("read"))
    );
    assert_eq!(seen["exp"].as_i64().unwrap() - seen["iat"].as_i64().unwrap(), 7 * 86_400);

    let account = browser.get("/account").await;
    assert!(!account.text().contains(&token) && account.text().contains("laptop"), "{}", account.text());
    let revoked = browser.send_form(&revocation(&account).unwrap(), &[]).await;
    assert_eq!((revoked.status, revoked.header("location")), (303, Some("/account?done=token_revoked")));
    let after = browser.get("/account?done=token_revoked").await;
    assert_eq!(message_of(&after).as_deref(), Some("token_revoked"));
    assert!(revocation(&after).is_none(), "it is off the list");
    assert_eq!(introspected(&world, &app, &token).await, json!({"active": false}));
    let audit = world.operated("GET", "/api/v1/audit-events?action=reference_token.make", None).await;
    assert_eq!(audit["items"][0]["actor"], json!(user_id), "{audit}");
    assert!(!audit.to_string().contains(&token));
}

#[actix_web::test]
async fn a_token_needs_a_name_a_lifetime_and_scopes_of_the_app() {
    let world = World::new().await;
    let (_, app) = app(&world, "Orders", "authenticated_users").await;
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    let long = "x".repeat(101);
    for (fields, error) in [
        ([("name", ""), ("days", "7"), ("scope:read", "on")], "token-name-1-error"),
        ([("name", &long), ("days", "7"), ("scope:read", "on")], "token-name-1-error"),
        ([("name", "laptop"), ("days", ""), ("scope:read", "on")], "token-days-1-error"),
        ([("name", "laptop"), ("days", "0"), ("scope:read", "on")], "token-days-1-error"),
        ([("name", "laptop"), ("days", "367"), ("scope:read", "on")], "token-days-1-error"),
        ([("name", "laptop"), ("days", "-1"), ("scope:read", "on")], "token-days-1-error"),
        ([("name", "laptop"), ("days", "7"), ("scope:sec", "on")], "token-scopes-1-error"),
        ([("name", "laptop"), ("days", "7"), ("scope", "read")], "token-scopes-1-error"),
    ] {
        let answer = make(&browser, &fields).await;
        assert_eq!((answer.status, errors_of(&answer)), (422, vec![error.to_owned()]), "{fields:?}");
        assert_page(&answer);
        assert_eq!((token_on(&answer), revocation(&answer).is_none()), (None, true));
    }
    let csrf = csrf_of(&browser.get("/account").await);
    for app_id in ["", "x", "app_00000000000000000000000000", &format!("{} ", app.id)] {
        let fields = [&FIELDS[..], &[("csrf", &csrf), ("app", app_id)]].concat();
        assert_eq!(browser.post("/account/tokens", &fields).await.status, 404, "{app_id}");
    }
    let both =
        make(&browser, &[("name", "both"), ("days", "366"), ("scope:read", "on"), ("scope:write", "on")]);
    let token = token_on(&both.await).unwrap();
    assert_eq!(introspected(&world, &app, &token).await["scope"], json!("read write"));
}

#[actix_web::test]
async fn a_form_that_is_refused_is_open_with_what_was_typed_and_says_beside_the_fields_what_is_wrong() {
    let world = World::new().await;
    app(&world, "Orders", "authenticated_users").await;
    app(&world, "Stock", "authenticated_users").await;
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    let account = browser.get("/account").await;
    assert!(!account.text().contains("<details class=\"more\" id=\"new-token-2\" open>"));
    let refused =
        browser.submit(&account, "new-token-form-2", &[("name", "my laptop"), ("days", "90")]).await;
    let html = refused.text();
    assert_eq!(
        (refused.status, errors_of(&refused)),
        (422, vec!["token-scopes-2-error".to_owned()]),
        "{html}"
    );
    assert!(html.contains("<details class=\"more\" id=\"new-token-2\" open>"), "{html}");
    assert!(html.contains("<details class=\"more\" id=\"new-token-1\">"), "{html}");
    assert_eq!(html.matches("value=\"my laptop\"").count(), 1);
    assert_eq!(html.matches("<option value=\"90\" selected>").count(), 1);
    assert_eq!(message_of(&refused), None, "nothing is said anywhere else");
    let fields = [("name", ""), ("days", "90"), ("scope:write", "on")];
    let refused = browser.submit(&refused, "new-token-form-2", &fields).await;
    let html = refused.text();
    assert_eq!(errors_of(&refused), ["token-name-2-error"]);
    assert!(html.contains("name=\"scope:write\" type=\"checkbox\" value=\"on\" checked>"), "{html}");
    let made = browser.submit(&refused, "new-token-form-2", &[&[("name", "x")], &fields[1..]].concat()).await;
    assert!(token_on(&made).is_some(), "{}", made.text());
}

#[actix_web::test]
async fn scopes_that_belong_to_several_resources_are_refused_beside_the_scopes() {
    let world = World::new().await;
    let (tenant_id, _) = app(&world, "Orders", "authenticated_users").await;
    let resource = json!({"name": "Reports", "audience": "Reports.API"});
    let resource = world.create("/api/v1/resources", resource).await;
    let scopes = format!("/api/v1/resources/{}/scopes", resource["id"].as_str().unwrap());
    world.create(&scopes, json!({"name": "report"})).await;
    let settings = json!({
        "scopes": "read report", "reference_tokens": "authenticated_users",
        "sign_in": {"internal": true, "community": false},
        "login_redirect_uris": ["https://app.example.com/callback"],
    });
    world.app_with(&tenant_id, "Both", settings).await;
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    let both = [("name", "both"), ("days", "7"), ("scope:read", "on"), ("scope:report", "on")];
    let refused = make(&browser, &both).await;
    assert_eq!((refused.status, errors_of(&refused)), (422, vec!["token-scopes-1-error".to_owned()]));
    assert!(refused.text().contains("a token is for one resource"), "{}", refused.text());
}

#[actix_web::test]
async fn a_token_that_its_app_does_not_allow_any_more_is_shown_as_one_that_does_not_work() {
    let world = World::new().await;
    let (_, app) = app(&world, "Orders", "authenticated_users").await;
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    let token = token_on(&make(&browser, &FIELDS).await).unwrap();
    let path = format!("/api/v1/apps/{}", app.id);
    let (works, not_allowed) = ("works until", "the app allows you no personal tokens now");
    let (refused, none) = ("It does not work at the moment", "id=\"no-new-token\"");
    for (change, expected) in [
        (json!({"reference_tokens": "authenticated_users"}), [true, false, false, false]),
        (json!({"reference_tokens": "none"}), [false, true, false, true]),
        (json!({"reference_tokens": "administrators_only"}), [false, true, false, true]),
        (
            json!({"reference_tokens": "authenticated_users", "sign_in": {"internal": false, "community": true}}),
            [false, false, true, true],
        ),
        (json!({"sign_in": {"internal": true, "community": false}}), [true, false, false, false]),
    ] {
        world.operated("PATCH", &path, Some(change.clone())).await;
        let account = browser.get("/account").await;
        let said = [works, not_allowed, refused, none].map(|words| account.text().contains(words));
        assert_eq!(said, expected, "{change}: {}", account.text());
        assert_eq!(introspected(&world, &app, &token).await["active"], json!(expected[0]), "{change}");
        assert!(revocation(&account).is_some(), "it can be taken back");
    }
}

#[actix_web::test]
async fn attack_43_only_apps_that_take_tokens_of_this_person_are_offered_and_no_others_are_reached() {
    let world = World::new().await;
    let (tenant_id, app) = app(&world, "Orders", "none").await;
    let user_id = person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    let path = format!("/api/v1/apps/{}", app.id);
    let csrf = csrf_of(&browser.get("/account").await);
    let fields = [&FIELDS[..], &[("csrf", &csrf), ("app", &app.id)]].concat();
    for (change, is_offered) in [
        (json!({"reference_tokens": "none"}), false),
        (json!({"reference_tokens": "administrators_only"}), false),
        (json!({"reference_tokens": "authenticated_users"}), true),
        (json!({"sign_in": {"internal": false, "community": true}}), false),
        (json!({"sign_in": {"internal": true, "community": true}}), true),
        (json!({"reference_tokens": "administrators_only"}), false),
    ] {
        world.operated("PATCH", &path, Some(change.clone())).await;
        let account = browser.get("/account").await;
        assert_eq!(account.text().contains("id=\"new-token-form-1\""), is_offered, "{change}");
        let made = browser.post("/account/tokens", &fields).await;
        let status = if is_offered { 200 } else { 404 };
        assert_eq!((made.status, token_on(&made).is_some()), (status, is_offered), "{change}");
    }
    let member = format!("/api/v1/tenants/{tenant_id}/members/{user_id}");
    world.operated("PUT", &member, Some(json!({"role": "admin"}))).await;
    assert!(browser.get("/account").await.text().contains("id=\"new-token-form-1\""), "an administrator's");
    assert_eq!(browser.post("/account/tokens", &fields).await.status, 200);
    world.operated("POST", &format!("{path}/disable"), None).await;
    assert!(!browser.get("/account").await.text().contains("id=\"new-token-form-1\""));
    assert_eq!(browser.post("/account/tokens", &fields).await.status, 404);
}

#[actix_web::test]
async fn a_token_is_made_by_who_signed_in_a_moment_ago_only() {
    let world = World::new().await;
    app(&world, "Orders", "authenticated_users").await;
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    world.advance(599);
    assert_eq!(make(&browser, &FIELDS).await.status, 200);
    world.advance(1);
    let stale = make(&browser, &FIELDS).await;
    assert_eq!((stale.status, stale.header("location")), (303, Some("/account/sign-in?again=1")));
    // Taking one back takes no more than a session.
    let account = browser.get("/account").await;
    assert_eq!(browser.send_form(&revocation(&account).unwrap(), &[]).await.status, 303);
    assert_eq!(browser.sign_in_anew("ada", PASSWORD).await.status, 303);
    assert_eq!(make(&browser, &FIELDS).await.status, 200);
}

#[actix_web::test]
async fn attack_40_nobody_sees_or_takes_back_what_is_somebody_elses() {
    let world = World::new().await;
    let (_, app) = app(&world, "Orders", "authenticated_users").await;
    person_with_password(&world, "ada").await;
    person_with_password(&world, "eve").await;
    let (ada, eve) = (signed_in(&world, "ada").await, signed_in(&world, "eve").await);
    let token = token_on(&make(&ada, &FIELDS).await).unwrap();
    let hers = revocation(&ada.get("/account").await).unwrap();
    let account = eve.get("/account").await;
    assert!(!account.text().contains("laptop"), "{}", account.text());
    let csrf = csrf_of(&account);
    assert_eq!(eve.post(&hers.action, &[("csrf", &csrf)]).await.status, 404);
    assert_eq!(eve.send_form(&hers, &[]).await.status, 403, "with a form of ada's");
    assert_eq!(introspected(&world, &app, &token).await["active"], json!(true));
    for path in ["/account/tokens/x/revoke", "/account/tokens/rtk_00000000000000000000000000/revoke"] {
        assert_eq!(eve.post(path, &[("csrf", &csrf)]).await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn who_has_as_many_tokens_as_there_may_be_is_told_so() {
    let world = World::new().await;
    app(&world, "Orders", "authenticated_users").await;
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    let form = form_of(&browser.get("/account").await, "new-token-form-1");
    for _ in 0..MOST_LIVE_TOKENS {
        assert_eq!(browser.send_form(&form, &FIELDS).await.status, 200);
    }
    let refused = browser.send_form(&form, &FIELDS).await;
    assert_eq!((refused.status, message_of(&refused).as_deref()), (422, Some("too_many_tokens")));
    assert!(refused.text().contains("<details class=\"more\" id=\"new-token-1\" open>"));
    assert!(refused.text().contains("value=\"laptop\""), "{}", refused.text());
    browser.send_form(&revocation(&refused).unwrap(), &[]).await;
    assert_eq!(browser.send_form(&form, &FIELDS).await.status, 200);
}

#[actix_web::test]
async fn attack_66_the_name_of_a_token_is_text() {
    let world = World::new().await;
    app(&world, "<b>Orders</b>", "authenticated_users").await;
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    let hostile = [("name", "<script>alert(1)</script>"), ("days", "7"), ("scope:read", "on")];
    let made = make(&browser, &hostile).await;
    for page in [made, browser.get("/account").await] {
        assert!(page.text().contains("&#60;script&#62;alert(1)"), "{}", page.text());
        assert!(!page.text().contains("<script>alert") && !page.text().contains("<b>Orders"));
    }
}

#[actix_web::test]
async fn tokens_are_those_of_the_instance() {
    let world = World::new().await;
    app(&world, "Orders", "authenticated_users").await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    person_with_password(&world, "ada").await;
    let browser = signed_in(&world, "ada").await;
    make(&browser, &FIELDS).await;
    let elsewhere = browser.post("/i/acme/account/tokens", &FIELDS).await;
    assert_eq!((elsewhere.status, elsewhere.header("location")), (303, Some("/i/acme/account/sign-in")));
}
