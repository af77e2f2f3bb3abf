//! What changes in the middle of something else leaves everything in order, or refuses (attack 72).

use serde_json::{Value, json};

use crate::attacks::at_once::{Call, at_once, winners};
use crate::world::World;
use crate::world::databases::on_both_databases;
use crate::world::people::text;
use crate::world::requests::{bearer, form};

on_both_databases!(
    attack_72_a_region_that_becomes_inactive_takes_no_app_more_and_counts_those_it_has,
    attack_72_of_renames_of_one_version_one_wins,
    attack_72_of_apps_that_are_renamed_to_one_name_one_gets_it,
    attack_72_a_deleted_app_is_gone_with_its_live_tokens_on_every_server,
    attack_72_deletions_and_changes_at_once_end_in_a_deletion,
);

async fn attack_72_a_region_that_becomes_inactive_takes_no_app_more_and_counts_those_it_has(world: World) {
    let acme = world.tenant("", "Acme").await;
    world.operated("PATCH", &format!("/api/v1/tenants/{acme}"), Some(json!({"app_limit": 50}))).await;
    let region = world.create("/api/v1/regions", json!({"code": "brief", "name": "Brief"})).await;
    let region = format!("/api/v1/regions/{}", text(&region["id"]));
    let databases = format!("{region}/databases");
    world.create(&databases, json!({"db_code": "b1", "capacity": 50})).await;
    let creation = |number| {
        let body = json!({"tenant_id": acme, "name": format!("App {number}"), "region": "brief"});
        Call::new("POST", "/api/v1/apps", Some(body))
    };
    let mut calls: Vec<Call> = (0..20).map(creation).collect();
    calls.insert(7, Call::new("POST", format!("{region}/deactivate"), None));
    let mut answers = at_once(&world, calls).await;
    assert_eq!(answers.remove(7).status, 200);
    let made = winners(&answers, 201, 409, "region_inactive");
    let apps = world.operated("GET", "/api/v1/apps?limit=100&region=brief", None).await;
    assert_eq!(apps["items"].as_array().unwrap().len(), made);
    assert_eq!(world.operated("GET", &databases, None).await["items"][0]["app_count"], json!(made));
    let late = json!({"tenant_id": acme, "name": "Late", "region": "brief"});
    let refused = world.node().operate("POST", "/api/v1/apps", Some(late)).await;
    assert_eq!(refused.problem(), (409, "region_inactive".to_owned()));
}

async fn attack_72_of_renames_of_one_version_one_wins(world: World) {
    let app = world.lone_app("Acme").await;
    let path = format!("/api/v1/apps/{}", app.id);
    let rename = |number| {
        Call::new("PATCH", path.clone(), Some(json!({"name": format!("Name {number}")})))
            .with("If-Match", "\"1\"")
    };
    let answers = at_once(&world, (0..20).map(rename).collect()).await;
    assert_eq!(winners(&answers, 200, 412, "stale_version"), 1);
    let won = answers.iter().find(|answer| answer.status == 200).unwrap().json();
    let shown = world.operated("GET", &path, None).await;
    assert_eq!((&shown["name"], &shown["version"]), (&won["name"], &json!(2)));
    let events = format!("/api/v1/audit-events?object={}&action=app.update&outcome=done", app.id);
    assert_eq!(world.operated("GET", &events, None).await["items"].as_array().unwrap().len(), 1);
}

async fn attack_72_of_apps_that_are_renamed_to_one_name_one_gets_it(world: World) {
    let acme = world.tenant("", "Acme").await;
    let mut calls = Vec::new();
    for name in ["One", "Two", "Three"] {
        let app = world.app_with(&acme, name, json!({})).await;
        calls.push(Call::new("PATCH", format!("/api/v1/apps/{}", app.id), Some(json!({"name": "Same"}))));
    }
    let answers = at_once(&world, calls).await;
    assert_eq!(winners(&answers, 200, 409, "name_taken"), 1);
    let same = world.operated("GET", &format!("/api/v1/apps?tenant_id={acme}&search=same"), None).await;
    assert_eq!(same["items"].as_array().unwrap().len(), 1);
}

async fn attack_72_a_deleted_app_is_gone_with_its_live_tokens_on_every_server(world: World) {
    let (app, node) = (world.lone_app("Acme").await, world.node());
    let token = world.token(&app).await;
    let introspect = async |server: &World| {
        let asker = server.token(&server.operator).await;
        let ask = form("/connect/introspect", &format!("token={token}")).insert_header(bearer(&asker));
        server.send(ask).await.json()["active"].clone()
    };
    for server in [&world, &node] {
        assert_eq!(introspect(server).await, true);
    }
    assert_eq!(world.operate("DELETE", &format!("/api/v1/apps/{}", app.id), None).await.status, 204);
    for server in [&world, &node] {
        assert_eq!(introspect(server).await, false);
        assert_eq!(server.ask_token(&app, "").await.oauth_error(), (401, "invalid_client".to_owned()));
    }
    // Whoever gets the client id after it does not get its tokens.
    let tenant = world.tenant("", "Heir").await;
    world.app_with(&tenant, "Heir", json!({"client_id": "com.vendor/heir"})).await;
    assert_eq!(introspect(&node).await, false);
}

async fn attack_72_deletions_and_changes_at_once_end_in_a_deletion(world: World) {
    let app = world.lone_app("Acme").await;
    let path = format!("/api/v1/apps/{}", app.id);
    let mut calls = Vec::new();
    for number in 0..4 {
        calls.push(Call::new("PATCH", path.clone(), Some(json!({"name": format!("Name {number}")}))));
        calls.push(Call::new("POST", format!("{path}/secrets/regenerate"), None));
        calls.push(Call::new("DELETE", path.clone(), None));
        calls.push(Call::new("POST", format!("{path}/disable"), None));
    }
    let answers = at_once(&world, calls).await;
    let deleted = answers.iter().filter(|answer| answer.status == 204).count();
    assert_eq!(deleted, 1);
    for answer in &answers {
        assert!([200, 201, 204, 404].contains(&answer.status), "{}", answer.text());
    }
    assert_eq!(world.operate("GET", &path, None).await.problem(), (404, "not_found".to_owned()));
    let database: Value = world.operated("GET", "/api/v1/regions", None).await["items"][0]["id"].clone();
    let databases = format!("/api/v1/regions/{}/databases", text(&database));
    assert_eq!(world.operated("GET", &databases, None).await["items"][0]["app_count"], 0);
}
