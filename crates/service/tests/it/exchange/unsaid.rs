//! What a document does not say: it stays as it is where the record is there, and nothing that was stopped goes on.

use serde_json::{Value, json};
use turnkeep_domain::app::AppState;
use turnkeep_exchange::format::ImportFormat;
use turnkeep_service::exchange::export_records::Hashes;
use turnkeep_service::exchange::import_report::ImportOutcome;

use crate::exchange::exchange_verbs::{app_with, applying, at_home, counts, document};
use crate::world::World;

/// A registry in which nothing has its usual value.
fn unusual() -> Value {
    json!({
        "resources": [{
            "audience": "https://api.example", "name": "API", "limits_claims": "entitlements",
            "signing_alg": "EdDSA",
            "scopes": [
                {"name": "parts.read", "description": "Read parts", "grant": "default"},
                {"name": "parts.seal", "description": "Seal parts", "grant": "reserved"},
            ],
        }],
        "regions": [{
            "code": "old", "name": "Old", "state": "inactive",
            "databases": [{"db_code": "OLD-1", "capacity": 5, "state": "inactive"}],
        }],
        "plans": [{
            "code": "pro", "name": "Pro", "state": "archived", "free": true,
            "limits": {
                "document_units": {"hour": 10, "day": 20, "week": 30, "month": 40},
                "requests_per_minute": 60,
                "features": {"ocr": true, "seats": 5},
            },
            "token_requests": {"minute": 6, "hour": 60, "day": 600, "mode": "dry_run"},
        }],
        "users": [
            {"name": "svc", "kind": "system", "display_name": "Service"},
            {"name": "ada", "kind": "internal", "display_name": "Ada", "state": "disabled",
             "email": "ada@example.com"},
        ],
        "operators": ["ada"],
        "tenants": [
            {
                "name": "Acme", "state": "suspended", "app_limit": 7, "secret_max_age_days": 30,
                "members": [{"user": "ada", "role": "owner"}],
            },
            {"name": "Gone", "state": "closed"},
        ],
        "apps": [{
            "client_id": "com.acme/portal", "tenant": "Acme", "name": "Portal", "client_type": "confidential",
            "origin": "external", "enabled": false, "license_region": "old", "db_code": "OLD-1",
            "allowed_domains": ["a.example", null, "b.example"],
            "login_redirect_uris": ["https://a.example/cb"],
            "logout_redirect_uris": ["https://a.example/bye"],
            "sign_in": {"internal": true, "community": true},
            "service_access": {"as": "user", "user": "svc"},
            "scopes": "parts.read",
            "reference_tokens": "administrators_only",
            "basic_authentication": true,
            "token_lifetime_seconds": 120,
            "pkce": "optional",
            "backchannel_logout_uri": "https://a.example/over",
            "plan": {"code": "pro", "on_hold": true},
            "resource_server_of": ["https://api.example"],
            "secrets": [{"hint": "orse", "created_at": "2026-01-01T00:00:00Z",
                         "hash": "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}],
        }],
    })
}

/// What a record is not a record without.
const KEYS: [&str; 11] = [
    "audience",
    "name",
    "code",
    "db_code",
    "capacity",
    "kind",
    "display_name",
    "client_id",
    "client_type",
    "user",
    "role",
];

/// The same records, saying nothing that can be left unsaid.
fn bare(value: &Value) -> Value {
    match value {
        Value::Array(records) => records.iter().map(bare).collect(),
        Value::Object(members) => {
            let keeps = |name: &str, value: &Value| {
                let is_list_of_parts = matches!(name, "scopes" | "databases" | "members") && value.is_array();
                KEYS.contains(&name) || is_list_of_parts
            };
            let kept = members.iter().filter(|(name, value)| keeps(name, value));
            kept.map(|(name, value)| (name.clone(), bare(value))).collect()
        }
        other => other.clone(),
    }
}

fn bare_document() -> String {
    let Value::Object(lists) = unusual() else { panic!("a document is an object") };
    let lists: Value = lists.iter().map(|(name, list)| (name.clone(), bare(list))).collect();
    document(lists)
}

fn unusual_world() -> World {
    let world = World::bare();
    world.import_all(&document(unusual()));
    world
}

#[test]
fn a_document_that_says_nothing_changes_nothing() {
    let world = unusual_world();
    let before = world.export(Hashes::Included);
    let report = world.import_all(&bare_document());
    assert_eq!(counts(&report), [0, 0, report.records.len(), 0], "{report:#?}");
    assert!(report.notes.is_empty(), "{:?}", report.notes);
    assert_eq!(world.export(Hashes::Included), before);
}

#[test]
fn every_single_thing_that_is_said_is_done_and_nothing_beside_it() {
    let world = unusual_world();
    let app = |changes: Value| {
        let mut record = json!({"client_id": "com.acme/portal", "client_type": "confidential"});
        record.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        json!({"apps": [record]})
    };
    let plan = |limits: Value| json!({"plans": [{"code": "pro", "name": "Pro", "limits": limits}]});
    let token_requests =
        |limits: Value| json!({"plans": [{"code": "pro", "name": "Pro", "token_requests": limits}]});
    for (said, path, expected) in [
        (
            app(json!({"sign_in": {"internal": false}})),
            "/apps/0/sign_in",
            json!({"internal": false, "community": true}),
        ),
        (app(json!({"allowed_domains": []})), "/apps/0/allowed_domains", json!([])),
        (app(json!({"login_redirect_uris": []})), "/apps/0/login_redirect_uris", json!([])),
        (app(json!({"basic_authentication": false})), "/apps/0/basic_authentication", json!(false)),
        (app(json!({"scopes": ""})), "/apps/0/scopes", json!("")),
        (app(json!({"service_access": {"as": "none"}})), "/apps/0/service_access", json!({"as": "none"})),
        (app(json!({"pkce": "required"})), "/apps/0/pkce", json!("required")),
        (app(json!({"backchannel_logout_uri": null})), "/apps/0/backchannel_logout_uri", json!(null)),
        (
            json!({"users": [{"name": "ada", "kind": "internal", "display_name": "Ada", "email": null}]}),
            "/users/0/email",
            json!(null),
        ),
        (app(json!({"token_lifetime_seconds": 600})), "/apps/0/token_lifetime_seconds", json!(600)),
        (app(json!({"plan": {"code": "pro", "on_hold": false}})), "/apps/0/plan/on_hold", json!(false)),
        (app(json!({"plan": null})), "/apps/0/plan", json!(null)),
        (app(json!({"enabled": true})), "/apps/0/enabled", json!(true)),
        (
            plan(json!({"document_units": {"hour": 5}})),
            "/plans/0/limits/document_units",
            json!({"hour": 5, "day": 20, "week": 30, "month": 40}),
        ),
        (
            plan(json!({"document_units": {"month": null}})),
            "/plans/0/limits/document_units/month",
            json!(null),
        ),
        (plan(json!({"requests_per_minute": null})), "/plans/0/limits/requests_per_minute", json!(null)),
        (plan(json!({"features": {}})), "/plans/0/limits/features", json!({})),
        (token_requests(json!({"hour": null})), "/plans/0/token_requests/hour", json!(null)),
        (token_requests(json!({"day": 700})), "/plans/0/token_requests/day", json!(700)),
        (token_requests(json!({"mode": "enforce"})), "/plans/0/token_requests/mode", json!("enforce")),
        (
            json!({"tenants": [{"name": "Acme", "secret_max_age_days": null}]}),
            "/tenants/0/secret_max_age_days",
            json!(null),
        ),
    ] {
        let mut before: Value = serde_json::from_str(&world.export(Hashes::Withheld)).unwrap();
        assert_ne!(before.pointer(path), Some(&expected), "{path}");
        world.import_all(&document(said.clone()));
        let after: Value = serde_json::from_str(&world.export(Hashes::Withheld)).unwrap();
        *before.pointer_mut(path).unwrap() = expected;
        assert_eq!(after, before, "{said}");
    }
}

#[test]
fn null_is_refused_where_nothing_can_be_cleared() {
    let world = unusual_world();
    let refused = |record: Value, list: &str| {
        let report = world.import(&document(json!({list: [record]})), &applying());
        assert_eq!(report.count(ImportOutcome::Refused), 1, "{report:?}");
        report.records[0].errors[0].field.clone()
    };
    for field in [
        "tenant",
        "name",
        "enabled",
        "license_region",
        "db_code",
        "allowed_domains",
        "login_redirect_uris",
        "logout_redirect_uris",
        "sign_in",
        "service_access",
        "scopes",
        "reference_tokens",
        "basic_authentication",
        "token_lifetime_seconds",
        "pkce",
        "secrets",
    ] {
        let app = json!({"client_id": "com.acme/portal", "client_type": "confidential", field: null});
        assert_eq!(refused(app, "apps"), field);
    }
    for field in ["app_limit", "state"] {
        assert_eq!(refused(json!({"name": "Acme", field: null}), "tenants"), field);
    }
    for field in ["limits", "state", "free"] {
        assert_eq!(refused(json!({"code": "pro", "name": "Pro", field: null}), "plans"), field);
    }
}

#[test]
fn an_operators_stop_ends_only_where_a_document_says_so() {
    let world = World::with_acme();
    let app = app_with("com.acme/app", json!({}));
    let user = json!({"name": "ada", "kind": "internal", "display_name": "Ada"});
    let all = json!({"users": [user.clone()], "tenants": [{"name": "Acme"}], "apps": [app.clone()]});
    world.import_all(&document(all.clone()));
    let imported = world.imported("com.acme/app", "correct horse");
    world.token(&imported);
    world.switch(&imported, AppState::Disabled);
    let ada = world.import_all(&document(json!({"users": [{"name": "ada", "kind": "internal",
        "display_name": "Ada", "state": "disabled"}]})));
    assert_eq!(ada.count(ImportOutcome::Updated), 1);
    let before = world.export(Hashes::Withheld);
    for _ in 0..2 {
        let report = world.import_all(&document(all.clone()));
        assert_eq!(report.count(ImportOutcome::Unchanged), 3, "{report:#?}");
        world.refusal(&imported);
    }
    assert_eq!(world.export(Hashes::Withheld), before);
    world.import_all(&document(json!({"apps": [app_with("com.acme/app", json!({"enabled": true}))]})));
    world.token(&imported);
}

#[test]
fn another_plan_takes_the_hold_along() {
    let world = unusual_world();
    world.import_all(&document(json!({"plans": [{"code": "max", "name": "Max", "state": "active"}]})));
    let app = json!({"client_id": "com.acme/portal", "client_type": "confidential", "plan": {"code": "max"}});
    world.import_all(&document(json!({"apps": [app]})));
    let after: Value = serde_json::from_str(&world.export(Hashes::Withheld)).unwrap();
    assert_eq!(after["apps"][0]["plan"], json!({"code": "max", "on_hold": true}));
}

#[test]
fn foreign_formats_set_only_what_they_state() {
    use ImportFormat::{Hydra, Keycloak, TrustedApplicationCsv};
    const HASH: &str = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
    let hydra = r#"{"client_id":"com.acme/portal","client_secret":"abc"}"#.to_owned();
    let keycloak = r#"{"clients":[{"clientId":"com.acme/portal","secret":"abc"}]}"#.to_owned();
    let csv =
        format!("ApplicationUri,ClientType,ApplicationSecretHash\ncom.acme/portal,Confidential,{HASH}\n");
    let empty = format!(
        "ApplicationUri,ClientType,ApplicationSecretHash,Name,ImpersonateLoginUrl,ImpersonateLogoutUrl,ImpersonateAsInternalUserAllowed,ImpersonateAsCommunityUserAllowed,SystemUserAllowed,SystemUser,Scope,AccessTokens,BasicAuthenticationAllowed,IsEnabled\ncom.acme/portal,Confidential,{HASH},,,,,,,,,,,\n"
    );
    let world = unusual_world();
    let before = world.export(Hashes::Included);
    for (format, text) in
        [(Hydra, hydra), (Keycloak, keycloak), (TrustedApplicationCsv, csv), (TrustedApplicationCsv, empty)]
    {
        let options = turnkeep_service::exchange::import_records::ImportOptions {
            default_tenant: Some("Acme".to_owned()),
            default_region: Some("old".to_owned()),
            ..at_home()
        };
        let report = world.import_format(format, &text, &options);
        assert_eq!(counts(&report), [0, 0, 1, 0], "{format}: {report:#?}");
        assert_eq!(world.export(Hashes::Included), before, "{format}");
    }
    let stated = r#"{"clients":[{"clientId":"com.acme/portal","secret":"abc","enabled":true,"standardFlowEnabled":false}]}"#;
    world.import_format(Keycloak, stated, &applying());
    let after: Value = serde_json::from_str(&world.export(Hashes::Withheld)).unwrap();
    assert_eq!(after["apps"][0]["enabled"], true);
    assert_eq!(after["apps"][0]["sign_in"], json!({"internal": false, "community": true}));
}
