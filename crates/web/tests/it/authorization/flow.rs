//! The way from the request to the code, and what stays behind of it.

use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::page::{AuditPage, Direction};
use turnkeep_storage::store::Store;

use super::estate::{
    app, ask, ask_and_allow, code_of, query, refused, resume, sent_to_sign_in, sign_in, signed_in, tampered,
    user,
};
use crate::account::browser::Browser;
use crate::account::pages::assert_page;
use crate::world::World;
use crate::world::requests::form;

/// The audit trail, the newest first.
fn trail(world: &World) -> Vec<String> {
    world.keep_books();
    let store: &dyn Store = &*world.store;
    let read = store.read(|reads| {
        let instances = reads.list_instances()?;
        let page = AuditPage { after: None, direction: Direction::Descending, limit: 50 };
        reads.list_audit_trail(instances[0].id, &AuditFilter::default(), page)
    });
    read.unwrap().into_iter().map(|chained| format!("{:?}", chained.entry)).collect()
}

#[actix_web::test]
async fn somebody_signs_in_consents_and_the_app_gets_a_code() {
    let world = World::new().await;
    let app = app(&world).await;
    let ada = user(&world, "ada", "internal").await;
    let browser = Browser::new(&world);

    let interaction = sent_to_sign_in(&ask(&browser, &app.client_id, &[]).await);
    sign_in(&world, &browser, &ada);
    let page = resume(&browser, &interaction).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let answer = browser.submit(&page, "consent-form", &[("decision", "allow")]).await;
    let code = code_of(&answer);

    assert_page(&answer);
    assert!(answer.header("location").unwrap().contains("&state=s-1&"));
    let events = trail(&world);
    for action in ["authorization.grant", "consent.give"] {
        assert!(events.iter().any(|event| event.contains(action)), "{action}: {events:?}");
    }
    assert!(!format!("{events:?}").contains(&code));
}

#[actix_web::test]
async fn whoever_has_consented_is_not_asked_again_and_each_code_is_another_one() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    let first = code_of(&ask_and_allow(&browser, &app.client_id, &[]).await);
    let second = code_of(&ask(&browser, &app.client_id, &[]).await);
    assert_ne!(first, second);
    let wider = ask(&browser, &app.client_id, &[("scope", "openid read email")]).await;
    assert_eq!(wider.status, 200, "more than was allowed is asked for");
    assert!(wider.text().contains("id=\"consent-form\""));
}

#[actix_web::test]
async fn a_request_may_come_by_post() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    code_of(&ask_and_allow(&browser, &app.client_id, &[]).await);
    let answer = browser.send(form("/connect/authorize", &query(&app.client_id, &[]))).await;
    code_of(&answer);
    assert_eq!(answer.status, 303, "never 307");
}

/// Browsers do not send the cookie of a session with the form of another site, but with the link behind it.
#[actix_web::test]
async fn a_request_by_post_from_another_site_finds_the_session_all_the_same() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    code_of(&ask_and_allow(&browser, &app.client_id, &[]).await);
    for prompt in ["", "none"] {
        let body = query(&app.client_id, &[("prompt", prompt)]);
        let without_cookie = world.send(form("/connect/authorize", &body)).await;
        let location = without_cookie.header("location").unwrap();
        assert_eq!(without_cookie.status, 303);
        assert!(location.starts_with("/connect/authorize/resume?interaction="), "{location}");
        code_of(&browser.get(location).await);
    }
    let body = query(&app.client_id, &[("prompt", "none")]);
    let nobody = Browser::new(&world);
    let sent_back = nobody.send(form("/connect/authorize", &body)).await;
    let answer = nobody.get(sent_back.header("location").unwrap()).await;
    assert_eq!(refused(&answer), "login_required");
}

#[actix_web::test]
async fn what_is_in_the_query_of_a_post_does_not_count() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    let request = form("/connect/authorize?client_id=other&redirect_uri=https%3A%2F%2Fevil.example", "");
    let request = request.set_payload(query(&app.client_id, &[]));
    let page = browser.send(request).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(!page.text().contains("evil"));
}

#[actix_web::test]
async fn refusals_are_in_the_audit_trail_with_their_cause() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    ask(&browser, "nobody", &[]).await;
    ask(&browser, &app.client_id, &[("redirect_uri", "https://evil.example/")]).await;
    ask(&browser, &app.client_id, &[("code_challenge", ""), ("code_challenge_method", "")]).await;
    let events = format!("{:?}", trail(&world));
    for code in ["app_unknown", "redirect_uri_mismatch", "pkce_required"] {
        assert!(events.contains(code), "{code}: {events}");
    }
    assert!(!events.contains("evil.example"));
}

#[actix_web::test]
async fn an_interaction_is_good_at_its_instance_for_an_hour_and_unchanged() {
    let world = World::new().await;
    world.create("/api/v1/instances", serde_json::json!({"slug": "acme", "name": "Acme"})).await;
    let app = app(&world).await;
    let ada = user(&world, "ada", "internal").await;
    let browser = Browser::new(&world);
    let interaction = sent_to_sign_in(&ask(&browser, &app.client_id, &[]).await);
    sign_in(&world, &browser, &ada);

    let elsewhere = browser.get(&format!("/i/acme/connect/authorize/resume?interaction={interaction}")).await;
    let changed = tampered(&interaction);
    for answer in [
        elsewhere,
        resume(&browser, &changed).await,
        resume(&browser, "").await,
        browser.get("/connect/authorize/resume").await,
    ] {
        assert_eq!(super::estate::error_page(&answer), (400, "interaction_expired".to_owned()));
    }
    assert_eq!(resume(&browser, &interaction).await.status, 200);
    world.advance(3_600);
    sign_in(&world, &browser, &ada);
    assert_eq!(
        super::estate::error_page(&resume(&browser, &interaction).await),
        (400, "interaction_expired".to_owned())
    );
}
