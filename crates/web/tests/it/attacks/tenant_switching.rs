//! The tenant comes from the token alone (attack 6).

use serde_json::{Value, json};

use crate::attacks::estate::Estate;
use crate::world::World;
use crate::world::databases::on_both_databases;
use crate::world::people::{member, text};
use crate::world::requests::{bearer, request};

on_both_databases!(
    attack_06_no_header_or_cookie_switches_the_tenant,
    attack_06_a_tenant_in_a_body_is_ones_own_or_refused,
);

async fn attack_06_no_header_or_cookie_switches_the_tenant(world: World) {
    let (own, other) = (Estate::of_tenant(&world, "Acme").await, Estate::of_tenant(&world, "Victim").await);
    let (_, owner) = member(&world, own.id("tenants"), "mallory", "owner").await;
    let victim = other.id("tenants");
    let plain = world.call(&owner, "GET", "/api/v1/apps", None).await.json();
    for (number, (name, value)) in [
        ("X-Tenant", victim.to_owned()),
        ("X-Tenant-Id", victim.to_owned()),
        ("Tenant", "Victim".to_owned()),
        ("Cookie", format!("tenant={victim}; tenant_id={victim}")),
        ("Host", "victim.id.example.com".to_owned()),
        ("X-Forwarded-Host", "victim.id.example.com".to_owned()),
        ("Forwarded", "host=victim.id.example.com".to_owned()),
        ("X-Original-URL", format!("/api/v1/apps?tenant_id={victim}")),
        ("X-Rewrite-URL", other.path("/apps/{id}")),
        ("X-Forwarded-Prefix", "/i/victim".to_owned()),
        ("X-HTTP-Method-Override", "DELETE".to_owned()),
        ("X-Turnkeep-Tenant", victim.to_owned()),
        ("From", "mallory@victim.example".to_owned()),
    ]
    .into_iter()
    .enumerate()
    {
        let with = |method, path: &str| {
            request(method, path).insert_header(bearer(&owner)).insert_header((name, value.as_str()))
        };
        assert_eq!(world.send(with("GET", "/api/v1/apps")).await.json(), plain, "{name}");
        let theirs = world.send(with("GET", &other.path("/apps/{id}"))).await;
        assert_eq!(theirs.problem(), (404, "not_found".to_owned()), "{name}");
        let body = json!({"user_name": format!("guest{number}"), "role": "auditor"});
        let creation = with("POST", &own.path("/tenants/{id}/invitations"))
            .insert_header(("Content-Type", "application/json"))
            .set_payload(body.to_string());
        let made = world.send(creation).await;
        assert_eq!(made.status, 201, "{name}: {}", made.text());
        assert_eq!(made.json()["tenant_id"], own.id("tenants"), "{name}");
    }
    let invited = world.operated("GET", &other.path("/tenants/{id}/invitations"), None).await;
    assert_eq!(invited["items"].as_array().unwrap().len(), 1);
}

async fn attack_06_a_tenant_in_a_body_is_ones_own_or_refused(world: World) {
    let (own, other) = (Estate::of_tenant(&world, "Acme").await, Estate::of_tenant(&world, "Victim").await);
    let (_, owner) = member(&world, own.id("tenants"), "mallory", "owner").await;
    let (acme, victim) = (own.id("tenants"), other.id("tenants"));
    let creation =
        |tenant: Value, name: &str| Some(json!({"tenant_id": tenant, "name": name, "region": "eu-west"}));
    for tenant in [victim, "ten_00000000000000000000000000"] {
        let refused = world.call(&owner, "POST", "/api/v1/apps", creation(json!(tenant), "Intruder")).await;
        assert_eq!(refused.problem(), (404, "not_found".to_owned()), "{tenant}");
    }
    for (tenant, name) in [(json!(acme), "Named"), (Value::Null, "Unnamed")] {
        let made = world.call(&owner, "POST", "/api/v1/apps", creation(tenant, name)).await;
        assert_eq!((made.status, text(&made.json()["tenant_id"])), (201, acme.to_owned()), "{}", made.text());
    }
    for (method, path) in [
        ("PATCH", own.path("/apps/{id}")),
        ("PATCH", own.path("/tenants/{id}")),
        ("POST", own.path("/tenants/{id}/invitations")),
        ("PUT", own.path("/tenants/{id}/members/{user_id}")),
        ("PUT", own.path("/apps/{id}/storage")),
        ("POST", own.path("/apps/{id}/secrets")),
    ] {
        let refused = world.call(&owner, method, &path, Some(json!({"tenant_id": victim}))).await;
        assert_eq!(refused.problem(), (422, "invalid_fields".to_owned()), "{path}");
        assert!(refused.blamed_fields().contains(&"tenant_id".to_owned()), "{path}");
    }
    let theirs = world.operated("GET", &format!("/api/v1/apps?tenant_id={victim}"), None).await;
    assert_eq!(theirs["items"].as_array().unwrap().len(), 1);
}
