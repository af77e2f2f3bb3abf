//! Storage settings of apps on the wire (seed 001).

use serde_json::{Value, json};
use turnkeep_domain::storage_config::StorageCheckOutcome;
use turnkeep_service::storage_settings::probe::ProbeUnavailable;

use crate::world::World;
use crate::world::answer::Answer;
use crate::world::people::member;

const SECRET_KEY: &str = "canary/storage+secret=key";
const R2: &str = "https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com";

/// An app, and the path of its storage settings.
async fn app_with_path(world: &World) -> (String, String) {
    let app = world.lone_app("Acme").await;
    let path = format!("/api/v1/apps/{}/storage", app.id);
    (app.id, path)
}

fn minio() -> Value {
    json!({
        "provider": "minio",
        "endpoint": "https://minio.example",
        "bucket": "invoices",
        "access_key": "AKIAEXAMPLE",
        "secret_key": SECRET_KEY,
    })
}

/// MinIO's settings with members set, or left out if null.
fn with(changes: Value) -> Value {
    let (mut body, Value::Object(changes)) = (minio(), changes) else { panic!("members") };
    let members = body.as_object_mut().unwrap();
    for (name, value) in changes {
        match value {
            Value::Null => drop(members.remove(&name)),
            value => drop(members.insert(name, value)),
        }
    }
    body
}

async fn put(world: &World, path: &str, body: Value) -> Answer {
    world.operate("PUT", path, Some(body)).await
}

fn blamed(answer: &Answer, code: &str, fields: &[&str]) {
    assert_eq!(answer.problem(), (422, code.to_owned()), "{}", answer.text());
    assert_eq!(answer.blamed_fields(), fields, "{}", answer.text());
}

#[actix_web::test]
async fn settings_are_put_shown_replaced_and_removed() {
    let world = World::new().await;
    let (_, path) = app_with_path(&world).await;
    assert_eq!(world.operate("GET", &path, None).await.problem(), (404, "not_found".to_owned()));
    let made = put(&world, &path, minio()).await;
    let version = made.json()["version"].as_i64().unwrap();
    let tag = |version: i64| Some(format!("\"{version}\""));
    assert_eq!((made.status, made.header("etag").map(str::to_owned)), (201, tag(version)), "{}", made.text());
    assert_eq!(made.header("cache-control"), Some("no-store"));
    let expected = json!({
        "provider": "minio",
        "endpoint": "https://minio.example",
        "region": "us-east-1",
        "bucket": "invoices",
        "access_key": "AKIAEXAMPLE",
        "secret_key_set": true,
        "last_check": null,
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "version": version,
    });
    assert_eq!(made.json(), expected);
    let shown = world.operate("GET", &path, None).await;
    assert_eq!((shown.json(), shown.header("etag").map(str::to_owned)), (expected, tag(version)));
    world.advance(60);
    let replaced = put(&world, &path, with(json!({"bucket": "other", "secret_key": null}))).await;
    assert_eq!((replaced.status, replaced.header("etag").map(str::to_owned)), (200, tag(version + 1)));
    let body = replaced.json();
    let told = ["bucket", "created_at", "updated_at"].map(|member| body[member].as_str().unwrap());
    assert_eq!(told, ["other", "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"]);
    let removed = world.operate("DELETE", &path, None).await;
    assert_eq!((removed.status, removed.text()), (204, ""));
    for method in ["GET", "DELETE"] {
        let gone = world.operate(method, &path, None).await;
        assert_eq!(gone.problem(), (404, "not_found".to_owned()), "{method}");
    }
    let check = world.operate("POST", &format!("{path}/check"), None).await;
    assert_eq!(check.problem(), (404, "not_found".to_owned()));
}

#[actix_web::test]
async fn seed_001_each_provider_has_its_rules_for_endpoint_and_region() {
    let world = World::new().await;
    let (_, path) = app_with_path(&world).await;
    let none = Value::Null;
    type Placed<'a> = Result<(&'a str, &'a str), &'a [&'a str]>;
    let cases: [(&str, Value, Value, Placed<'_>); 21] = [
        ("aws_s3", none.clone(), json!("eu-west-1"), Ok(("https://s3.eu-west-1.amazonaws.com", "eu-west-1"))),
        (
            "aws_s3",
            json!("https://s3.dualstack.eu-west-1.amazonaws.com"),
            json!("eu-west-1"),
            Ok(("https://s3.dualstack.eu-west-1.amazonaws.com", "eu-west-1")),
        ),
        ("aws_s3", none.clone(), none.clone(), Err(&["region"])),
        ("aws_s3", none.clone(), json!("auto"), Err(&["region"])),
        ("aws_s3", json!("https://s3.eu-west-1.amazonaws.com"), json!("us-east-1"), Err(&["region"])),
        ("aws_s3", json!("https://minio.example"), json!("eu-west-1"), Err(&["endpoint"])),
        ("tigris", none.clone(), none.clone(), Ok(("https://t3.storage.dev", "auto"))),
        ("tigris", none.clone(), json!("auto"), Ok(("https://t3.storage.dev", "auto"))),
        ("tigris", none.clone(), json!("eu-west-1"), Err(&["region"])),
        ("tigris", json!("https://t3.storage.dev.evil.test"), none.clone(), Err(&["endpoint"])),
        ("cloudflare_r2", json!(R2), none.clone(), Ok((R2, "auto"))),
        ("cloudflare_r2", none.clone(), none.clone(), Err(&["endpoint"])),
        ("cloudflare_r2", json!("https://x.r2.cloudflarestorage.com"), none.clone(), Err(&["endpoint"])),
        ("cloudflare_r2", json!("https://minio.example"), json!("weur"), Err(&["endpoint", "region"])),
        (
            "backblaze_b2",
            none.clone(),
            json!("eu-central-003"),
            Ok(("https://s3.eu-central-003.backblazeb2.com", "eu-central-003")),
        ),
        (
            "backblaze_b2",
            json!("https://s3.us-west-004.backblazeb2.com"),
            none.clone(),
            Ok(("https://s3.us-west-004.backblazeb2.com", "us-west-004")),
        ),
        ("backblaze_b2", none.clone(), none.clone(), Err(&["endpoint"])),
        (
            "minio",
            json!("https://minio.example:9000"),
            json!("dc1"),
            Ok(("https://minio.example:9000", "dc1")),
        ),
        ("minio", none.clone(), none.clone(), Err(&["endpoint"])),
        ("minio", json!("http://minio.example"), none.clone(), Err(&["endpoint"])),
        ("gcs", json!("https://minio.example"), none.clone(), Err(&["provider"])),
    ];
    for (provider, endpoint, region, expected) in cases {
        let case = format!("{provider} {endpoint} {region}");
        let body = with(json!({"provider": provider, "endpoint": endpoint, "region": region}));
        let answer = put(&world, &path, body).await;
        match expected {
            Ok((endpoint, region)) => {
                assert!([200, 201].contains(&answer.status), "{case}: {}", answer.text());
                let shown = answer.json();
                assert_eq!(
                    (&shown["endpoint"], &shown["region"]),
                    (&json!(endpoint), &json!(region)),
                    "{case}"
                );
            }
            Err(fields) => blamed(&answer, "invalid_fields", fields),
        }
    }
}

#[actix_web::test]
async fn endpoints_that_are_more_than_an_origin_are_refused() {
    let world = World::new().await;
    let (_, path) = app_with_path(&world).await;
    for endpoint in [
        "https://minio.example/path",
        "https://minio.example?x=y",
        "https://minio.example#x",
        "https://user@minio.example",
        "https://user:password@minio.example",
        "https://minio.example:0",
        "https://minio.example:65536",
        "https://minio.example.",
        "https://minio%2eexample",
        "https:\\\\minio.example",
        "ftp://minio.example",
        "file:///etc/passwd",
        "unix:/run/docker.sock",
        "gopher://minio.example",
        "minio.example",
        "",
    ] {
        blamed(
            &put(&world, &path, with(json!({"endpoint": endpoint}))).await,
            "invalid_fields",
            &["endpoint"],
        );
    }
    for (member, value) in [
        ("bucket", json!("My Bucket")),
        ("bucket", json!("a")),
        ("bucket", json!("../other")),
        ("access_key", json!("")),
        ("access_key", json!("a b")),
        ("secret_key", json!("")),
        ("secret_key", json!("a b")),
        ("secret_key", json!("x".repeat(257))),
        ("region", json!("not a region")),
    ] {
        blamed(&put(&world, &path, with(json!({member: value}))).await, "invalid_fields", &[member]);
    }
}

#[actix_web::test]
async fn attack_67_what_nobody_may_set_is_refused_by_name() {
    let world = World::new().await;
    let (_, path) = app_with_path(&world).await;
    for member in ["tenant_id", "app_id", "last_check", "version", "secret_key_set", "sealed_secret_key"] {
        let answer = put(&world, &path, with(json!({member: "x"}))).await;
        assert_eq!(answer.problem().0, 422, "{member}");
        assert_eq!(answer.blamed_fields(), [member], "{}", answer.text());
    }
}

#[actix_web::test]
async fn attack_63_another_place_or_name_needs_the_secret_key_again() {
    let world = World::new().await;
    let (_, path) = app_with_path(&world).await;
    let keyless = |changes: Value| {
        let mut body = with(changes);
        body.as_object_mut().unwrap().remove("secret_key");
        body
    };
    blamed(&put(&world, &path, keyless(json!({}))).await, "secret_key_required", &["secret_key"]);
    assert_eq!(put(&world, &path, minio()).await.status, 201);
    let aws = json!({"provider": "aws_s3", "endpoint": null, "region": "eu-west-1"});
    for (changes, refused) in [
        (json!({"endpoint": "https://evil.example"}), true),
        (json!({"endpoint": "https://minio.example:9000"}), true),
        (aws, true),
        (json!({"access_key": "AKIAOTHER"}), true),
        (json!({"endpoint": "https://MINIO.example:443/"}), false),
        (json!({"bucket": "other"}), false),
        (json!({"region": "dc1"}), false),
    ] {
        let answer = put(&world, &path, keyless(changes.clone())).await;
        if refused {
            blamed(&answer, "secret_key_required", &["secret_key"]);
        } else {
            assert_eq!(answer.status, 200, "{changes}: {}", answer.text());
        }
    }
    let entered = put(&world, &path, with(json!({"endpoint": "https://evil.example"}))).await;
    assert_eq!(entered.status, 200, "whoever knows the key may send it there");
}

#[actix_web::test]
async fn attack_59_what_may_not_be_reached_is_refused_in_the_same_words() {
    let world = World::new().await;
    let (_, path) = app_with_path(&world).await;
    let mut details = Vec::new();
    for endpoint in ["https://10.0.0.1", "https://10.0.0.2:6379", "https://0x0a.1"] {
        let answer = put(&world, &path, with(json!({"endpoint": endpoint}))).await;
        blamed(&answer, "endpoint_refused", &["endpoint"]);
        details.push(answer.json()["detail"].clone());
    }
    details.dedup();
    assert_eq!(details.len(), 1, "{details:?}");
}

#[actix_web::test]
async fn settings_change_only_in_the_version_that_was_seen() {
    let world = World::new().await;
    let (_, path) = app_with_path(&world).await;
    let token = world.token(&world.operator).await;
    let attempt = async |method: &str, header: (&str, &str)| {
        let body = (method == "PUT").then(minio);
        let header = (header.0, header.1.to_owned());
        let answer = world.call_with(&token, method, &path, body, Some(header)).await;
        (answer.status, answer.header("etag").map(str::to_owned))
    };
    let stale = (412, None);
    let tag = |version: i64| format!("\"{version}\"");
    assert_eq!(attempt("PUT", ("If-Match", "*")).await, stale, "there is nothing yet");
    assert_eq!(attempt("PUT", ("If-Match", "\"1\"")).await, stale);
    assert_eq!(attempt("PUT", ("If-None-Match", "\"1\"")).await, stale);
    let (status, made) = attempt("PUT", ("If-None-Match", "*")).await;
    let first: i64 = made.unwrap().trim_matches('"').parse().unwrap();
    assert_eq!(status, 201);
    assert_eq!(attempt("PUT", ("If-None-Match", "*")).await, stale);
    assert_eq!(attempt("PUT", ("If-Match", &tag(first))).await, (200, Some(tag(first + 1))));
    assert_eq!(attempt("PUT", ("If-Match", "*")).await, (200, Some(tag(first + 2))));
    let last = tag(first + 2);
    for wrong in [&tag(first + 1), &tag(first + 3), &format!("W/{last}"), last.trim_matches('"')] {
        assert_eq!(attempt("PUT", ("If-Match", wrong)).await, stale, "{wrong}");
        assert_eq!(attempt("DELETE", ("If-Match", wrong)).await, stale, "{wrong}");
    }
    assert_eq!(attempt("DELETE", ("If-Match", &last)).await, (204, None));
}

#[actix_web::test]
async fn every_outcome_of_a_check_is_told_and_kept() {
    let world = World::new().await;
    let (_, path) = app_with_path(&world).await;
    let version = put(&world, &path, minio()).await.json()["version"].clone();
    let check = format!("{path}/check");
    for outcome in StorageCheckOutcome::ALL {
        *world.probe.answer.lock().unwrap() = Ok(outcome);
        let told = world.operated("POST", &check, None).await;
        let expected = json!({
            "outcome": outcome.as_str(),
            "checked_at": "2026-01-01T00:00:00Z",
            "settings_version": version,
        });
        assert_eq!(told, expected);
        let shown = world.operate("GET", &path, None).await;
        let last = json!({"outcome": outcome.as_str(), "checked_at": "2026-01-01T00:00:00Z"});
        assert_eq!((&shown.json()["last_check"], &shown.json()["version"]), (&last, &version));
    }
    *world.probe.answer.lock().unwrap() = Err(ProbeUnavailable);
    let failed = world.operate("POST", &check, None).await;
    assert_eq!(failed.problem().0, 503);
    assert!(failed.header("retry-after").is_some());
    let replaced = put(&world, &path, minio()).await.json();
    assert_eq!(replaced["last_check"], json!(null), "other settings were not checked");
}

#[actix_web::test]
async fn a_repeated_check_is_answered_and_not_made_again() {
    let world = World::new().await;
    let (_, path) = app_with_path(&world).await;
    put(&world, &path, minio()).await;
    let (token, check) = (world.token(&world.operator).await, format!("{path}/check"));
    let key = || Some(("Idempotency-Key", "check-1".to_owned()));
    let first = world.call_with(&token, "POST", &check, None, key()).await;
    assert_eq!(first.json()["outcome"], "works");
    *world.probe.answer.lock().unwrap() = Ok(StorageCheckOutcome::BucketNotFound);
    world.advance(60);
    let again = world.call_with(&token, "POST", &check, None, key()).await;
    assert_eq!((again.header("idempotency-replayed"), &again.body), (Some("true"), &first.body));
    let anew = world.call_with(&token, "POST", &check, None, None).await;
    assert_eq!(anew.json()["outcome"], "bucket_not_found");
}

#[actix_web::test]
async fn roles_change_and_check_and_auditors_only_look() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "Acme", json!({})).await;
    let path = format!("/api/v1/apps/{}/storage", app.id);
    let check = format!("{path}/check");
    put(&world, &path, minio()).await;
    let attempts = async |token: &str| {
        let get = world.call(token, "GET", &path, None).await.status;
        let put = world.call(token, "PUT", &path, Some(minio())).await.status;
        let check = world.call(token, "POST", &check, None).await.status;
        let delete = world.call(token, "DELETE", &path, None).await.status;
        [get, put, check, delete]
    };
    for role in ["owner", "admin", "developer"] {
        let (_, token) = member(&world, &acme, role, role).await;
        assert_eq!(attempts(&token).await, [200, 200, 200, 204], "{role}");
        put(&world, &path, minio()).await;
    }
    let (_, auditor) = member(&world, &acme, "auditor", "auditor").await;
    assert_eq!(attempts(&auditor).await, [200, 403, 403, 403]);
    let other = world.tenant("", "Other").await;
    let (_, stranger) = member(&world, &other, "stranger", "owner").await;
    assert_eq!(attempts(&stranger).await, [404, 404, 404, 404]);
    assert_eq!(world.send(crate::world::requests::request("GET", &path)).await.status, 401);
    assert_eq!(world.operate("GET", &path, None).await.json()["last_check"], json!(null), "nobody tried");
}

#[actix_web::test]
async fn the_secret_key_goes_in_and_never_comes_out() {
    let world = World::new().await;
    let (app, path) = app_with_path(&world).await;
    let mut answers = vec![
        put(&world, &path, minio()).await,
        put(&world, &path, with(json!({"bucket": "other"}))).await,
        // Errors.
        put(&world, &path, with(json!({"secret_key": format!("{SECRET_KEY} {SECRET_KEY}")}))).await,
        put(&world, &path, with(json!({"secret_key": [SECRET_KEY]}))).await,
        put(&world, &path, with(json!({"secret_key": {SECRET_KEY: SECRET_KEY}}))).await,
        put(&world, &path, with(json!({"provider": "gcs"}))).await,
        put(&world, &path, with(json!({"endpoint": "https://10.0.0.1"}))).await,
        put(&world, "/api/v1/apps/app_00000000000000000000000000/storage", minio()).await,
        world.operate("POST", &format!("{path}/check"), None).await,
    ];
    let apps = format!("/api/v1/apps/{app}");
    for path in [
        path.as_str(),
        &apps,
        &format!("{apps}/explain"),
        &format!("{apps}/secrets"),
        "/api/v1/apps",
        "/api/v1/audit-events?limit=100",
        "/api/v1/audit-export",
        "/api/v1/review",
    ] {
        let answer = world.operate("GET", path, None).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answers.push(answer);
    }
    answers.push(world.operate("DELETE", &path, None).await);
    assert!(answers.iter().any(|answer| answer.text().contains("AKIAEXAMPLE")), "what is shown is found");
    for answer in answers {
        assert!(!answer.text().contains(SECRET_KEY), "{}", answer.text());
        assert!(!format!("{:?}", answer.headers).contains(SECRET_KEY));
    }
}
