//! Which paths are the authority's, and which stay the host's.

use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};
use turnkeep_embed::turnkeep::Turnkeep;

use crate::host::{Host, NOTHING_HERE, first_operator, settings};

#[actix_web::test]
async fn paths_are_the_hosts_but_for_the_authoritys_own() {
    let turnkeep = Turnkeep::open(settings("sqlite::memory:", 1)).unwrap();
    first_operator(&turnkeep);
    let running = turnkeep.start();
    let host = Host::around(&running).await;
    for path in [
        "/health/live",
        "/health/ready",
        "/health/node-state",
        "/metrics",
        "/.well-known/jwks.json",
        "/.well-known/kill-marks",
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server/i/acme",
        "/.well-known/openid-configuration",
        "/connect/token",
        "/connect/introspect",
        "/connect/revoke",
        "/connect/nothing",
        "/api/v1/apps",
        "/api/v1/docs",
        "/i/acme/connect/token",
        "/i/acme",
    ] {
        assert_ne!(host.get(path).await.body, NOTHING_HERE, "{path}");
    }
    assert_eq!(host.get("/hello").await.body, "hello");
    for path in
        ["/", "/hello/you", "/health", "/connections", "/api/v2/apps", "/.well-known/security.txt", "/index"]
    {
        let answer = host.get(path).await;
        assert_eq!((answer.status, answer.body.as_str()), (404, NOTHING_HERE), "{path}");
    }
}

#[actix_web::test]
async fn a_route_that_the_host_registers_first_is_the_hosts() {
    let turnkeep = Turnkeep::open(settings("sqlite::memory:", 1)).unwrap();
    let running = turnkeep.start();
    let app = App::new()
        .route("/metrics", web::get().to(|| async { "the host's" }))
        .configure(running.routes())
        .route("/health/live", web::get().to(|| async { "too late" }));
    let service = init_service(app).await;
    for (path, expected) in [("/metrics", true), ("/health/live", false)] {
        let response = call_service(&service, TestRequest::get().uri(path).to_request()).await;
        assert_eq!(read_body(response).await == "the host's", expected, "{path}");
    }
}

#[actix_web::test]
async fn exclusive_routes_answer_every_path() {
    let turnkeep = Turnkeep::open(settings("sqlite::memory:", 1)).unwrap();
    let running = turnkeep.start();
    let app =
        App::new().configure(running.exclusive_routes()).route("/hello", web::get().to(|| async { "hello" }));
    let service = init_service(app).await;
    let response = call_service(&service, TestRequest::get().uri("/hello").to_request()).await;
    assert_eq!(response.status(), 404);
    assert_eq!(response.headers().get("content-type").unwrap(), "application/problem+json");
}
