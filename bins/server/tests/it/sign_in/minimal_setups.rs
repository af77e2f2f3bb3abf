//! The four minimal setups of seed 002, as its text blocks say, each made in one of the ways in which apps are made, and
//! then used as the seed says.

use std::fs;

use serde_json::{Value, json};

use super::browser::Page;
use super::estate::{Estate, Person};
use super::relying_party::{REDIRECT, RelyingParty, member, refusal};
use crate::wire::claims;

/// A person is refused without learning anything that the app could not know.
#[track_caller]
fn turned_away(estate: &Estate, app: &RelyingParty, person: &Person) {
    let sent = app.sign_in(&estate.browser(), person, "openid read");
    assert_eq!(sent.error(), "access_denied", "{}", person.name);
}

/// No token without a person.
#[track_caller]
fn serves_nobody(app: &RelyingParty) {
    // Who has no secret has not even said who it is (RFC 6749 §4.4).
    let expected = if app.secret.is_some() { (400, "unauthorized_client") } else { (401, "invalid_client") };
    assert_eq!(refusal(&app.serve()), (expected.0, expected.1.to_owned()));
}

/// Signs somebody in, looks at what the app gets, and goes on with the refresh token; the claims of the access token.
#[track_caller]
fn used_by(estate: &Estate, app: &RelyingParty, person: &Person, scope: &str) -> Value {
    let browser = estate.browser();
    let code = app.sign_in(&browser, person, &format!("openid profile offline_access {scope}")).code();
    let tokens = app.redeem(&code);
    assert_eq!(tokens.status, 200, "{tokens:?}");
    let (access, id_token) = (member(&tokens, "access_token"), claims(&member(&tokens, "id_token")));
    assert_eq!((&id_token["sub"], &id_token["aud"]), (&json!(person.id), &json!(app.client_id)));
    assert_eq!((&id_token["iss"], &id_token["nonce"]), (&json!(estate.address()), &json!("n-1")));
    let told = app.userinfo(&access);
    assert_eq!((told.status, &told.body["sub"]), (200, &json!(person.id)), "{told:?}");
    assert_eq!(told.body["preferred_username"], json!(person.name));
    assert_eq!(app.forward_auth(&access), 200);

    let first = member(&tokens, "refresh_token");
    let next = app.refresh(&first);
    assert_eq!(next.status, 200, "{next:?}");
    assert_eq!(app.userinfo(&member(&next, "access_token")).body["sub"], json!(person.id));
    // Whoever is signed in and has allowed it before is not asked again.
    let again = app.ask(&browser, "openid read");
    assert!(again.location.as_deref().is_some_and(|back| back.starts_with(REDIRECT)), "{again:?}");
    claims(&access)
}

#[test]
fn a_read_only_interactive_app_is_for_internal_users_and_reads() {
    let estate = Estate::new();
    let (ada, carl) = (estate.person("internal", "ada"), estate.person("community", "carl"));
    let app = estate.app(
        "Dashboard",
        &json!({
            "client_type": "confidential", "sign_in": {"internal": true}, "scopes": "read",
            "service_access": {"as": "none"}, "login_redirect_uris": [REDIRECT],
        }),
    );
    let token = used_by(&estate, &app, &ada, "read");
    assert_eq!(token["sub"], json!(ada.id));
    assert_eq!((&token["user_kind"], &token["tenant_id"]), (&json!("internal"), &json!(estate.tenant)));
    let scopes: Vec<&str> = token["scope"].as_str().unwrap().split(' ').collect();
    assert!(scopes.contains(&"read") && !scopes.contains(&"update"), "{scopes:?}");
    let wider = app.sign_in(&estate.browser(), &ada, "openid read update");
    assert_eq!(wider.error(), "invalid_scope");
    turned_away(&estate, &app, &carl);
    serves_nobody(&app);
    let guessed = RelyingParty { secret: Some("another secret".to_owned()), ..app.at(estate.address()) };
    let code = app.sign_in(&estate.browser(), &ada, "openid read").code();
    assert_eq!(refusal(&guessed.redeem(&code)), (401, "invalid_client".to_owned()));
}

#[test]
fn a_service_integration_writes_as_its_system_user_and_nobody_signs_in_to_it() {
    let estate = Estate::new();
    let robot = estate.user("system", "svc-inventory");
    let secret = estate.path("secret");
    let words = [
        &[
            "app",
            "create",
            "--tenant",
            estate.tenant.as_str(),
            "--name",
            "Inventory sync",
            "--region",
            "eu-west",
        ][..],
        &["--type", "confidential", "--as-user", robot.as_str(), "--scope", "read", "--scope", "update"],
        &["--internal-sign-in", "false", "--community-sign-in", "false", "--output", "json"],
        &["--secret-out", secret.to_str().unwrap()],
    ];
    let output = estate.at_server(&words.concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let record: Value = serde_json::from_slice(&output.stdout).unwrap();
    let secret = fs::read_to_string(secret).unwrap();
    let app = estate.relying_party(&record, Some(secret.trim_end()));

    let tokens = app.serve();
    assert_eq!(tokens.status, 200, "{tokens:?}");
    assert_eq!((&tokens.body["refresh_token"], &tokens.body["id_token"]), (&Value::Null, &Value::Null));
    let access = member(&tokens, "access_token");
    let seen = app.introspect(&access);
    assert_eq!((&seen["active"], &seen["sub"]), (&json!(true), &json!(robot)));
    assert_eq!(seen["scope"], "read update");
    assert_eq!(app.userinfo(&access).status, 403, "there is no person in it");
    assert_eq!(app.forward_auth(&access), 200);

    let ada = estate.person("internal", "ada");
    let browser = estate.browser();
    ada.sign_in(&browser);
    refused_by_page(&app.ask(&browser, "openid read"));
    // The system user is nobody who could sign in, and looks like nobody at all.
    let robot = Person { id: robot, name: "svc-inventory".to_owned() };
    let turned_away = robot.fill_in(&estate.browser(), &estate.browser().get("/account/sign-in"));
    assert_ne!(turned_away.status, 303);
}

/// An error page, from which nothing leads back to whoever asked.
#[track_caller]
fn refused_by_page(page: &Page) {
    assert_eq!((page.status, &page.location), (400, &None), "{page:?}");
    assert!(page.element("error-code").is_some(), "{page:?}");
}

#[test]
fn a_public_app_reads_for_community_users_and_has_nothing_to_keep_secret() {
    let estate = Estate::new();
    let (carl, ada) = (estate.person("community", "carl"), estate.person("internal", "ada"));
    let app = estate.app(
        "Customer portal",
        &json!({
            "client_type": "public", "sign_in": {"community": true}, "scopes": "read",
            "service_access": {"as": "none"}, "login_redirect_uris": [REDIRECT],
        }),
    );
    assert_eq!(app.secret, None);
    let token = used_by(&estate, &app, &carl, "read");
    assert_eq!((&token["sub"], &token["user_kind"]), (&json!(carl.id), &json!("community")));
    turned_away(&estate, &app, &ada);
    serves_nobody(&app);
    // Its own pages may read what it is told, as there is nobody else who could.
    for (origin, expected) in
        [("https://app.example.com", Some("https://app.example.com")), ("https://evil.example", None)]
    {
        let code = app.sign_in(&estate.browser(), &carl, "openid").code();
        assert_eq!(app.redeem_from(origin, &code).as_deref(), expected);
    }
    let regenerated = estate.management().act(&format!("/apps/{}/secrets/regenerate", app.id));
    assert!(matches!(regenerated.status, 409 | 422), "{regenerated:?}");
    let pretender = RelyingParty { secret: Some("a secret".to_owned()), ..app.at(estate.address()) };
    let code = app.sign_in(&estate.browser(), &carl, "openid").code();
    assert_eq!(refusal(&pretender.redeem(&code)), (401, "invalid_client".to_owned()));
}

#[test]
fn a_hybrid_app_that_was_imported_does_both() {
    let estate = Estate::new();
    let robot = estate.user("system", "svc-hybrid");
    let (ada, carl) = (estate.person("internal", "ada"), estate.person("community", "carl"));
    // The hash is that of `abc`.
    let records = format!(
        "ApplicationUri,Name,ClientType,ApplicationSecretHash,ImpersonateLoginUrl,\
         ImpersonateAsInternalUserAllowed,SystemUserAllowed,SystemUser,Scope\n\
         com.vendor/hybrid,Hybrid,Confidential,ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=,{REDIRECT},\
         true,true,svc-hybrid,read update\n"
    );
    let file = estate.path("records.csv");
    fs::write(&file, records).unwrap();
    let home = ["--format", "csv", "--tenant", "Acme", "--region", "eu-west", "--yes"];
    let imported = estate.at_server(&[&["import", file.to_str().unwrap()], &home[..]].concat());
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    let found = estate.management().get("/apps?client_id=com.vendor/hybrid");
    let app = estate.relying_party(&found.body["items"][0], Some("abc"));

    let token = used_by(&estate, &app, &ada, "read update");
    assert_eq!((&token["sub"], &token["user_kind"]), (&json!(ada.id), &json!("internal")));
    assert!(token["scope"].as_str().unwrap().split(' ').any(|scope| scope == "update"));
    turned_away(&estate, &app, &carl);
    let seen = app.introspect(&member(&app.serve(), "access_token"));
    assert_eq!((&seen["sub"], &seen["scope"]), (&json!(robot), &json!("read update")));
}
