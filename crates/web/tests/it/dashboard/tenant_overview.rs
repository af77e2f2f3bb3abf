//! The first page of a tenant, and how many apps there are.

use serde_json::json;

use super::estate::{member, operator};
use crate::account::pages::assert_page;
use crate::world::World;

#[actix_web::test]
async fn an_empty_tenant_says_what_to_do_first_to_whoever_may_do_it() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let path = format!("/dashboard/tenants/{acme}");
    for (name, role, makes_apps) in
        [("ada", "developer", true), ("bob", "auditor", false), ("cleo", "owner", true)]
    {
        let page = member(&world, &acme, name, role).await.get(&path).await;
        assert_page(&page);
        for (text, is_there) in [
            ("id=\"next-step\"", true),
            ("id=\"first-app-link\"", makes_apps),
            ("id=\"new-app-link\"", makes_apps),
            ("id=\"audit-link\"", true),
            ("id=\"apps-link\"", true),
            ("id=\"no-usage\"", true),
            ("0 of ", true),
        ] {
            assert_eq!(page.text().contains(text), is_there, "{role}: {text}: {}", page.text());
        }
    }
}

#[actix_web::test]
async fn a_tenant_with_apps_shows_them_against_its_limit() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    world.operated("PATCH", &format!("/api/v1/tenants/{acme}"), Some(json!({"app_limit": 2}))).await;
    let ada = member(&world, &acme, "ada", "developer").await;
    let path = format!("/dashboard/tenants/{acme}");
    world.app_with(&acme, "One", json!({})).await;
    let page = ada.get(&path).await;
    assert!(page.text().contains("1 of 2 apps") && !page.text().contains("limit reached"), "{}", page.text());
    assert!(
        !page.text().contains("id=\"next-step\"") && page.text().contains("state on\" id=\"tenant-state\"")
    );
    world.app_with(&acme, "Two", json!({})).await;
    let page = ada.get(&path).await;
    assert!(page.text().contains("2 of 2 apps") && page.text().contains("limit reached"), "{}", page.text());
}

#[actix_web::test]
async fn who_can_raise_the_limit_is_said_when_it_is_near() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "developer").await;
    for (app_limit, is_near) in [(5, false), (2, false), (1, true)] {
        let limit = json!({ "app_limit": app_limit });
        world.operated("PATCH", &format!("/api/v1/tenants/{acme}"), Some(limit)).await;
        if app_limit == 5 {
            world.app_with(&acme, "One", json!({})).await;
        }
        let page = ada.get(&format!("/dashboard/tenants/{acme}")).await;
        assert_eq!(page.text().contains("Operators raise the limit"), is_near, "{}", page.text());
    }
}

#[actix_web::test]
async fn a_tenant_that_is_stopped_offers_no_new_app_and_shows_none_as_working() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    world.app_with(&acme, "Orders", json!({})).await;
    let ada = member(&world, &acme, "ada", "owner").await;
    let (overview, list) = (format!("/dashboard/tenants/{acme}"), format!("/dashboard/tenants/{acme}/apps"));
    let page = ada.get(&list).await;
    assert!(page.text().contains("state on\">enabled") && !page.text().contains("id=\"obstacle\""));

    world.operated("POST", &format!("/api/v1/tenants/{acme}/suspend"), None).await;
    for path in [&overview, &list] {
        let page = ada.get(path).await;
        assert_page(&page);
        assert!(!page.text().contains("new-app-link"), "{}", page.text());
        assert!(page.text().contains("No app of this tenant gets a token"), "{}", page.text());
    }
    let page = ada.get(&list).await;
    assert!(page.text().contains("state open\">enabled"), "{}", page.text());
}

#[actix_web::test]
async fn apps_can_be_prepared_before_a_tenant_is_activated() {
    let world = World::new().await;
    let tenant = world.create("/api/v1/tenants", json!({"name": "Acme"})).await;
    let olga = operator(&world, "olga").await;
    let page = olga.get(&format!("/dashboard/tenants/{}/apps", tenant["id"].as_str().unwrap())).await;
    assert!(
        page.text().contains("new-app-link") && page.text().contains("can be prepared"),
        "{}",
        page.text()
    );
}

#[actix_web::test]
async fn a_suspended_tenant_says_so() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "owner").await;
    world.operated("POST", &format!("/api/v1/tenants/{acme}/suspend"), None).await;
    let page = ada.get(&format!("/dashboard/tenants/{acme}")).await;
    assert_page(&page);
    for text in ["Stopped by an operator", "state off\" id=\"tenant-state\">suspended"] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
}

#[actix_web::test]
async fn the_list_of_apps_counts_all_of_them_and_names_their_plans() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    world.operated("PATCH", &format!("/api/v1/tenants/{acme}"), Some(json!({"app_limit": 60}))).await;
    let plan = world.create("/api/v1/plans", json!({"code": "pro-plan", "name": "Pro", "limits": {}})).await;
    let plan = plan["id"].as_str().unwrap();
    world.operated("POST", &format!("/api/v1/plans/{plan}/activate"), None).await;
    for number in 0..52 {
        let more = if number == 0 { json!({"plan_id": plan}) } else { json!({}) };
        world.app_with(&acme, &format!("App {number}"), more).await;
    }
    let olga = operator(&world, "olga").await;
    let first = olga.get(&format!("/dashboard/tenants/{acme}/apps")).await;
    assert!(
        first.text().contains("52 of 60") && first.text().contains("id=\"next-link\""),
        "{}",
        first.text()
    );
    assert!(first.text().contains("<code>pro-plan</code>"));
    let found = olga.get(&format!("/dashboard/tenants/{acme}/apps?search=app%2051")).await;
    assert!(found.text().contains("52 of 60") && found.text().contains("App 51"), "{}", found.text());
}
