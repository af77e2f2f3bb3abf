//! Tokens that nobody issued, wherever this server reads one (attacks 31 to 36): all are refused alike, and fast, and none
//! makes the server look anywhere else.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::estate::{internal, tokens, world};
use crate::authorization::estate::app;
use crate::world::requests::{basic, bearer, form, request};
use crate::world::{TestApp, World};

fn part(token: &str, index: usize) -> String {
    token.split('.').nth(index).unwrap().to_owned()
}

fn decoded(text: &str) -> Value {
    serde_json::from_slice(&BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()).unwrap()
}

fn encoded(value: &Value) -> String {
    BASE64URL_NOPAD.encode(value.to_string().as_bytes())
}

/// The token with these members of its header changed, and its own signature.
fn with_header(token: &str, changes: &Value) -> String {
    let mut header = decoded(&part(token, 0));
    for (name, value) in changes.as_object().unwrap() {
        header[name] = value.clone();
    }
    format!("{}.{}.{}", encoded(&header), part(token, 1), part(token, 2))
}

async fn assert_refused(world: &World, app: &TestApp, name: &str, token: &str) {
    let answer = world.send(request("GET", "/connect/userinfo").insert_header(bearer(token))).await;
    assert_eq!(answer.status, 401, "{name}");
    let body = format!("token={token}");
    let introspect = form("/connect/introspect", &body).insert_header(basic(&app.client_id, &app.secret));
    let answer = world.send(introspect).await;
    assert_eq!((answer.status, answer.text()), (200, r#"{"active":false}"#), "{name}");
    let revoke = form("/connect/revoke", &body).insert_header(basic(&app.client_id, &app.secret));
    assert_eq!(world.send(revoke).await.status, 200, "{name}");
}

#[actix_web::test]
async fn attacks_31_to_35_headers_that_lead_elsewhere_and_signatures_that_are_none() {
    let world = world().await;
    let app = app(&world).await;
    let ada = internal(&world, "ada").await;
    let body = tokens(&world, &app, &ada, "openid").await;
    let token = body["access_token"].as_str().unwrap();
    let metadata = "http://169.254.169.254/";
    let jwks = world.send(request("GET", "/.well-known/jwks.json")).await.json();
    for (name, changes) in [
        ("alg none", json!({"alg": "none"})),
        ("alg None", json!({"alg": "None"})),
        ("alg nOnE", json!({"alg": "nOnE"})),
        ("alg in a list", json!({"alg": ["RS256"]})),
        ("no alg", json!({"alg": null})),
        ("HS256", json!({"alg": "HS256"})),
        ("another algorithm", json!({"alg": "PS256"})),
        ("kid of a file", json!({"kid": "../../etc/passwd"})),
        ("kid of SQL", json!({"kid": "' OR 1=1 --"})),
        ("kid with NUL", json!({"kid": "a\u{0}b"})),
        ("long kid", json!({"kid": "k".repeat(9_000)})),
        ("jku", json!({"jku": metadata})),
        ("x5u", json!({"x5u": metadata})),
        ("jwk", json!({"jwk": jwks["keys"][0]})),
        ("x5c", json!({"x5c": ["MIIB"]})),
        ("zip", json!({"zip": "DEF"})),
        ("crit", json!({"crit": ["exp"]})),
        ("typ", json!({"typ": "JWT"})),
    ] {
        assert_refused(&world, &app, name, &with_header(token, &changes)).await;
    }
    let (header, claims, signature) = (part(token, 0), part(token, 1), part(token, 2));
    let mut widened = decoded(&claims);
    widened["scope"] = json!("openid profile email");
    let unsigned = encoded(&json!({"alg": "none", "typ": "at+jwt"}));
    for (name, forged) in [
        ("no signature", format!("{header}.{claims}.")),
        ("unsigned", format!("{unsigned}.{claims}.")),
        ("other claims", format!("{header}.{}.{signature}", encoded(&widened))),
        ("a short signature", format!("{header}.{claims}.{}", signature.split_at(20).0)),
        ("of zeros", format!("{header}.{claims}.{}", "A".repeat(signature.len()))),
        ("five parts", format!("{header}.{claims}.{claims}.{claims}.{signature}")),
    ] {
        assert_refused(&world, &app, name, &forged).await;
    }
    let answer = world.send(request("GET", "/connect/userinfo").insert_header(bearer(token))).await;
    assert_eq!(answer.status, 200, "the token itself is good");
}

#[actix_web::test]
async fn attack_36_an_id_token_is_no_access_token_anywhere() {
    let world = world().await;
    let app = app(&world).await;
    let ada = internal(&world, "ada").await;
    let body = tokens(&world, &app, &ada, "openid").await;
    let id_token = body["id_token"].as_str().unwrap();
    assert_refused(&world, &app, "an ID token", id_token).await;
    let answer = world.call(id_token, "GET", "/api/v1/tenants", None).await;
    assert_eq!(answer.status, 401);
    let of_person = body["access_token"].as_str().unwrap();
    let answer = world.call(of_person, "GET", "/api/v1/tenants", None).await;
    assert_eq!(answer.status, 401, "nor is a token for the issuer one for the management API");
}
