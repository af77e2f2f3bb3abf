//! Metadata and key sets (RFC 8414, RFC 7517, OpenID Connect Discovery).

use actix_web::test::TestRequest;
use serde_json::json;

use crate::world::requests::request;
use crate::world::{BASE_URL, World};

const DOCUMENTS: [&str; 3] = [
    "/.well-known/jwks.json",
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
];

#[actix_web::test]
async fn each_issuer_describes_itself() {
    let world = World::new().await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    for (path, issuer) in [
        ("/.well-known/oauth-authorization-server", BASE_URL.to_owned()),
        ("/.well-known/openid-configuration", BASE_URL.to_owned()),
        ("/.well-known/oauth-authorization-server/i/acme", format!("{BASE_URL}/i/acme")),
        ("/i/acme/.well-known/oauth-authorization-server", format!("{BASE_URL}/i/acme")),
        ("/i/acme/.well-known/openid-configuration", format!("{BASE_URL}/i/acme")),
    ] {
        let answer = world
            .send(
                TestRequest::get()
                    .uri(path)
                    .insert_header(("Host", "evil.example"))
                    .insert_header(("X-Forwarded-Host", "evil.example")),
            )
            .await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
        let body = answer.json();
        assert_eq!(body["issuer"], issuer, "{path}");
        assert_eq!(body["token_endpoint"], format!("{issuer}/connect/token"));
        assert_eq!(body["jwks_uri"], format!("{issuer}/.well-known/jwks.json"));
        assert_eq!(body["kill_marks_uri"], format!("{issuer}/.well-known/kill-marks"));
        assert_eq!(body["authorization_endpoint"], format!("{issuer}/connect/authorize"));
        let grants = json!(["client_credentials", "authorization_code", "refresh_token"]);
        assert_eq!(body["grant_types_supported"], grants);
        assert_eq!(body["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(body["authorization_response_iss_parameter_supported"], true);
        let is_provider = path.ends_with("openid-configuration");
        let userinfo = is_provider.then(|| json!(format!("{issuer}/connect/userinfo")));
        assert_eq!(body.get("userinfo_endpoint"), userinfo.as_ref(), "{path}");
        let scopes = body["scopes_supported"].as_array().unwrap();
        for scope in ["openid", "profile", "email", "offline_access"] {
            assert!(scopes.contains(&json!(scope)), "{scope}");
        }
        assert!(!scopes.contains(&json!("sec")) && !scopes.contains(&json!("turnkeep.operate")), "{body}");
    }
}

#[actix_web::test]
async fn key_sets_have_public_members_only_and_differ_between_issuers() {
    let world = World::bare();
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    let mut kids = Vec::new();
    for path in ["/.well-known/jwks.json", "/i/acme/.well-known/jwks.json"] {
        let answer = world.send(TestRequest::get().uri(path)).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("application/jwk-set+json"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
        for key in answer.json()["keys"].as_array().unwrap() {
            assert!(["d", "p", "q", "dp", "dq", "qi", "k"].iter().all(|member| key.get(member).is_none()));
            assert_eq!(key["use"], "sig");
            kids.push(key["kid"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(kids.len(), 3, "the instance that was made later has a key for ID tokens already");
    kids.sort_unstable();
    kids.dedup();
    assert_eq!(kids.len(), 3);
}

#[actix_web::test]
async fn a_known_key_set_is_not_sent_again() {
    let world = World::bare();
    let path = "/.well-known/jwks.json";
    let first = world.send(TestRequest::get().uri(path)).await;
    let etag = first.header("etag").unwrap().to_owned();
    for (known, status) in [
        (etag.clone(), 304),
        (format!("W/{etag}"), 304),
        (format!("\"other\", {etag}"), 304),
        ("*".to_owned(), 304),
        ("\"other\"".to_owned(), 200),
    ] {
        let answer = world.send(TestRequest::get().uri(path).insert_header(("If-None-Match", known))).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("etag"), Some(etag.as_str()));
        assert_eq!(answer.body.is_empty(), status == 304);
    }
}

#[actix_web::test]
async fn documents_are_only_read() {
    let world = World::bare();
    for document in DOCUMENTS.into_iter().chain(["/.well-known/kill-marks"]) {
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
            let answer = world.send(request(method, document)).await;
            assert_eq!(answer.problem(), (405, "method_not_allowed".to_owned()));
            assert_eq!(answer.header("allow"), Some("GET, HEAD"));
        }
        assert_eq!(world.send(request("HEAD", document)).await.status, 200);
    }
}

#[actix_web::test]
async fn unknown_and_disabled_issuers_cannot_be_told_apart() {
    let world = World::bare();
    let instance = world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    let path = format!("/api/v1/instances/{}/disable", instance["id"].as_str().unwrap());
    world.operated("POST", &path, None).await;
    for document in DOCUMENTS {
        let mut answers = Vec::new();
        for slug in ["acme", "unknown"] {
            let answer = world.send(TestRequest::get().uri(&format!("/i/{slug}{document}"))).await;
            assert_eq!(answer.problem(), (404, "not_found".to_owned()));
            let mut body = answer.json();
            body.as_object_mut().unwrap().remove("instance");
            let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
            names.sort();
            answers.push((body, names));
        }
        let nowhere = world.send(TestRequest::get().uri("/nowhere")).await;
        assert_eq!(nowhere.problem(), (404, "not_found".to_owned()));
        assert_eq!(answers[0], answers[1]);
    }
}
