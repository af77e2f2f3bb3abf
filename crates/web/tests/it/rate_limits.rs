//! Every limit bites, at every endpoint, and is told; nobody uses up the limit of somebody else.

use std::sync::Arc;
use std::time::Duration;

use actix_web::test::TestRequest;
use serde_json::json;
use turnkeep_guard::client_address::TrustedProxies;
use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::rate_limits::settings::LimitMode;
use turnkeep_guard::rate_limits::shared::{SharedAnswer, SharedAnswering, SharedLimits, SharedTake};
use turnkeep_web::state::WebSettings;

use crate::world::requests::{basic, bearer, form};
use crate::world::{TestApp, World};

/// A day long, so that nothing is given back while the test runs.
fn limited(endpoint: Endpoint, layer: &str, requests: u32) -> WebSettings {
    let others = ["node", "address", "client", "tenant"].into_iter().filter(|other| *other != layer);
    let off: String = others.map(|other| format!("{other}=off, ")).collect();
    let mut settings = WebSettings::default();
    settings.rate_limits.set(endpoint, &format!("{off}{layer}={requests}/86400")).unwrap();
    settings
}

/// An app, and its server with these settings.
async fn world(settings: WebSettings) -> (World, TestApp) {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    (world.restarted_with(settings), app)
}

fn of(endpoint: Endpoint, app: &TestApp) -> TestRequest {
    let request = match endpoint {
        Endpoint::Token | Endpoint::SignIn | Endpoint::Management => {
            form("/connect/token", "grant_type=client_credentials")
        }
        Endpoint::Introspection => form("/connect/introspect", "token=x"),
        Endpoint::Revocation => form("/connect/revoke", "token=x"),
    };
    request.insert_header(basic(&app.client_id, &app.secret))
}

/// An app on a plan with so many tokens a minute.
async fn on_plan(tokens: u32) -> (World, TestApp) {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let body = json!({"code": "slow", "name": "Slow", "token_requests": {"minute": tokens}});
    let plan = world.create("/api/v1/plans", body).await;
    world.operated("POST", &format!("/api/v1/plans/{}/activate", plan["id"].as_str().unwrap()), None).await;
    let assignment = Some(json!({"plan_id": plan["id"]}));
    world.operated("PUT", &format!("/api/v1/apps/{}/plan", app.id), assignment).await;
    (world, app)
}

#[actix_web::test]
async fn each_layer_of_each_endpoint_bites_and_names_itself() {
    for endpoint in [Endpoint::Token, Endpoint::Introspection, Endpoint::Revocation] {
        for layer in ["node", "address", "client", "tenant"] {
            let (world, app) = world(limited(endpoint, layer, 3)).await;
            let name = format!("{}-{layer}", endpoint.as_str());
            for remaining in [2, 1, 0] {
                let answer = world.send(of(endpoint, &app)).await;
                assert_eq!(answer.status, 200, "{name}");
                assert_eq!(
                    answer.header("ratelimit-policy").unwrap(),
                    format!("\"{name}\";q=3;w=86400"),
                    "{name}"
                );
                let told = answer.header("ratelimit").unwrap();
                assert!(told.starts_with(&format!("\"{name}\";r={remaining};t=")), "{told}");
            }
            let refused = world.send(of(endpoint, &app)).await;
            assert_eq!(refused.oauth_error(), (429, "temporarily_unavailable".to_owned()), "{name}");
            let told = refused.header("ratelimit").unwrap();
            assert!(told.starts_with(&format!("\"{name}\";r=0;t=")), "{told}");
            let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
            assert!((28_000..=28_800).contains(&wait), "{name}: {wait}");
            assert_eq!(refused.header("cache-control").unwrap(), "no-store");
        }
    }
}

#[actix_web::test]
async fn the_management_api_has_limits_with_a_problem_that_names_them() {
    let furnished = World::new().await;
    let tenant = furnished.tenant("", "Acme").await;
    let app = furnished.app_with(&tenant, "Console", json!({"scopes": "turnkeep.manage"})).await;
    let token = furnished.token(&app).await;
    for layer in ["node", "address", "client", "tenant"] {
        let world = furnished.restarted_with(limited(Endpoint::Management, layer, 3));
        for _ in 0..3 {
            assert_eq!(world.call(&token, "GET", "/api/v1/apps", None).await.status, 200, "{layer}");
        }
        let refused = world.call(&token, "GET", "/api/v1/apps", None).await;
        let name = format!("management-{layer}");
        assert_eq!(refused.problem(), (429, "quota_exceeded".to_owned()), "{name}");
        let problem = refused.json();
        assert_eq!(problem["violated-policies"], json!([name]));
        assert_eq!(problem["type"], "https://iana.org/assignments/http-problem-types#quota-exceeded");
        assert!(refused.header("retry-after").is_some() && refused.header("ratelimit").is_some());
    }
}

#[actix_web::test]
async fn attack_48_failures_of_others_use_up_no_limit_of_a_client() {
    let (world, app) = world(limited(Endpoint::Token, "client", 5)).await;
    for number in 0..100 {
        let guess = form("/connect/token", "grant_type=client_credentials")
            .insert_header(basic(&app.client_id, "wrong"))
            .peer_addr(format!("198.51.100.{number}:1").parse().unwrap());
        assert_eq!(world.send(guess).await.status, 401);
    }
    for _ in 0..5 {
        assert_eq!(world.send(of(Endpoint::Token, &app)).await.status, 200);
    }
    assert_eq!(world.send(of(Endpoint::Token, &app)).await.status, 429);
}

#[actix_web::test]
async fn attack_57_the_limit_of_an_address_holds_whatever_headers_and_interfaces_it_has() {
    let (world, app) = world(limited(Endpoint::Token, "address", 6)).await;
    let from = |address: &str, forwarded: &str| {
        of(Endpoint::Token, &app)
            .peer_addr(format!("{address}:1").parse().unwrap())
            .insert_header(("X-Forwarded-For", forwarded.to_owned()))
    };
    for number in 0..6 {
        let address = format!("[2001:db8:1:2::{number:x}]");
        assert_eq!(world.send(from(&address, &format!("203.0.113.{number}"))).await.status, 200);
    }
    assert_eq!(world.send(from("[2001:db8:1:2:ffff::1]", "203.0.113.99")).await.status, 429);
    assert_eq!(world.send(from("[2001:db8:1:3::1]", "203.0.113.99")).await.status, 200);
}

#[actix_web::test]
async fn behind_a_trusted_proxy_each_caller_has_a_limit_of_its_own() {
    let mut settings = limited(Endpoint::Token, "address", 2);
    settings.trusted_proxies = TrustedProxies::parse("10.0.0.0/8").unwrap();
    let (world, app) = world(settings).await;
    for (caller, expected) in
        [("203.0.113.1", 200), ("203.0.113.1", 200), ("203.0.113.1", 429), ("203.0.113.2", 200)]
    {
        let request = of(Endpoint::Token, &app)
            .peer_addr("10.0.0.1:1".parse().unwrap())
            .insert_header(("X-Forwarded-For", caller));
        assert_eq!(world.send(request).await.status, expected, "{caller}");
    }
}

#[actix_web::test]
async fn a_dry_run_refuses_nothing_and_counts_what_it_would_refuse() {
    let mut settings = limited(Endpoint::Token, "client", 2);
    settings.rate_limits.mode = LimitMode::DryRun;
    let (world, app) = world(settings).await;
    for _ in 0..5 {
        assert_eq!(world.send(of(Endpoint::Token, &app)).await.status, 200);
    }
    let answer = world.send(TestRequest::get().uri("/metrics")).await;
    let metrics = answer.text();
    let series = r#"turnkeep_requests_limited_total{endpoint="token",layer="client",outcome="dry-run"} 3"#;
    assert!(metrics.contains(series), "{metrics}");
}

#[actix_web::test]
async fn the_limit_of_a_plan_replaces_that_of_the_server() {
    let (furnished, app) = on_plan(2).await;
    let world = furnished.restarted_with(limited(Endpoint::Token, "client", 50));
    for expected in [200, 200, 429] {
        let answer = world.send(of(Endpoint::Token, &app)).await;
        assert_eq!(answer.status, expected);
        assert_eq!(answer.header("ratelimit-policy").unwrap(), "\"token-client\";q=2;w=60");
    }
}

#[actix_web::test]
async fn the_limit_of_a_plan_is_about_tokens_and_about_nothing_else() {
    let (furnished, app) = on_plan(1).await;
    let world = furnished.restarted_with(WebSettings::default());
    for endpoint in [Endpoint::Introspection, Endpoint::Revocation] {
        for _ in 0..5 {
            assert_eq!(world.send(of(endpoint, &app)).await.status, 200, "{}", endpoint.as_str());
        }
    }
}

#[actix_web::test]
async fn attack_49_headers_tell_no_more_of_a_secret_than_the_body_does() {
    let furnished = World::new().await;
    let app = furnished.lone_app("Acme").await;
    furnished.operated("POST", &format!("/api/v1/apps/{}/disable", app.id), None).await;
    let mut settings = limited(Endpoint::Token, "client", 2);
    settings.rate_limits.set(Endpoint::Token, "address=1000/86400").unwrap();
    let stopped = app.clone();
    let wrong = TestApp { secret: "wrong".to_owned(), ..app.clone() };
    let unknown = TestApp { client_id: "com.example/nobody".to_owned(), ..app };
    let mut told = Vec::new();
    for asker in [stopped, wrong, unknown] {
        let world = furnished.restarted_with(settings.clone());
        let mut answers = Vec::new();
        // Beyond the limit of the client, and the brake on guessing.
        for _ in 0..25 {
            let answer = world.send(of(Endpoint::Token, &asker)).await;
            let headers = ["ratelimit-policy", "www-authenticate", "cache-control"]
                .map(|name| answer.header(name).map(str::to_owned));
            answers.push((answer.oauth_error(), headers));
        }
        told.push(answers);
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(told[1], told[2]);
    assert_eq!(told[0][24].0.0, 429);
}

#[actix_web::test]
async fn a_disabled_app_uses_up_nothing_of_its_tenant() {
    let furnished = World::new().await;
    let tenant = furnished.tenant("", "Acme").await;
    let stopped = furnished.app_with(&tenant, "Stopped", json!({"scopes": "read"})).await;
    let sibling = furnished.app_with(&tenant, "Sibling", json!({"scopes": "read"})).await;
    furnished.operated("POST", &format!("/api/v1/apps/{}/disable", stopped.id), None).await;
    let world = furnished.restarted_with(limited(Endpoint::Token, "tenant", 2));
    for _ in 0..5 {
        assert_eq!(world.send(of(Endpoint::Token, &stopped)).await.status, 401);
    }
    for expected in [200, 200, 429] {
        assert_eq!(world.send(of(Endpoint::Token, &sibling)).await.status, expected);
    }
}

#[actix_web::test]
async fn introspection_by_an_access_token_has_limits_too() {
    let furnished = World::new().await;
    let token = furnished.token(&furnished.operator).await;
    for layer in ["client", "address"] {
        let world = furnished.restarted_with(limited(Endpoint::Introspection, layer, 2));
        for expected in [200, 200, 429] {
            let request = form("/connect/introspect", "token=x").insert_header(bearer(&token));
            assert_eq!(world.send(request).await.status, expected, "{layer}");
        }
    }
}

#[actix_web::test]
async fn what_takes_access_away_is_not_refused_for_what_others_at_the_address_have_asked() {
    let furnished = World::new().await;
    let app = furnished.lone_app("Acme").await;
    let token = furnished.token(&furnished.operator).await;
    let world = furnished.restarted_with(limited(Endpoint::Management, "address", 1));
    let disable = format!("/api/v1/apps/{}/disable", app.id);
    assert_eq!(world.call("nonsense", "GET", "/api/v1/apps", None).await.status, 401);
    assert_eq!(world.call(&token, "GET", "/api/v1/apps", None).await.status, 429);
    assert_eq!(world.call("nonsense", "POST", &disable, None).await.status, 429);
    assert_eq!(world.call(&token, "POST", &disable, None).await.status, 200);
}

#[actix_web::test]
async fn what_an_app_asks_about_itself_counts_for_its_tenant() {
    let furnished = World::new().await;
    let app = furnished.lone_app("Acme").await;
    let token = furnished.token(&app).await;
    let world = furnished.restarted_with(limited(Endpoint::Management, "tenant", 2));
    for expected in [200, 200, 429] {
        assert_eq!(world.call(&token, "GET", "/api/v1/usage", None).await.status, expected);
    }
}

/// Other nodes have used everything up.
struct UsedUp;

impl SharedLimits for UsedUp {
    fn take<'a>(&'a self, _: &'a [SharedTake]) -> SharedAnswering<'a> {
        let wait = Duration::from_secs(7);
        Box::pin(async move { SharedAnswer::Exceeded { index: 0, retry_in: wait, resets_in: wait } })
    }

    fn is_gone(&self) -> bool {
        false
    }
}

#[actix_web::test]
async fn a_token_that_the_cluster_has_no_room_for_is_neither_given_nor_counted() {
    let furnished = World::new().await;
    let app = furnished.lone_app("Acme").await;
    let world = furnished.restarted_with(WebSettings::default());
    world.state.share_limits(Arc::new(UsedUp));
    let refused = world.send(of(Endpoint::Token, &app)).await;
    assert_eq!(refused.oauth_error(), (429, "temporarily_unavailable".to_owned()));
    assert_eq!(refused.header("retry-after"), Some("7"));
    furnished.authority.close_books().unwrap();
    let report = furnished.operate("GET", "/api/v1/token-requests", None).await.json();
    let issued: Vec<u64> = report["apps"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|counted| counted["app_id"] == app.id.as_str())
        .map(|counted| counted["issued"].as_u64().unwrap())
        .collect();
    assert!(issued.iter().all(|issued| *issued == 0), "{report}");
    let metrics = world.send(TestRequest::get().uri("/metrics")).await;
    assert!(
        metrics.text().lines().any(|line| line == "turnkeep_tokens_issued_total 0"),
        "{}",
        metrics.text()
    );
    let families =
        metrics.text().lines().filter(|line| line.starts_with("# TYPE turnkeep_shared_limits_gone"));
    assert_eq!(families.count(), 1);
}
