//! Many at once against what only some may have (attack 71).

use serde_json::{Value, json};

use crate::attacks::at_once::{Call, at_once, winners};
use crate::world::World;
use crate::world::databases::on_both_databases;
use crate::world::people::text;

on_both_databases!(
    attack_71_of_20_apps_at_once_as_many_are_made_as_the_limit_allows,
    attack_71_of_20_apps_of_one_name_at_once_one_is_made,
    attack_71_of_20_apps_with_one_client_id_at_once_one_is_made,
    attack_71_of_20_apps_for_the_last_room_of_a_region_one_is_made,
    attack_71_of_20_third_domains_at_once_one_is_taken_and_a_fourth_never,
    attack_71_of_20_apps_at_once_one_gets_the_free_plan,
    attack_71_of_20_tenants_of_one_name_at_once_one_is_made,
);

const ATTEMPTS: usize = 20;

/// An active tenant that may have this many apps.
async fn tenant(world: &World, app_limit: usize) -> String {
    let id = world.tenant("", "Acme").await;
    world.operated("PATCH", &format!("/api/v1/tenants/{id}"), Some(json!({"app_limit": app_limit}))).await;
    id
}

/// Creations of apps of a tenant, which differ in what is made of their number.
fn creations(tenant_id: &str, more: impl Fn(usize) -> Value) -> Vec<Call> {
    let creation = |number| {
        let mut body = json!({"tenant_id": tenant_id, "name": format!("App {number}"), "region": "eu-west"});
        body.as_object_mut().unwrap().extend(more(number).as_object().unwrap().clone());
        Call::new("POST", "/api/v1/apps", Some(body))
    };
    (0..ATTEMPTS).map(creation).collect()
}

async fn app_count(world: &World, tenant_id: &str) -> usize {
    let list = world.operated("GET", &format!("/api/v1/apps?limit=100&tenant_id={tenant_id}"), None).await;
    list["items"].as_array().unwrap().len()
}

/// An active free plan.
async fn free_plan(world: &World) -> String {
    let plan = world.create("/api/v1/plans", json!({"code": "free", "name": "Free", "free": true})).await;
    let id = text(&plan["id"]);
    world.operated("POST", &format!("/api/v1/plans/{id}/activate"), None).await;
    id
}

async fn attack_71_of_20_apps_at_once_as_many_are_made_as_the_limit_allows(world: World) {
    let acme = world.tenant("", "Acme").await;
    let answers = at_once(&world, creations(&acme, |_| json!({}))).await;
    assert_eq!(winners(&answers, 201, 403, "app_limit_reached"), 3);
    assert_eq!(app_count(&world, &acme).await, 3);
    // One after the other is no way around either, and room that was given back counts once.
    let fourth = json!({"tenant_id": acme, "name": "Late", "region": "eu-west"});
    let refused = world.operate("POST", "/api/v1/apps", Some(fourth)).await;
    assert_eq!(refused.problem(), (403, "app_limit_reached".to_owned()));
    let made = answers.iter().find(|answer| answer.status == 201).unwrap().json();
    let path = format!("/api/v1/apps/{}", text(&made["id"]));
    assert_eq!(world.operate("DELETE", &path, None).await.status, 204);
    let late = |number| json!({"name": format!("Late {number}")});
    let answers = at_once(&world, creations(&acme, late)).await;
    assert_eq!(winners(&answers, 201, 403, "app_limit_reached"), 1);
}

async fn attack_71_of_20_apps_of_one_name_at_once_one_is_made(world: World) {
    let acme = tenant(&world, 50).await;
    let spelling = |number: usize| {
        let name = ["Invoices", "INVOICES", " invoices ", "\u{ff29}nvoices"][number % 4];
        json!({"name": name})
    };
    let answers = at_once(&world, creations(&acme, spelling)).await;
    assert_eq!(winners(&answers, 201, 409, "name_taken"), 1);
    assert_eq!(app_count(&world, &acme).await, 1);
}

async fn attack_71_of_20_apps_with_one_client_id_at_once_one_is_made(world: World) {
    let acme = tenant(&world, 50).await;
    let answers = at_once(&world, creations(&acme, |_| json!({"client_id": "com.vendor/app"}))).await;
    assert_eq!(winners(&answers, 201, 409, "client_id_taken"), 1);
    assert_eq!(app_count(&world, &acme).await, 1);
}

async fn attack_71_of_20_apps_for_the_last_room_of_a_region_one_is_made(world: World) {
    let acme = tenant(&world, 50).await;
    let region = world.create("/api/v1/regions", json!({"code": "tiny", "name": "Tiny"})).await;
    let databases = format!("/api/v1/regions/{}/databases", text(&region["id"]));
    world.create(&databases, json!({"db_code": "tiny1", "capacity": 1})).await;
    let answers = at_once(&world, creations(&acme, |_| json!({"region": "tiny"}))).await;
    assert_eq!(winners(&answers, 201, 409, "region_full"), 1);
    assert_eq!(world.operated("GET", &databases, None).await["items"][0]["app_count"], 1);
}

async fn attack_71_of_20_third_domains_at_once_one_is_taken_and_a_fourth_never(world: World) {
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "App", json!({"allowed_domains": ["a.example", "b.example"]})).await;
    let path = format!("/api/v1/apps/{}", app.id);
    let third = |number| {
        let domains = json!({"allowed_domains": ["a.example", "b.example", format!("c{number}.example")]});
        Call::new("PATCH", path.clone(), Some(domains)).with("If-Match", "\"1\"")
    };
    let answers = at_once(&world, (0..ATTEMPTS).map(third).collect()).await;
    assert_eq!(winners(&answers, 200, 412, "stale_version"), 1);
    let taken = answers.iter().find(|answer| answer.status == 200).unwrap().json();
    let app = world.operated("GET", &path, None).await;
    assert_eq!((&app["allowed_domain_3"], &app["version"]), (&taken["allowed_domain_3"], &json!(2)));
    let fourth = json!({"allowed_domains": ["a.example", "b.example", "c.example", "d.example"]});
    let refused = world.operate("PATCH", &path, Some(fourth)).await;
    assert_eq!((refused.problem().0, refused.blamed_fields()), (422, vec!["allowed_domains".to_owned()]));
}

async fn attack_71_of_20_apps_at_once_one_gets_the_free_plan(world: World) {
    let (acme, free) = (tenant(&world, 50).await, free_plan(&world).await);
    let mut apps = Vec::new();
    for number in 0..ATTEMPTS {
        apps.push(world.app_with(&acme, &format!("Old {number}"), json!({})).await.id);
    }
    let assign =
        |id: &String| Call::new("PUT", format!("/api/v1/apps/{id}/plan"), Some(json!({"plan_id": free})));
    let answers = at_once(&world, apps.iter().map(assign).collect()).await;
    assert_eq!(winners(&answers, 200, 409, "free_plan_taken"), 1);
    let lucky = text(&answers.iter().find(|answer| answer.status == 200).unwrap().json()["id"]);
    assert_eq!(world.operate("DELETE", &format!("/api/v1/apps/{lucky}/plan"), None).await.status, 200);
    let answers = at_once(&world, creations(&acme, |_| json!({"plan_id": free}))).await;
    assert_eq!(winners(&answers, 201, 409, "free_plan_taken"), 1);
    let list = world.operated("GET", &format!("/api/v1/apps?plan_id={free}"), None).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

async fn attack_71_of_20_tenants_of_one_name_at_once_one_is_made(world: World) {
    let creation = |_| Call::new("POST", "/api/v1/tenants", Some(json!({"name": "Twin"})));
    let answers = at_once(&world, (0..ATTEMPTS).map(creation).collect()).await;
    assert_eq!(winners(&answers, 201, 409, "name_taken"), 1);
}
