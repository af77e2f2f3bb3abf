//! The trusted application of seed 002: its table of attributes, its four minimal setups, its warnings.

use serde_json::{Value, json};

use crate::world::World;
use crate::world::answer::Answer;
use crate::world::people::{person, text};

/// A world with a tenant, and a system user that an app can act as.
async fn instance() -> (World, String, String) {
    let world = World::new().await;
    let tenant = world.tenant("", "Acme").await;
    world.operated("PATCH", &format!("/api/v1/tenants/{tenant}"), Some(json!({"app_limit": 1_000}))).await;
    let robot = json!({"kind": "system", "name": "robot", "display_name": "A robot"});
    let robot = text(&world.create("/api/v1/users", robot).await["id"]);
    (world, tenant, robot)
}

async fn register(world: &World, tenant: &str, name: &str, record: &Value) -> Answer {
    let mut body = json!({"tenant_id": tenant, "name": name, "region": "eu-west"});
    body.as_object_mut().unwrap().extend(record.as_object().unwrap().clone());
    world.operate("POST", "/api/v1/apps", Some(body)).await
}

#[actix_web::test]
async fn seed_002_the_four_minimal_setups_are_accepted_as_they_are_written() {
    let (world, tenant, robot) = instance().await;
    let service = json!({"as": "user", "user_id": robot});
    let none = json!({"as": "none"});
    let redirects = json!(["https://portal.example.com/signed-in"]);
    for (name, record, is_service, warnings) in [
        (
            "Read-only interactive app",
            json!({"client_type": "confidential", "sign_in": {"internal": true}, "scopes": "read",
                "service_access": none, "login_redirect_uris": redirects}),
            false,
            vec![],
        ),
        (
            "Write-enabled service integration",
            json!({"client_type": "confidential", "service_access": service, "scopes": "read write",
                "sign_in": {"internal": false, "community": false}}),
            true,
            vec!["scope_wider_than_read"],
        ),
        (
            "Public SPA",
            json!({"client_type": "public", "sign_in": {"community": true}, "scopes": "read",
                "service_access": none, "login_redirect_uris": redirects}),
            false,
            vec!["community_without_internal"],
        ),
        (
            "Hybrid app",
            json!({"client_type": "confidential", "sign_in": {"internal": true}, "service_access": service,
                "scopes": "read write", "login_redirect_uris": redirects}),
            true,
            vec!["scope_wider_than_read"],
        ),
    ] {
        let made = register(&world, &tenant, name, &record).await;
        assert_eq!(made.status, 201, "{name}: {}", made.text());
        let app = made.json();
        assert_eq!(app["warnings"], json!(warnings), "{name}");
        assert_eq!(app["client_secret"].is_string(), record["client_type"] == "confidential", "{name}");
        let shown = world.operated("GET", &format!("/api/v1/apps/{}", text(&app["id"])), None).await;
        for (attribute, value) in record.as_object().unwrap() {
            let expected = match attribute.as_str() {
                "sign_in" => {
                    json!({"internal": value["internal"] == true, "community": value["community"] == true})
                }
                _ => value.clone(),
            };
            assert_eq!(shown[attribute], expected, "{name}: {attribute}");
        }
        assert_eq!(
            (&shown["reference_tokens"], &shown["basic_authentication"]),
            (&json!("none"), &json!(false))
        );
        let explained = format!("/api/v1/apps/{}/explain", text(&app["id"]));
        let explained = world.operated("GET", &explained, None).await;
        let is_for_people = record.get("login_redirect_uris").is_some();
        assert_eq!(explained["for_people"]["token_possible"], is_for_people, "{name}");
        // The service setups get tokens as their system user, and the others none without a person.
        if is_service {
            let app = crate::world::TestApp {
                id: text(&app["id"]),
                client_id: text(&app["client_id"]),
                secret: text(&app["client_secret"]),
            };
            let token = world.token(&app).await;
            let asked = world.introspect(&app, &token).await.json();
            assert_eq!((&asked["sub"], &asked["scope"]), (&json!(robot), &json!("read write")), "{name}");
        } else {
            assert_eq!(explained["token_possible"], false, "{name}");
        }
    }
}

/// An attribute of the seed's table.
struct Attribute {
    /// What the seed calls it.
    name: &'static str,
    /// What it is here.
    member: &'static str,
    /// Good values, with what they are shown as.
    good: Vec<(Value, Value)>,
    /// Bad values, with the field that is to blame.
    bad: Vec<(Value, &'static str)>,
}

fn attributes(robot: &str, ann: &str, off: &str) -> Vec<Attribute> {
    let same = |value: Value| (value.clone(), value);
    let nobody = format!("usr_{}", "0".repeat(26));
    let as_user = |id: &str| json!({"as": "user", "user_id": id});
    let user_id = "service_access.user_id";
    let table = vec![
        (
            "ApplicationUri",
            "client_id",
            vec![same(json!("com.vendor/app")), same(json!("https://vendor.example/app"))],
            vec![
                (json!(""), "client_id"),
                (json!("a b"), "client_id"),
                (json!("tk_mine"), "client_id"),
                (json!(ann), "client_id"),
                (json!("x".repeat(201)), "client_id"),
                (json!(7), "client_id"),
            ],
        ),
        (
            "ClientType",
            "client_type",
            vec![same(json!("confidential")), same(json!("public"))],
            vec![(json!("Confidential"), "client_type"), (json!("other"), "client_type")],
        ),
        (
            "ImpersonateLoginUrl",
            "login_redirect_uris",
            vec![same(json!(["https://app.example.com/cb", "http://localhost:3000/cb"])), same(json!([]))],
            vec![
                (json!("https://app.example.com/cb"), "login_redirect_uris"),
                (json!(["http://app.example.com/cb"]), "login_redirect_uris.0"),
                (json!(["https://ok.example/", "https://*.example.com/"]), "login_redirect_uris.1"),
                (json!(["https://app.example.com/#x"]), "login_redirect_uris.0"),
                (json!(["javascript:alert(1)"]), "login_redirect_uris.0"),
                (json!(["https://u@app.example.com/"]), "login_redirect_uris.0"),
                (json!(["https://a.example/", "https://a.example/"]), "login_redirect_uris"),
                (
                    json!((0..21).map(|n| format!("https://a.example/{n}")).collect::<Vec<_>>()),
                    "login_redirect_uris",
                ),
            ],
        ),
        (
            "ImpersonateLogoutUrl",
            "logout_redirect_uris",
            vec![same(json!(["https://app.example.com/bye"]))],
            vec![(json!(["/bye"]), "logout_redirect_uris.0"), (json!([7]), "logout_redirect_uris.0")],
        ),
        (
            "ImpersonateAsInternalUserAllowed, ImpersonateAsCommunityUserAllowed",
            "sign_in",
            vec![
                (json!({"internal": true}), json!({"internal": true, "community": false})),
                (json!({"community": true}), json!({"internal": false, "community": true})),
                same(json!({"internal": true, "community": true})),
                (json!({}), json!({"internal": false, "community": false})),
            ],
            vec![
                (json!({"internal": "yes"}), "sign_in.internal"),
                (json!({"external": true}), "sign_in.external"),
            ],
        ),
        (
            "SystemUserAllowed, SystemUser",
            "service_access",
            vec![same(json!({"as": "none"})), same(json!({"as": "app"})), same(as_user(robot))],
            vec![
                (json!({"as": "user"}), user_id),
                (json!({"as": "app", "user_id": robot}), user_id),
                (json!({"user_id": robot}), "service_access.as"),
                (as_user("robot"), user_id),
                (as_user(&nobody), user_id),
                (as_user(ann), user_id),
                (as_user(off), user_id),
            ],
        ),
        (
            "Scope",
            "scopes",
            vec![same(json!("read")), same(json!("read write")), (json!("write read"), json!("read write"))],
            vec![
                (json!("nothing"), "scopes"),
                (json!("sec"), "scopes"),
                (json!("read\"x"), "scopes"),
                (json!(["read"]), "scopes"),
            ],
        ),
        (
            "AccessTokens",
            "reference_tokens",
            vec![same(json!("none")), same(json!("authenticated_users")), same(json!("administrators_only"))],
            vec![(json!("everybody"), "reference_tokens"), (json!(true), "reference_tokens")],
        ),
        (
            "BasicAuthenticationAllowed",
            "basic_authentication",
            vec![same(json!(true)), same(json!(false))],
            vec![(json!("true"), "basic_authentication")],
        ),
        // Its hash is taken over by an import only; here the server makes the secret and shows it once.
        (
            "ApplicationSecretHash",
            "secret_hash",
            vec![],
            vec![(json!("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), "secret_hash")],
        ),
        // It has operations of its own, so that it is never switched in passing.
        ("IsEnabled", "enabled", vec![], vec![(json!(false), "enabled")]),
    ];
    table.into_iter().map(|(name, member, good, bad)| Attribute { name, member, good, bad }).collect()
}

#[actix_web::test]
async fn seed_002_every_attribute_is_set_and_checked_when_an_app_is_created_and_when_it_is_changed() {
    let (world, tenant, robot) = instance().await;
    let (ann, off) =
        (person(&world, "ann").await, json!({"kind": "system", "name": "off", "display_name": "Off"}));
    let off = text(&world.create("/api/v1/users", off).await["id"]);
    world.operated("POST", &format!("/api/v1/users/{off}/disable"), None).await;
    let changed = world.app_with(&tenant, "Changed", json!({})).await;
    let changed = format!("/api/v1/apps/{}", changed.id);
    let mut number = 0;
    for Attribute { name: attribute, member, good, bad } in attributes(&robot, &ann, &off) {
        let never_changes = ["client_id", "client_type"].contains(&member);
        for (value, shown) in good {
            number += 1;
            let made = register(&world, &tenant, &format!("App {number}"), &json!({member: value})).await;
            assert_eq!((made.status, &made.json()[member]), (201, &shown), "{attribute}: {}", made.text());
            let patched = world.operate("PATCH", &changed, Some(json!({member: value}))).await;
            if never_changes {
                assert_eq!(
                    (patched.problem().0, patched.blamed_fields()),
                    (422, vec![member.to_owned()]),
                    "{attribute}"
                );
            } else {
                assert_eq!((patched.status, &patched.json()[member]), (200, &shown), "{attribute}");
                assert_eq!(world.operated("GET", &changed, None).await[member], shown, "{attribute}");
            }
        }
        let before = world.operated("GET", &changed, None).await;
        for (value, field) in bad {
            let refused = register(&world, &tenant, "Refused", &json!({member: value})).await;
            assert_eq!(refused.problem().0, 422, "{attribute} {value}");
            assert_eq!(refused.blamed_fields(), [field], "{attribute} {value}");
            let why = &refused.json()["errors"][0]["message"];
            assert!(!why.as_str().unwrap().is_empty(), "{attribute} {value}");
            let refused = world.operate("PATCH", &changed, Some(json!({member: value}))).await;
            let field = if never_changes { member } else { field };
            assert_eq!(
                (refused.problem().0, refused.blamed_fields()),
                (422, vec![field.to_owned()]),
                "{attribute} {value}"
            );
        }
        assert_eq!(
            world.operated("GET", &changed, None).await,
            before,
            "{attribute}: nothing is half changed"
        );
    }
    for (switch, enabled) in [("disable", false), ("enable", true)] {
        let switched = world.operated("POST", &format!("{changed}/{switch}"), None).await;
        assert_eq!(switched["enabled"], enabled);
    }
}

#[actix_web::test]
async fn seed_002_warnings_are_beside_the_record_and_go_with_their_reason() {
    let (world, tenant, _) = instance().await;
    let redirects = json!(["https://app.example.com/cb"]);
    for (number, (record, warning, mended)) in [
        (
            json!({"sign_in": {"community": true}, "login_redirect_uris": redirects}),
            "community_without_internal",
            json!({"sign_in": {"community": true, "internal": true}}),
        ),
        (json!({"scopes": "read write"}), "scope_wider_than_read", json!({"scopes": "read"})),
        (
            json!({"reference_tokens": "authenticated_users"}),
            "reference_tokens_allowed",
            json!({"reference_tokens": "none"}),
        ),
        (
            json!({"reference_tokens": "administrators_only"}),
            "reference_tokens_allowed",
            json!({"reference_tokens": null}),
        ),
        (
            json!({"basic_authentication": true}),
            "basic_authentication_allowed",
            json!({"basic_authentication": false}),
        ),
        (
            json!({"sign_in": {"internal": true}}),
            "sign_in_without_redirect_uri",
            json!({"login_redirect_uris": redirects}),
        ),
        (
            json!({"service_access": {"as": "none"}}),
            "nobody_can_use_it",
            json!({"service_access": {"as": "app"}}),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let made = register(&world, &tenant, &format!("App {number}"), &record).await;
        assert_eq!(
            (made.status, &made.json()["warnings"]),
            (201, &json!([warning])),
            "{record}: {}",
            made.text()
        );
        let path = format!("/api/v1/apps/{}", text(&made.json()["id"]));
        assert_eq!(world.operated("GET", &path, None).await["warnings"], json!([warning]), "{record}");
        let mended = world.operated("PATCH", &path, Some(mended)).await;
        assert_eq!(mended["warnings"], json!([]), "{record}");
    }
}

#[actix_web::test]
async fn seed_002_a_public_app_has_no_service_access_and_cannot_be_given_any() {
    let (world, tenant, robot) = instance().await;
    let spa = world.app_with(&tenant, "Spa", json!({"client_type": "public"})).await;
    for access in [json!({"as": "app"}), json!({"as": "user", "user_id": robot})] {
        let record = json!({"client_type": "public", "service_access": access});
        let refused = register(&world, &tenant, "Refused", &record).await;
        assert_eq!(
            (refused.problem().1, refused.blamed_fields()),
            ("app_settings".to_owned(), vec!["service_access".to_owned()])
        );
        let patch = Some(json!({"service_access": access}));
        let refused = world.operate("PATCH", &format!("/api/v1/apps/{}", spa.id), patch).await;
        assert_eq!(
            (refused.problem().1, refused.blamed_fields()),
            ("app_settings".to_owned(), vec!["service_access".to_owned()])
        );
    }
}
