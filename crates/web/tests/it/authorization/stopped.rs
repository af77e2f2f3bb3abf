//! The kill switch: what is stopped gets no code, and looks like what never was.

use serde_json::json;

use super::estate::{
    app, ask, ask_and_allow, code_of, error_page, refused, sent_to_sign_in, signed_in, user,
};
use crate::world::World;
use crate::world::databases::on_both_databases;
use crate::world::troubled_store::Trouble;

/// Of an error page all but the id of its request.
fn look(answer: &crate::world::answer::Answer) -> (u16, String) {
    let id = answer.header("x-request-id").unwrap();
    (answer.status, answer.text().replace(id, ""))
}

async fn what_is_stopped_looks_like_what_never_was(world: World) {
    let app = app(&world).await;
    let tenant_id =
        world.operated("GET", &format!("/api/v1/apps/{}", app.id), None).await["tenant_id"].clone();
    let tenant = format!("/api/v1/tenants/{}", tenant_id.as_str().unwrap());
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    code_of(&ask_and_allow(&browser, &app.client_id, &[]).await);
    let unknown = ask(&browser, "nobody", &[]).await;
    assert_eq!(error_page(&unknown), (400, "unknown_client".to_owned()));
    for (stop, start) in [
        (format!("/api/v1/apps/{}/disable", app.id), format!("/api/v1/apps/{}/enable", app.id)),
        (format!("{tenant}/suspend"), format!("{tenant}/activate")),
    ] {
        world.operated("POST", &stop, None).await;
        let stopped = ask(&browser, &app.client_id, &[]).await;
        assert_eq!(look(&stopped), look(&unknown), "{stop}");
        let with_foreign_uri =
            ask(&browser, &app.client_id, &[("redirect_uri", "https://evil.example")]).await;
        assert_eq!(look(&with_foreign_uri), look(&unknown), "{stop}");
        world.operated("POST", &start, None).await;
        code_of(&ask(&browser, &app.client_id, &[]).await);
    }
}

async fn a_user_who_is_disabled_is_signed_out(world: World) {
    let app = app(&world).await;
    let ada = user(&world, "ada", "internal").await;
    let browser = signed_in(&world, &ada);
    code_of(&ask_and_allow(&browser, &app.client_id, &[]).await);
    world.operated("POST", &format!("/api/v1/users/{ada}/disable"), None).await;
    sent_to_sign_in(&ask(&browser, &app.client_id, &[]).await);
    assert_eq!(refused(&ask(&browser, &app.client_id, &[("prompt", "none")]).await), "login_required");
    world.operated("POST", &format!("/api/v1/users/{ada}/enable"), None).await;
    sent_to_sign_in(&ask(&browser, &app.client_id, &[]).await);
}

async fn an_instance_that_is_off_has_no_authorization_endpoint(world: World) {
    let made = world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    let id = made["id"].as_str().unwrap();
    let path = "/i/acme/connect/authorize?client_id=x";
    let on = world.send(actix_web::test::TestRequest::get().uri(path)).await;
    assert_eq!(error_page(&on), (400, "unknown_client".to_owned()));
    world.operated("POST", &format!("/api/v1/instances/{id}/disable"), None).await;
    let off = world.send(actix_web::test::TestRequest::get().uri(path)).await;
    assert_eq!(error_page(&off), (404, "not_found".to_owned()));
}

on_both_databases!(
    what_is_stopped_looks_like_what_never_was,
    a_user_who_is_disabled_is_signed_out,
    an_instance_that_is_off_has_no_authorization_endpoint,
);

#[actix_web::test]
async fn attack_11_an_app_of_the_same_client_id_is_another_app() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Tenant").await;
    let members = json!({
        "client_id": "com.example/app",
        "scopes": "read",
        "sign_in": {"internal": true, "community": false},
        "login_redirect_uris": [super::estate::REDIRECT],
    });
    let first = world.app_with(&tenant_id, "App", members.clone()).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    code_of(&ask_and_allow(&browser, &first.client_id, &[]).await);
    let deleted = world.operate("DELETE", &format!("/api/v1/apps/{}", first.id), None).await;
    assert_eq!(deleted.status, 204, "{}", deleted.text());
    assert_eq!(error_page(&ask(&browser, &first.client_id, &[]).await).1, "unknown_client");
    let second = world.app_with(&tenant_id, "App", members).await;
    assert_ne!(first.id, second.id);
    assert_eq!(
        ask(&browser, &second.client_id, &[]).await.status,
        200,
        "the old consent is not the new app's"
    );
}

#[actix_web::test]
async fn attack_79_a_fault_of_ours_is_a_page_without_its_cause() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    code_of(&ask_and_allow(&browser, &app.client_id, &[]).await);
    for (trouble, status, code) in [
        (Trouble::Unavailable, 503, "temporarily_unavailable"),
        (Trouble::Broken, 500, "internal"),
        (Trouble::Panic, 500, "internal"),
    ] {
        world.store.set(trouble);
        let answer = ask(&browser, &app.client_id, &[]).await;
        world.store.set(Trouble::None);
        assert_eq!(error_page(&answer), (status, code.to_owned()));
        assert_eq!(answer.header("retry-after").is_some(), status == 503);
        for leak in ["SELECT", "db.internal", "panic", "tkac_", &app.client_id] {
            assert!(!answer.text().contains(leak), "{leak}: {}", answer.text());
        }
        code_of(&ask(&browser, &app.client_id, &[]).await);
    }
}
