//! The list of apps.

use serde_json::json;

use super::estate::{member, operator};
use crate::account::browser::link_of;
use crate::account::pages::assert_page;
use crate::world::World;

#[actix_web::test]
async fn members_and_operators_see_the_apps_of_a_tenant_and_nobody_else_does() {
    let world = World::new().await;
    let (acme, bolt) = (world.tenant("", "Acme").await, world.tenant("", "Bolt").await);
    let app = world.app_with(&acme, "<b>Orders</b>", json!({})).await;
    world.app_with(&bolt, "Foreign", json!({})).await;
    let path = format!("/dashboard/tenants/{acme}/apps");

    let (ada, olga) = (member(&world, &acme, "ada", "auditor").await, operator(&world, "olga").await);
    for browser in [&ada, &olga] {
        let page = browser.get(&path).await;
        assert_page(&page);
        assert!(page.text().contains("&#60;b&#62;Orders"), "{}", page.text());
        assert!(page.text().contains(&app.client_id) && !page.text().contains("Foreign"));
    }
    // An auditor makes none.
    assert!(!ada.get(&path).await.text().contains("new-app-link"));
    assert!(olga.get(&path).await.text().contains("new-app-link"));

    let mallory = member(&world, &bolt, "mallory", "owner").await;
    for id in [acme.as_str(), "tnt_00000000000000000000000000", "nonsense"] {
        let page = mallory.get(&format!("/dashboard/tenants/{id}/apps")).await;
        assert_eq!(page.status, 404, "{id}");
    }
}

#[actix_web::test]
async fn an_empty_list_says_what_an_app_is_and_a_filter_finds_by_name() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "developer").await;
    let path = format!("/dashboard/tenants/{acme}/apps");
    let empty = ada.get(&path).await;
    assert!(empty.text().contains("id=\"no-apps\"") && empty.text().contains("first-app-link"));

    for name in ["Orders", "Billing"] {
        world.app_with(&acme, name, json!({})).await;
    }
    let found = ada.get(&format!("{path}?search=bill")).await;
    assert!(found.text().contains("Billing") && !found.text().contains("Orders"), "{}", found.text());
    let none = ada.get(&format!("{path}?search=zebra")).await;
    assert!(none.text().contains("id=\"no-match\""), "{}", none.text());
}

#[actix_web::test]
async fn the_next_page_goes_on_with_what_was_looked_for() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let path = format!("/api/v1/tenants/{acme}");
    world.operated("PATCH", &path, Some(json!({"app_limit": 200}))).await;
    for number in 0..52 {
        world.app_with(&acme, &format!("Order & {number}"), json!({})).await;
    }
    for number in 0..20 {
        world.app_with(&acme, &format!("Bill {number}"), json!({})).await;
    }
    let ada = member(&world, &acme, "ada", "auditor").await;
    let first = ada.get(&format!("/dashboard/tenants/{acme}/apps?search=order%20%26")).await;
    assert!(first.text().contains("72 of 200"), "{}", first.text());
    let second = ada.get(&link_of(&first, "next-link").unwrap()).await;
    assert_eq!((first.text().matches("Order ").count(), second.text().matches("Order ").count()), (50, 2));
    assert!(!second.text().contains("Bill") && !second.text().contains("next-link"));
}

#[actix_web::test]
async fn what_cannot_be_searched_for_is_said_beside_the_field_and_finds_nothing() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    world.app_with(&acme, "Orders", json!({})).await;
    let olga = operator(&world, "olga").await;
    let long = "a".repeat(101);
    for (path, record) in [
        (format!("/dashboard/tenants/{acme}/apps"), "Orders"),
        ("/dashboard/tenants".to_owned(), "Acme"),
        ("/dashboard/people".to_owned(), "<code>olga"),
        ("/dashboard/plans".to_owned(), "<table"),
        ("/dashboard/resources".to_owned(), "<code>TrueParser.API"),
    ] {
        for searched in [long.as_str(), "%00", "%E2%80%8B"] {
            let page = olga.get(&format!("{path}?search={searched}")).await;
            assert_eq!(page.status, 422, "{path} {searched}");
            assert_page(&page);
            assert!(page.text().contains("id=\"filter-error\""), "{path} {searched}: {}", page.text());
            assert!(page.text().contains("maxlength=\"100\""), "{path}");
            for unsaid in [record, "id=\"no-match\"", "id=\"next-link\"", "id=\"nothing-yet\""] {
                assert!(!page.text().contains(unsaid), "{path} {searched} {unsaid}");
            }
        }
        for searched in ["", "%20"] {
            let page = olga.get(&format!("{path}?search={searched}")).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(!page.text().contains("id=\"filter-error\""), "{path} {searched}");
        }
    }
}
