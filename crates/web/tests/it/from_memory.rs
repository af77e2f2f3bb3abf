//! What is in memory is served from there, and gets there once for everybody who waits for it.

use actix_web::test::TestRequest;
use futures_util::FutureExt;
use futures_util::future::join_all;
use turnkeep_guard::resource::adaptive_limit::AdaptiveLimitSettings;
use turnkeep_web::state::WebSettings;

use crate::world::troubled_store::Trouble;
use crate::world::{TestApp, World, unlimited};

#[actix_web::test]
async fn a_thousand_first_requests_of_an_app_read_it_once() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let before = world.authority.status().app_loads;
    let answers = join_all((0..1_000).map(|_| world.ask_token(&app, ""))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(world.authority.status().app_loads, before + 1);
}

#[actix_web::test]
async fn what_came_of_a_request_whose_client_went_away_is_nobody_elses_answer() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    world.store.set(Trouble::Held);
    assert!(world.ask_token(&app, "").now_or_never().is_none(), "it waits for what is not in memory");
    world.store.set(Trouble::Unavailable);
    let state = || world.send(TestRequest::get().uri("/health/node-state"));
    while state().await.json()["requests_in_flight"] != 0 {}
    world.store.set(Trouble::None);
    assert_eq!(world.ask_token(&app, "").await.status, 200);
}

#[actix_web::test]
async fn a_client_id_that_nobody_has_is_looked_for_once() {
    let world = World::new().await;
    let nobody = TestApp { id: String::new(), client_id: "nobody".to_owned(), secret: "x".to_owned() };
    let before = world.authority.status();
    assert_eq!(world.ask_token(&nobody, "").await.oauth_error(), (401, "invalid_client".to_owned()));
    world.store.set(Trouble::Panic);
    for _ in 0..3 {
        assert_eq!(world.ask_token(&nobody, "").await.oauth_error(), (401, "invalid_client".to_owned()));
    }
    let after = world.authority.status();
    assert_eq!(after.app_loads, before.app_loads + 1);
    assert_eq!(after.absences_in_memory, before.absences_in_memory + 1);
}

#[actix_web::test]
async fn an_app_that_is_created_later_is_found() {
    let world = World::new().await;
    let tenant = world.tenant("", "Acme").await;
    let nobody =
        TestApp { id: String::new(), client_id: "com.vendor.app".to_owned(), secret: "x".to_owned() };
    assert_eq!(world.ask_token(&nobody, "").await.status, 401);
    let app = world.app_with(&tenant, "App", serde_json::json!({"client_id": "com.vendor.app"})).await;
    assert_eq!(world.ask_token(&app, "").await.status, 200);
}

#[actix_web::test]
async fn where_others_have_all_places_tokens_are_issued_and_introspected_all_the_same() {
    let world = World::with(WebSettings { in_flight: AdaptiveLimitSettings::up_to(0), ..unlimited() });
    let app = &world.operator;
    let token = world.token(app).await;
    assert_eq!(world.introspect(app, &token).await.json()["active"], true);
}

#[actix_web::test]
async fn what_is_brought_into_memory_has_64_places_of_its_own_and_no_more() {
    let world = World::with(WebSettings { in_flight: AdaptiveLimitSettings::up_to(0), ..unlimited() });
    let nobody =
        |number| TestApp { id: String::new(), client_id: format!("nobody-{number}"), secret: "x".to_owned() };
    let issuer = world.send(TestRequest::get().uri("/.well-known/jwks.json")).await;
    assert_eq!(issuer.status, 200);
    world.store.set(Trouble::Held);
    let strangers: Vec<_> = (0..=64).map(nobody).collect();
    let mut asking: Vec<_> = strangers.iter().map(|app| world.ask_token(app, "").boxed_local()).collect();
    let refused = asking.pop().unwrap();
    for waits in &mut asking {
        assert!(waits.now_or_never().is_none());
    }
    assert_eq!(refused.await.status, 503);
    world.store.set(Trouble::None);
    for answer in join_all(asking).await {
        assert_eq!(answer.status, 401);
    }
}
