//! Fields that no form has (attack 67): naming something is no way to set it.

use serde_json::{Value, json};

use super::estate::{Estate, listed};
use crate::account::browser::Browser;
use crate::dashboard::app_settings::PLAIN;
use crate::dashboard::estate::member;
use crate::world::World;

/// What somebody might want to set.
const WANTED: [(&str, &str); 24] = [
    ("tenant_id", "ten_00000000000000000000000001"),
    ("plan_id", "pln_00000000000000000000000001"),
    ("plan", "pro"),
    ("client_id", "chosen-by-me"),
    ("client_secret", "chosen-by-me"),
    ("secret", "chosen-by-me"),
    ("secret_hash", "chosen-by-me"),
    ("digest", "chosen-by-me"),
    ("db_code", "EU9"),
    ("database", "EU9"),
    ("region_id", "reg_00000000000000000000000001"),
    ("license_region", "us-east"),
    ("role", "owner"),
    ("user_id", "usr_00000000000000000000000001"),
    ("is_operator", "on"),
    ("operator", "on"),
    ("permissions", "all"),
    ("state", "closed"),
    ("enabled", "false"),
    ("is_enabled", "false"),
    ("id", "app_00000000000000000000000001"),
    ("instance_id", "ins_00000000000000000000000001"),
    ("client_type", "public"),
    ("created_at", "2001-01-01T00:00:00Z"),
];

/// These fields, and all that are wanted besides.
fn greedy<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let is_new = |(name, _): &(&str, &str)| fields.iter().all(|(field, _)| field != name);
    fields.iter().copied().chain(WANTED.into_iter().filter(is_new)).collect()
}

async fn submit(browser: &Browser<'_>, path: &str, form_id: &str, fields: &[(&str, &str)]) -> u16 {
    let page = browser.get(path).await;
    browser.submit(&page, form_id, &greedy(fields)).await.status
}

/// A record without what every change or every new record has of its own.
fn plain(mut record: Value, own: &[&str]) -> Value {
    record.as_object_mut().unwrap().retain(|name, _| !own.contains(&name.as_str()));
    record
}

#[actix_web::test]
async fn attack_67_a_new_app_is_what_its_form_says_and_nothing_else() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    let dora = member(&world, &estate.acme, "dora", "developer").await;
    let more = json!({"app_limit": 9});
    world.operated("PATCH", &format!("/api/v1/tenants/{}", estate.acme), Some(more)).await;
    let path = format!("/dashboard/tenants/{}/apps/new", estate.acme);
    let page = dora.get(&path).await;
    let modest = [("region", "eu-west"), ("name", "Modest")];
    assert_eq!(dora.submit(&page, "new-app-form", &modest).await.status, 200);
    assert_eq!(submit(&dora, &path, "new-app-form", &[("region", "eu-west"), ("name", "Greedy")]).await, 200);
    let apps = listed(&world, &format!("/api/v1/apps?tenant_id={}", estate.acme)).await;
    let found = |name: &str| apps.iter().find(|app| app["name"] == name).unwrap().clone();
    let (modest, greedy) = (found("Modest"), found("Greedy"));
    assert_ne!(greedy["client_id"], json!("chosen-by-me"));
    let own = ["id", "name", "client_id"];
    assert_eq!(plain(greedy, &own), plain(modest, &own));
    assert_eq!(apps.len(), 4, "nothing was made elsewhere");
}

#[actix_web::test]
async fn attack_67_settings_change_what_their_form_has() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    let dora = member(&world, &estate.acme, "dora", "developer").await;
    let adam = member(&world, &estate.acme, "adam", "admin").await;
    let (app, tenant) = (format!("/apps/{}", estate.invoices), format!("/tenants/{}", estate.acme));
    let below = format!("/dashboard/tenants/{}", estate.acme);
    let settings: Vec<_> =
        PLAIN.into_iter().filter(|(name, _)| *name != "name").chain([("name", "Invoices 2")]).collect();
    for (browser, path, form_id, fields, record) in [
        (&dora, format!("{below}{app}/settings"), "settings-form", settings, &app),
        (
            &adam,
            format!("{below}/edit"),
            "tenant-form",
            vec![("name", "Acme 2"), ("secret_max_age_days", "")],
            &tenant,
        ),
    ] {
        let api = format!("/api/v1{record}");
        let before = world.operated("GET", &api, None).await;
        assert_eq!(submit(browser, &path, form_id, &fields).await, 303, "{path}");
        let after = world.operated("GET", &api, None).await;
        assert_ne!(before["name"], after["name"]);
        let own = ["name", "version", "updated_at"];
        assert_eq!(plain(after, &own), plain(before, &own), "{path}");
    }
}

#[actix_web::test]
async fn attack_67_a_role_is_changed_of_whom_the_address_names_only() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    let adam = member(&world, &estate.acme, "adam", "admin").await;
    let victor = estate.id("user");
    let path = format!("/dashboard/tenants/{}/members", estate.acme);
    let page = adam.get(&path).await;
    let form = crate::account::browser::form_to(&page, &format!("{path}/{victor}/role"));
    let answer = adam.send_form(&form, &greedy(&[("role", "developer")])).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let members = listed(&world, &format!("/api/v1/tenants/{}/members", estate.acme)).await;
    let roles: Vec<_> =
        members.iter().map(|member| (member["user_id"] == *victor, &member["role"])).collect();
    assert!(
        roles.contains(&(true, &json!("developer"))) && roles.contains(&(false, &json!("admin"))),
        "{roles:?}"
    );
    assert_eq!(listed(&world, "/api/v1/operators").await.len(), 0);
    assert_eq!(listed(&world, &format!("/api/v1/tenants/{}/members", estate.bolt)).await.len(), 0);
}
