//! Our own faults: told as such, without what went wrong (attack 79).

use actix_web::test::TestRequest;
use futures_util::future::{join, join_all};
use serde_json::json;
use turnkeep_guard::resource::adaptive_limit::AdaptiveLimitSettings;
use turnkeep_web::state::WebSettings;

use crate::world::requests::{basic, form};
use crate::world::troubled_store::Trouble;
use crate::world::{World, unlimited};

#[actix_web::test]
async fn a_failing_database_is_told_in_each_endpoints_own_form() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let operator = world.token(&world.operator).await;
    world.token(&app).await;
    for (trouble, status, oauth, problem) in [
        (Trouble::Unavailable, 503, "temporarily_unavailable", "temporarily_unavailable"),
        (Trouble::Broken, 500, "server_error", "internal_error"),
        (Trouble::Panic, 500, "server_error", "internal_error"),
    ] {
        world.store.set(trouble);
        let known = world.ask_token(&app, "").await;
        assert_eq!(known.status, 200, "what is in memory needs no database until the lease ends");
        world.outlast_lease();
        let token = world.ask_token(&app, "").await;
        assert_eq!(token.oauth_error(), (status, oauth.to_owned()));
        let api = world.call(&operator, "GET", "/api/v1/apps", None).await;
        assert_eq!(api.problem(), (status, problem.to_owned()));
        let metadata = world.send(TestRequest::get().uri("/.well-known/openid-configuration")).await;
        assert_eq!(metadata.problem(), (status, problem.to_owned()));
        for answer in [token, api, metadata] {
            let text = answer.text();
            assert!(
                !["SELECT", "db.internal", "grant", "panic"].iter().any(|leak| text.contains(leak)),
                "{text}"
            );
            let wait = answer.header("retry-after").map(|wait| wait.parse::<u64>().unwrap());
            assert_eq!(wait.is_some_and(|wait| (1..=5).contains(&wait)), status == 503);
        }
        world.store.set(Trouble::None);
        assert_eq!(world.ask_token(&app, "").await.status, 200, "the server goes on");
    }
}

#[actix_web::test]
async fn revocations_take_nobodys_place() {
    let world = World::with(WebSettings { in_flight: AdaptiveLimitSettings::up_to(1), ..unlimited() });
    let app = &world.operator;
    let token = world.token(app).await;
    let revoke = |_| {
        let revoke = form("/connect/revoke", "token=x").insert_header(basic(&app.client_id, &app.secret));
        async { world.send(revoke).await.status }
    };
    let (revoked, api) =
        join(join_all((0..40).map(revoke)), world.call(&token, "GET", "/api/v1/tenants", None)).await;
    assert_eq!(revoked, [200; 40]);
    assert_eq!(api.status, 200);
}

#[actix_web::test]
async fn where_no_use_case_may_run_tokens_revocation_and_readiness_are_not_turned_away() {
    let world = World::with(WebSettings { in_flight: AdaptiveLimitSettings::up_to(0), ..unlimited() });
    let app = &world.operator;
    let api = world.call("x", "POST", "/api/v1/tenants", Some(json!({"name": "a"}))).await;
    assert_eq!(api.problem(), (503, "temporarily_unavailable".to_owned()));
    assert!(api.header("retry-after").is_some());
    assert_eq!(world.ask_token(app, "").await.status, 200);
    let revoke = form("/connect/revoke", "token=x").insert_header(basic(&app.client_id, &app.secret));
    assert_eq!(world.send(revoke).await.status, 200);
    let ready = world.send(TestRequest::get().uri("/health/ready")).await;
    assert_eq!(ready.status, 200);
}
