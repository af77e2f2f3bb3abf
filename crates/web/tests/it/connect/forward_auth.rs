//! Forward authentication, as gateways ask for it.

use actix_web::test::TestRequest;
use serde_json::json;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::user::UserName;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::sign_in::change_password::set_password_of;
use turnkeep_service::tokens::authenticate_bearer::Caller;

use crate::world::answer::Answer;
use crate::world::people::{person, text};
use crate::world::requests::{basic, bearer, request};
use crate::world::{TestApp, World};

const PASSWORD: &str = "violet tractor sings";
const HERE: &str = "/connect/forward-auth?audience=TrueParser.API";
const BEARER: &str = r#"Bearer realm="turnkeep""#;
const INVALID: &str = r#"Bearer realm="turnkeep", error="invalid_token""#;
const BASIC: &str = r#"Basic realm="turnkeep", charset="UTF-8""#;

/// A path, a header of the request's, and the status and challenges that it is answered with.
type Case<'a> = (&'a String, Option<(&'static str, String)>, u16, &'a [&'a str]);

/// An app with a service token, which admits internal users with their passwords, and one of those.
async fn furnished() -> (World, TestApp, String, String) {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    let settings = json!({
        "scopes": "read write", "reference_tokens": "administrators_only", "basic_authentication": true,
        "sign_in": {"internal": true, "community": false},
        "login_redirect_uris": ["https://app.example.com/callback"],
    });
    let app = world.app_with(&tenant_id, "Acme", settings).await;
    let sat = json!({"kind": "service", "name": "key", "scopes": "read"});
    let sat = world.create(&format!("/api/v1/apps/{}/reference-tokens", app.id), sat).await;
    let ann = person(&world, "ann").await;
    let instances = world.operated("GET", "/api/v1/instances", None).await;
    let context = RegistryContext {
        authority: &world.authority,
        instance_id: text(&instances["items"][0]["id"]).parse().unwrap(),
        caller: Caller { actor: Actor::CommandLine, ..Caller::COMMAND_LINE },
        request_id: None,
        idempotency: None,
    };
    let password = PlaintextSecret::new(PASSWORD.to_owned());
    set_password_of(&context, &UserName::parse("ann").unwrap(), &password).unwrap();
    (world, app, text(&sat["token"]), ann)
}

fn challenges(answer: &Answer) -> Vec<&str> {
    answer.headers.get_all("www-authenticate").map(|value| value.to_str().unwrap()).collect()
}

#[actix_web::test]
async fn who_may_pass_is_told_in_headers() {
    let (world, app, sat, ann) = furnished().await;
    let jwt = world.token(&app).await;
    let with_basic = format!("{HERE}&client_id={}", app.client_id);
    let service = (app.client_id.as_str(), "");
    for (method, path, header, (subject, user_name), scope) in [
        ("GET", HERE, bearer(&jwt), service, "read write"),
        ("POST", HERE, bearer(&jwt), service, "read write"),
        ("DELETE", HERE, bearer(&sat), service, "read"),
        ("GET", HERE, ("X-Api-Key", sat.clone()), service, "read"),
        ("PATCH", with_basic.as_str(), basic("ann", PASSWORD), (ann.as_str(), "ann"), "read write"),
        ("GET", with_basic.as_str(), bearer(&sat), service, "read"),
    ] {
        let asked = request(method, &format!("{path}&scope=read")).insert_header(header.clone());
        let answer = world.send(asked.insert_header(("X-Turnkeep-Subject", "forged"))).await;
        assert_eq!((answer.status, answer.text()), (200, ""), "{method} {}", header.0);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        for (name, value) in [
            ("x-turnkeep-subject", subject),
            ("x-turnkeep-user-name", user_name),
            ("x-turnkeep-client-id", &app.client_id),
            ("x-turnkeep-app-id", &app.id),
            ("x-turnkeep-scope", scope),
        ] {
            assert_eq!(answer.header(name), Some(value), "{method} {}: {name}", header.0);
        }
        assert!(answer.header("x-turnkeep-tenant-id").unwrap().starts_with("ten_"));
    }
}

#[actix_web::test]
async fn who_may_not_is_told_what_would_do() {
    let (world, app, sat, _) = furnished().await;
    let off = world.app_with(&world.tenant("", "Off").await, "Off", json!({})).await;
    let at = |app: &TestApp| format!("{HERE}&client_id={}", app.client_id);
    let (on, off, unknown) = (at(&app), at(&off), format!("{HERE}&client_id=nobody"));
    let elsewhere = "/connect/forward-auth?audience=turnkeep.management".to_owned();
    let here = HERE.to_owned();
    let both: &[&str] = &[INVALID, BASIC];
    let cases: Vec<Case<'_>> = vec![
        (&here, None, 401, &[BEARER]),
        (&here, Some(basic("ann", PASSWORD)), 401, &[BEARER]),
        (&here, Some(bearer("nonsense")), 401, &[INVALID]),
        (&here, Some(bearer("a b")), 401, &[INVALID]),
        (&here, Some(("X-Api-Key", "nonsense".to_owned())), 401, &[INVALID]),
        (&elsewhere, Some(bearer(&sat)), 401, &[INVALID]),
        (&on, None, 401, &[BEARER, BASIC]),
        // Nothing tells these apart: a wrong password, no such user, an app that takes none, no such app.
        (&on, Some(basic("ann", "wrong")), 401, both),
        (&on, Some(basic("nobody", PASSWORD)), 401, both),
        (&off, Some(basic("ann", PASSWORD)), 401, both),
        (&unknown, Some(basic("ann", PASSWORD)), 401, both),
    ];
    for (path, header, status, expected) in cases {
        let mut asked = TestRequest::get().uri(path);
        if let Some(header) = header.clone() {
            asked = asked.insert_header(header);
        }
        let answer = world.send(asked).await;
        assert_eq!((answer.status, challenges(&answer)), (status, expected.to_vec()), "{path} {header:?}");
        assert_eq!((answer.text(), answer.header("cache-control")), ("", Some("no-store")));
    }
    let needs = TestRequest::get().uri(&format!("{HERE}&scope=read%20sec")).insert_header(bearer(&sat));
    let lacking = world.send(needs).await;
    let expected = r#"Bearer realm="turnkeep", error="insufficient_scope", scope="read sec""#;
    assert_eq!((lacking.status, challenges(&lacking)), (403, vec![expected]));
}

#[actix_web::test]
async fn the_question_is_the_gateways_alone() {
    let (world, app, sat, _) = furnished().await;
    let ask = |path: &str| TestRequest::get().uri(path);
    for path in [
        "/connect/forward-auth",
        "/connect/forward-auth?audience=",
        "/connect/forward-auth?audience=a%20b",
        "/connect/forward-auth?audience=TrueParser.API&audience=turnkeep.management",
        "/connect/forward-auth?audience=TrueParser.API&scope=%22",
        "/connect/forward-auth?audience=TrueParser.API&access_token=abc",
    ] {
        let answer = world.send(ask(path).insert_header(bearer(&sat))).await;
        assert_eq!(answer.oauth_error(), (400, "invalid_request".to_owned()), "{path}");
    }
    let twice = ask(HERE).insert_header(bearer(&sat)).insert_header(("X-Api-Key", sat.clone()));
    assert_eq!(world.send(twice).await.oauth_error(), (400, "invalid_request".to_owned()));
    // What Envoy appends is the client's, and nobody reads it.
    let appended =
        format!("{HERE}&scope=read&original=/orders?audience=x&scope=sec&client_id={}", app.client_id);
    assert_eq!(world.send(ask(&appended).insert_header(bearer(&sat))).await.status, 200);
    let offered = world.send(ask(&appended)).await;
    assert_eq!(challenges(&offered), [BEARER]);
    // Nor does what a client says of itself.
    let forged = ask(HERE)
        .insert_header(("X-Forwarded-Uri", "/connect/forward-auth?audience=turnkeep.management"))
        .insert_header(("X-Forwarded-Host", "evil.example"))
        .insert_header(bearer(&sat));
    assert_eq!(world.send(forged).await.status, 200);
}

#[actix_web::test]
async fn the_kill_switch_and_guessing_are_seen_at_once() {
    let (world, app, sat, _) = furnished().await;
    let ask = || TestRequest::get().uri(HERE).insert_header(bearer(&sat));
    assert_eq!(world.send(ask()).await.status, 200);
    world.operated("POST", &format!("/api/v1/apps/{}/disable", app.id), None).await;
    assert_eq!(world.send(ask()).await.status, 401);
    world.operated("POST", &format!("/api/v1/apps/{}/enable", app.id), None).await;
    assert_eq!(world.send(ask()).await.status, 200, "the key is as good as its app");
    let path = format!("{HERE}&client_id={}", app.client_id);
    let mut statuses = Vec::new();
    for _ in 0..30 {
        statuses.push(world.send(TestRequest::get().uri(&path).insert_header(basic("ann", "wrong"))).await);
    }
    let last = statuses.last().unwrap();
    assert_eq!(last.oauth_error(), (429, "temporarily_unavailable".to_owned()));
    assert!(last.header("retry-after").is_some());
}
