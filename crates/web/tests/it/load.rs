//! What a node does when it cannot do everything.

use std::time::Duration;

use actix_web::rt;
use actix_web::test::TestRequest;
use futures_util::future::join;
use turnkeep_guard::resource::guard_state::GuardState;
use turnkeep_guard::resource::resource_guard::fixed;
use turnkeep_guard::resource::run_queue::RunQueueSettings;
use turnkeep_web::state::WebSettings;

use crate::world::requests::{basic, form};
use crate::world::{TestApp, World, unlimited};

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

#[actix_web::test]
async fn an_overrun_thread_turns_away_the_tenant_that_asks_for_most() {
    let furnished = World::new().await;
    let (noisy, quiet) = (furnished.lone_app("Noisy").await, furnished.lone_app("Quiet").await);
    // Overrun by the second request, and for good.
    let run_queue = RunQueueSettings {
        longest_pass: Duration::from_nanos(1),
        patience: Duration::ZERO,
        relief: Duration::from_secs(3_600),
    };
    let world = furnished.restarted_with(WebSettings { run_queue, ..unlimited() });
    let issue = |app: &TestApp| {
        form("/connect/token", "grant_type=client_credentials")
            .insert_header(basic(&app.client_id, &app.secret))
    };
    // Each is behind another request in the same pass, which takes one in any case.
    let issue_behind = async |app: &TestApp| {
        let (first, behind) = join(world.send(issue(&noisy)), world.send(issue(app))).await;
        assert_eq!(first.status, 200);
        // What was queued when the requests came ends their pass.
        rt::task::yield_now().await;
        behind
    };
    let mut served = 0;
    let refused = loop {
        assert!(served < 1_000_000, "nobody is ever turned away");
        let answer = issue_behind(&noisy).await;
        if answer.status != 200 {
            break answer;
        }
        served += 1;
        if served % 8 == 0 {
            assert_eq!(issue_behind(&quiet).await.status, 200);
        }
    };
    assert_eq!(refused.oauth_error(), (503, "temporarily_unavailable".to_owned()));
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=5).contains(&wait), "{wait}");
    assert_eq!(issue_behind(&quiet).await.status, 200);
    let revoke = form("/connect/revoke", "token=x").insert_header(basic(&noisy.client_id, &noisy.secret));
    assert_eq!(world.send(revoke).await.status, 200);
    let metrics = world.send(TestRequest::get().uri("/metrics")).await;
    let series = r#"turnkeep_requests_shed_total{priority="token",reason="unfair-share"}"#;
    let counted = metrics.text().lines().find_map(|line| line.strip_prefix(series).map(str::trim));
    assert!(counted.is_some_and(|count| count.parse::<u32>().unwrap() >= 1), "{}", metrics.text());
}
