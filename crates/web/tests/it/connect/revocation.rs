//! The revocation endpoint (RFC 7009).

use crate::world::answer::Answer;
use crate::world::requests::{basic, form};
use crate::world::{TestApp, World};

async fn revoke(world: &World, app: &TestApp, token: &str) -> Answer {
    let request = form("/connect/revoke", &format!("token={token}&token_type_hint=refresh_token"));
    world.send(request.insert_header(basic(&app.client_id, &app.secret))).await
}

#[actix_web::test]
async fn a_revoked_token_is_inactive_whatever_the_hint_was() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let (token, other) = (world.token(&app).await, world.token(&app).await);
    for _ in 0..2 {
        let answer = revoke(&world, &app, &token).await;
        assert_eq!((answer.status, answer.text()), (200, ""));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("pragma"), Some("no-cache"));
    }
    assert_eq!(world.introspect(&app, &token).await.text(), r#"{"active":false}"#);
    assert_eq!(world.introspect(&app, &other).await.json()["active"], true);
}

#[actix_web::test]
async fn what_is_no_live_token_is_revoked_already() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    for token in ["nonsense", "a.b.c"] {
        assert_eq!(revoke(&world, &app, token).await.status, 200);
    }
}

#[actix_web::test]
async fn another_clients_token_stays_alive() {
    let world = World::new().await;
    let (app, stranger) = (world.lone_app("Acme").await, world.lone_app("Stranger").await);
    let token = world.token(&app).await;
    let answer = revoke(&world, &stranger, &token).await;
    assert_eq!(answer.oauth_error(), (400, "invalid_grant".to_owned()));
    assert_eq!(world.introspect(&app, &token).await.json()["active"], true);
}
