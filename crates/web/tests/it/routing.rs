//! Paths that lead nowhere, and what every answer has.

use actix_web::test::TestRequest;
use serde_json::json;

use crate::world::World;
use crate::world::requests::request;

#[actix_web::test]
async fn path_tricks_lead_nowhere() {
    let world = World::bare();
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    let document = "/.well-known/openid-configuration";
    assert_eq!(world.send(TestRequest::get().uri(&format!("/i/acme{document}"))).await.status, 200);
    for path in [
        format!("/i/default{document}"),
        format!("/i/acme/../default{document}"),
        format!("/i/acme/..{document}"),
        format!("/i//acme{document}"),
        format!("//i/acme{document}"),
        format!("/i/acme/{document}"),
        format!("/i/acme%2f{document}"),
        format!("/i%2facme{document}"),
        format!("/i/acm%65{document}"),
        format!("/i/acme;x{document}"),
        format!("/i/acme%00{document}"),
        format!("/i/ACME{document}"),
        format!("/I/acme{document}"),
        format!("/i/-{document}"),
        format!("{document}/"),
        "/.well-known/oauth-authorization-server/i/default".to_owned(),
        "/.well-known/oauth-authorization-server/i/unknown".to_owned(),
        "/.git/config".to_owned(),
        "/metrics/".to_owned(),
        "/i/acme/metrics".to_owned(),
        "/i/acme/health/node-state".to_owned(),
        "/debug".to_owned(),
        "/api/v1".to_owned(),
        "/api/v1/nothing".to_owned(),
        "/api/v2/apps".to_owned(),
        "/i/acme/".to_owned(),
        "/i/ACME".to_owned(),
        "/i/default".to_owned(),
        "/i/acme/nothing".to_owned(),
        "/i/acme/api/v1/nothing".to_owned(),
        "/connect/token/".to_owned(),
        "/connect".to_owned(),
    ] {
        let answer = world.send(TestRequest::get().uri(&path)).await;
        assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{path}");
    }
}

#[actix_web::test]
async fn an_issuer_that_is_opened_in_a_browser_leads_to_its_dashboard() {
    let world = World::bare();
    for (path, dashboard) in [("/", "/dashboard"), ("/i/acme", "/i/acme/dashboard")] {
        let answer = world.send(TestRequest::get().uri(path)).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some(dashboard)), "{path}");
        let posted = world.send(TestRequest::post().uri(path)).await;
        assert_eq!((posted.status, posted.header("allow")), (405, Some("GET, HEAD")), "{path}");
    }
}

#[actix_web::test]
async fn every_answer_names_its_request_and_nothing_about_the_server() {
    let world = World::bare();
    for (method, path) in [
        ("GET", "/health/live"),
        ("GET", "/nowhere"),
        ("TRACE", "/nowhere"),
        ("POST", "/connect/token"),
        ("GET", "/connect/token"),
        ("GET", "/.well-known/jwks.json"),
        ("GET", "/.well-known/kill-marks"),
        ("GET", "/metrics"),
        ("GET", "/health/node-state"),
        ("GET", "/api/v1/apps"),
        ("DELETE", "/api/v1/apps"),
    ] {
        let answer = world.send(request(method, path)).await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert!(answer.header("x-request-id").unwrap().starts_with("req_"), "{path}");
        assert_eq!(answer.header("server"), None);
        assert_eq!(answer.header("x-powered-by"), None);
    }
}
