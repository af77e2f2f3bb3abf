//! What a node tells of itself: the metrics, and the same facts as JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::test::TestRequest;
use futures_util::future::join;
use serde_json::json;
use turnkeep_domain::filter::AppFilter;
use turnkeep_domain::page::Page;
use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::rate_limits::shared::{SharedAnswer, SharedAnswering, SharedLimits, SharedTake};
use turnkeep_guard::resource::guard_state::GuardState;
use turnkeep_guard::resource::resource_guard::fixed;
use turnkeep_service::logout::deliver_notices::deliver_notices;
use turnkeep_service::sign_in::mail::MailCounts;
use turnkeep_storage::store::{Store, Writes};
use turnkeep_testkit::fixtures;
use turnkeep_web::state::WebSettings;

use crate::world::requests::request;
use crate::world::troubled_store::Trouble;
use crate::world::{TestApp, World};

/// Every series with its value.
async fn series(world: &World) -> BTreeMap<String, f64> {
    let answer = world.send(TestRequest::get().uri("/metrics")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let samples = answer.text().lines().filter(|line| !line.starts_with('#'));
    samples
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            (name.to_owned(), value.parse().unwrap())
        })
        .collect()
}

#[actix_web::test]
async fn metrics_are_openmetrics_text_for_everybody() {
    let world = World::bare();
    let answer = world.send(TestRequest::get().uri("/metrics")).await;
    let openmetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!((answer.status, answer.header("content-type")), (200, Some(openmetrics)));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(answer.text().ends_with("# EOF\n"));
    for (method, path) in [("POST", "/metrics"), ("DELETE", "/health/node-state"), ("TRACE", "/metrics")] {
        let refused = world.send(request(method, path)).await;
        assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD")), "{method} {path}");
    }
}

#[actix_web::test]
async fn metrics_follow_what_happens() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let before = series(&world).await;
    world.token(&app).await;
    let nobody = TestApp { client_id: "nobody".to_owned(), ..app.clone() };
    world.ask_token(&nobody, "").await;
    world.operated("POST", &format!("/api/v1/apps/{}/disable", app.id), None).await;
    let after = series(&world).await;
    for (name, rise) in [
        ("turnkeep_in_step", 0.0),
        ("turnkeep_applied_sequence", 1.0),
        ("turnkeep_changes_behind", 0.0),
        ("turnkeep_since_look_seconds", 0.0),
        ("turnkeep_apps_in_memory", 1.0),
        ("turnkeep_absences_in_memory", 1.0),
        ("turnkeep_app_loads_total", 2.0),
        ("turnkeep_slow_hashes_total", 0.0),
        ("turnkeep_password_hashes_total", 0.0),
        ("turnkeep_last_uses_waiting", 1.0),
        ("turnkeep_refusals_waiting", 1.0),
        ("turnkeep_notes_given_up_total", 0.0),
        ("turnkeep_mutations_total", 1.0),
        ("turnkeep_mutations_waited_seconds_total", 0.0),
        ("turnkeep_nodes_fenced_total", 0.0),
        ("turnkeep_requests_in_flight", 0.0),
        ("turnkeep_polls_waiting", 0.0),
    ] {
        assert_eq!(after[name] - before[name], rise, "{name}");
    }
    assert_eq!(after["turnkeep_in_step"], 1.0);
    world.keep_books();
    let written = series(&world).await;
    assert_eq!((written["turnkeep_last_uses_waiting"], written["turnkeep_refusals_waiting"]), (0.0, 0.0));
}

#[actix_web::test]
async fn requests_are_counted_by_route_and_class_of_status() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let before = series(&world).await;
    world.token(&app).await;
    world.send(TestRequest::get().uri("/connect/token")).await;
    world.send(TestRequest::get().uri("/.well-known/jwks.json")).await;
    world.send(TestRequest::get().uri("/i/default/.well-known/kill-marks")).await;
    world.send(TestRequest::get().uri("/api/v1/apps")).await;
    world.send(TestRequest::get().uri("/api/v1/nothing")).await;
    world.send(TestRequest::get().uri("/connect/tokens")).await;
    world.send(TestRequest::get().uri("/health/live")).await;
    let after = series(&world).await;
    for (route, status, rise) in [
        ("token", "2xx", 1.0),
        ("token", "4xx", 1.0),
        ("well-known", "2xx", 1.0),
        // The default instance has no path of its own.
        ("kill-marks", "4xx", 1.0),
        ("management", "4xx", 2.0),
        ("other", "4xx", 1.0),
        // With the scrape before.
        ("health", "2xx", 2.0),
        ("introspection", "2xx", 0.0),
        ("token", "5xx", 0.0),
    ] {
        let name = format!(r#"turnkeep_requests_total{{route="{route}",status="{status}"}}"#);
        assert_eq!(after[&name] - before[&name], rise, "{name}");
    }
    for (name, rise) in [
        (r#"turnkeep_request_duration_seconds_count{route="token"}"#, 2.0),
        (r#"turnkeep_request_duration_seconds_bucket{le="+Inf",route="token"}"#, 2.0),
        (r#"turnkeep_request_duration_seconds_count{route="other"}"#, 1.0),
    ] {
        assert_eq!(after[name] - before[name], rise, "{name}");
    }
    let sum = r#"turnkeep_request_duration_seconds_sum{route="token"}"#;
    assert!(before[sum] < after[sum], "{before:?}");
}

#[actix_web::test]
async fn tokens_are_counted_and_refusals_by_their_reason() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let before = series(&world).await;
    world.token(&app).await;
    world.token(&app).await;
    world.ask_token(&TestApp { secret: "wrong".to_owned(), ..app.clone() }, "").await;
    world.ask_token(&TestApp { client_id: "nobody".to_owned(), ..app.clone() }, "").await;
    world.ask_token(&app, "&scope=sec").await;
    world.ask_token_at("/i/nowhere", &app, "").await;
    let after = series(&world).await;
    assert_eq!(after["turnkeep_tokens_issued_total"] - before["turnkeep_tokens_issued_total"], 2.0);
    let rises: BTreeMap<&str, f64> = after
        .iter()
        .filter_map(|(name, value)| {
            let reason = name.strip_prefix(r#"turnkeep_tokens_refused_total{reason=""#)?;
            Some((reason.strip_suffix(r#""}"#)?, value - before[name]))
        })
        .filter(|(_, rise)| *rise != 0.0)
        .collect();
    let expected = [
        ("app_unknown", 1.0),
        ("client_authentication_failed", 1.0),
        ("scope_not_allowed", 1.0),
        ("unknown_issuer", 1.0),
    ];
    assert_eq!(rises, BTreeMap::from(expected));
}

/// What no client may get into a metric.
const MARK: &str = "q7zx";

#[actix_web::test]
async fn no_client_can_add_a_series_or_write_into_one() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let before: Vec<String> = series(&world).await.into_keys().collect();
    for number in 0..50 {
        let text = format!("{MARK}{number}");
        let nobody = TestApp { id: String::new(), client_id: text.clone(), secret: text.clone() };
        world.ask_token(&nobody, &format!("&scope={text}&resource={text}&{text}={text}")).await;
        world.ask_token_at(&format!("/i/{text}"), &app, "").await;
        for path in
            [format!("/{text}"), format!("/i/{text}"), format!("/api/v1/{text}"), format!("/connect/{text}")]
        {
            world.send(TestRequest::get().uri(&path)).await;
        }
        world.send(request(&text.to_uppercase(), "/connect/token")).await;
        world.send(request(&text.to_uppercase(), &format!("/{text}"))).await;
        let mut hostile = TestRequest::get().uri(&format!("/api/v1/apps?{text}={text}"));
        for name in ["User-Agent", "X-Request-Id", "traceparent", "X-Forwarded-For", "Host", "Authorization"]
        {
            hostile = hostile.insert_header((name, text.as_str()));
        }
        world.send(hostile.insert_header((text.as_str(), "1"))).await;
    }
    let after: Vec<String> = series(&world).await.into_keys().collect();
    assert_eq!(before, after);
    assert!(after.iter().all(|name| !name.to_lowercase().contains(MARK)), "{after:?}");
}

#[actix_web::test]
async fn limits_that_bite_are_counted_by_endpoint_and_layer() {
    let mut settings = WebSettings::default();
    settings.rate_limits.set(Endpoint::Token, "address=2/60, client=off, tenant=off").unwrap();
    let world = World::with(settings);
    let nobody = TestApp { id: String::new(), client_id: "nobody".to_owned(), secret: "x".to_owned() };
    for _ in 0..5 {
        world.ask_token(&nobody, "").await;
    }
    let counted = series(&world).await;
    let of = |outcome: &str| {
        counted[&format!(
            r#"turnkeep_requests_limited_total{{endpoint="token",layer="address",outcome="{outcome}"}}"#
        )]
    };
    assert_eq!((of("refused"), of("dry-run")), (3.0, 0.0));
    assert_eq!(counted["turnkeep_refusals_parked"], 0.0);
}

#[actix_web::test]
async fn the_state_of_the_guard_is_one_of_a_fixed_set() {
    let world = World::bare();
    world.state.watch_by(fixed(GuardState::Defer));
    let counted = series(&world).await;
    let states = GuardState::ALL
        .map(|state| counted[&format!(r#"turnkeep_guard_state{{state="{}"}}"#, state.as_str())]);
    assert_eq!(states, [0.0, 0.0, 1.0, 0.0]);
    let told = world.send(TestRequest::get().uri("/health/node-state")).await.json();
    assert_eq!(told["guard"]["state"], "defer");
    assert_eq!((&told["guard"]["binding"], &told["guard"]["sample"]), (&json!(null), &json!(null)));
}

#[actix_web::test]
async fn polls_that_wait_are_counted() {
    let world = World::new().await;
    let feed = "/.well-known/kill-marks";
    let poll = TestRequest::get().uri(feed).insert_header(("If-None-Match", "*"));
    let watch = async {
        let waiting = series(&world).await["turnkeep_polls_waiting"];
        world.state.stop_waiting();
        waiting
    };
    let (_, waiting) = join(world.send(poll.insert_header(("Prefer", "wait=30"))), watch).await;
    assert_eq!((waiting, series(&world).await["turnkeep_polls_waiting"]), (1.0, 0.0));
}

/// The values of a metric by one label.
fn by_label(series: &BTreeMap<String, f64>, start: &str) -> Vec<(String, f64)> {
    let labelled = series.iter().filter_map(|(name, value)| {
        let label = name.strip_prefix(start)?.strip_suffix("\"}")?;
        Some((label.to_owned(), *value))
    });
    labelled.collect()
}

#[actix_web::test]
async fn attempts_to_tell_apps_of_logouts_are_counted_by_their_outcome() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let uri = json!({"backchannel_logout_uri": "https://app.example.com/logout"});
    world.operated("PATCH", &format!("/api/v1/apps/{}", app.id), Some(uri)).await;
    let store: &dyn Store = &*world.store;
    let insert = |writes: &mut dyn Writes| {
        let instance = writes.list_instances()?.remove(0);
        let apps = writes.list_apps_of_instance(instance.id, &AppFilter::default(), &Page::first(9))?;
        let told = apps.iter().find(|told| told.id.to_string() == app.id).unwrap();
        let session = fixtures::session(&fixtures::user(&instance, 1), 1);
        writes.insert_logout_notice(&fixtures::logout_notice(told, &session, 1))
    };
    store.mutate(insert).unwrap();
    let outcomes = |told: [f64; 3]| {
        ["delivered", "failed", "given-up"].map(str::to_owned).into_iter().zip(told).collect::<Vec<_>>()
    };
    let counted = "turnkeep_logout_deliveries_total{outcome=\"";
    assert_eq!(by_label(&series(&world).await, counted), outcomes([0.0, 0.0, 0.0]));
    // Nobody can be reached from here.
    for told in [[0.0, 1.0, 0.0], [0.0, 2.0, 0.0], [0.0, 3.0, 0.0], [0.0, 4.0, 0.0], [0.0, 4.0, 1.0]] {
        deliver_notices(&world.authority).unwrap();
        assert_eq!(by_label(&series(&world).await, counted), outcomes(told));
        world.advance(640);
    }
}

#[actix_web::test]
async fn mails_are_counted_by_their_outcome_where_there_is_mail() {
    let world = World::bare();
    let counted = "turnkeep_mails_total{outcome=\"";
    let silent = series(&world).await;
    assert_eq!((by_label(&silent, counted), silent.get("turnkeep_mails_waiting")), (vec![], None));
    world.mail.say(MailCounts { sent: 5, failed: 2, dropped: 3, waiting: 7 });
    let told = series(&world).await;
    let expected = [("dropped", 3.0), ("failed", 2.0), ("sent", 5.0)];
    assert_eq!(by_label(&told, counted), expected.map(|(outcome, count)| (outcome.to_owned(), count)));
    assert_eq!(told["turnkeep_mails_waiting"], 7.0);
}

#[actix_web::test]
async fn the_state_of_a_node_is_told_without_a_database() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    world.token(&app).await;
    world.store.set(Trouble::Panic);
    let answer = world.send(TestRequest::get().uri("/health/node-state")).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
    let status = world.authority.status();
    let applied = status.applied.as_number();
    assert_eq!(
        answer.json(),
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "node_id": status.node.map(|id| id.to_string()),
            "guard": null,
            "lease": {"valid": true, "age_seconds": 0.0},
            "change_log": {"applied": applied, "behind": 0},
            "memory": {
                "apps": status.apps_in_memory,
                "absences": 0,
                "app_loads": status.app_loads,
            },
            "slow_hashes": status.slow_hashes,
            "password_hashes": status.password_hashes,
            "backlog": {"secret_uses": status.backlog.secret_uses, "refusals": 0, "given_up": 0},
            "mutations": {"count": status.mutations, "seconds_waited": 0.0, "nodes_fenced": 0},
            "shared_limits_gone": null,
            "requests_in_flight": 0,
            "requests_in_flight_limit": 256,
            "refusals_parked": 0,
            "polls_waiting": 0,
        })
    );
    world.outlast_lease();
    let answer = world.send(TestRequest::get().uri("/health/node-state")).await.json();
    assert_eq!(answer["lease"]["valid"], false);
    assert!(2.9 < answer["lease"]["age_seconds"].as_f64().unwrap(), "{answer}");
    assert_eq!(series(&world).await["turnkeep_in_step"], 0.0);
}

/// Limits that are counted with others, or are not.
#[derive(Debug)]
struct Shared {
    is_gone: bool,
}

impl SharedLimits for Shared {
    fn take<'a>(&'a self, _: &'a [SharedTake]) -> SharedAnswering<'a> {
        Box::pin(async { SharedAnswer::Gone })
    }

    fn is_gone(&self) -> bool {
        self.is_gone
    }
}

#[actix_web::test]
async fn it_is_told_whether_limits_are_shared() {
    for is_gone in [false, true] {
        let world = World::bare();
        assert_eq!(series(&world).await.get("turnkeep_shared_limits_gone"), None);
        world.state.share_limits(Arc::new(Shared { is_gone }));
        assert_eq!(series(&world).await["turnkeep_shared_limits_gone"], f64::from(u8::from(is_gone)));
        let told = world.send(TestRequest::get().uri("/health/node-state")).await.json();
        assert_eq!(told["shared_limits_gone"], is_gone);
    }
}
