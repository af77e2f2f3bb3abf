//! What a node does when it cannot do everything.

use actix_web::test::TestRequest;
use turnkeep_guard::resource::guard_state::GuardState;
use turnkeep_guard::resource::resource_guard::fixed;

use crate::world::requests::{basic, form};
use crate::world::{TestApp, World};

async fn world(state: GuardState) -> (World, TestApp, String) {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let token = world.token(&world.operator).await;
    world.state.watch_by(fixed(state));
    (world, app, token)
}

#[actix_web::test]
async fn under_load_the_management_api_is_put_off_and_what_takes_access_away_is_not() {
    for (state, listed) in [
        (GuardState::Normal, 200),
        (GuardState::Slow, 200),
        (GuardState::Defer, 503),
        (GuardState::Reject, 503),
    ] {
        let (world, app, token) = world(state).await;
        let list = world.call(&token, "GET", "/api/v1/apps", None).await;
        assert_eq!(list.status, listed, "{state:?}");
        if listed == 503 {
            assert_eq!(list.problem(), (503, "temporary_reduced_capacity".to_owned()));
            let wait: u64 = list.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=5).contains(&wait), "{wait}");
        }
        let issue = || {
            form("/connect/token", "grant_type=client_credentials")
                .insert_header(basic(&app.client_id, &app.secret))
        };
        let issued = world.send(issue()).await;
        assert_eq!(issued.status, 200, "{state:?}");
        let issued = issued.json()["access_token"].as_str().unwrap().to_owned();
        let revoke = form("/connect/revoke", &format!("token={issued}"))
            .insert_header(basic(&app.client_id, &app.secret));
        assert_eq!(world.send(revoke).await.status, 200, "{state:?}");
        let disable = format!("/api/v1/apps/{}/disable", app.id);
        assert_eq!(world.call(&token, "POST", &disable, None).await.status, 200, "{state:?}");
        assert_eq!(world.send(issue()).await.status, 401, "{state:?}");
    }
}

#[actix_web::test]
async fn a_node_under_the_worst_load_is_not_ready_but_alive() {
    for (state, expected) in [
        (GuardState::Normal, 200),
        (GuardState::Slow, 200),
        (GuardState::Defer, 200),
        (GuardState::Reject, 503),
    ] {
        let (world, ..) = world(state).await;
        let ready = world.send(TestRequest::get().uri("/health/ready")).await;
        let live = world.send(TestRequest::get().uri("/health/live")).await;
        assert_eq!((ready.status, live.status), (expected, 200), "{state:?}");
    }
}
