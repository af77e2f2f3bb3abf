//! The pages on which operators look after regions and their databases.

use serde_json::json;

use super::estate::{member, operator};
use crate::account::browser::{form_of, message_of};
use crate::account::pages::assert_page;
use crate::world::World;

#[actix_web::test]
async fn a_region_with_a_database_is_made_step_by_step() {
    let world = World::bare();
    let olga = operator(&world, "olga").await;
    assert!(olga.get("/dashboard/regions").await.text().contains("id=\"nothing-yet\""));
    let page = olga.get("/dashboard/regions/new").await;
    let made = olga.submit(&page, "new-region-form", &[("code", "eu-west"), ("name", "<u>West")]).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let region = olga.get(made.header("location").unwrap()).await;
    assert_page(&region);
    let path = made.header("location").unwrap().split('?').next().unwrap();
    let page = olga.get(&format!("{path}/databases/new")).await;
    let made = olga.submit(&page, "new-database-form", &[("db_code", "eu1"), ("capacity", "40")]).await;
    assert_eq!(made.status, 303, "{}", made.text());

    let list = olga.get("/dashboard/regions").await;
    assert_page(&list);
    for text in ["&#60;u&#62;West", "eu1", "<meter min=\"0\" max=\"40\" value=\"0\"", "0 of 40 apps"] {
        assert!(list.text().contains(text), "{text}: {}", list.text());
    }
    assert!(!list.text().contains("<u>West"));
}

#[actix_web::test]
async fn a_region_without_a_database_says_what_it_lacks() {
    let world = World::bare();
    world.create("/api/v1/regions", json!({"code": "eu-west", "name": "West"})).await;
    let list = operator(&world, "olga").await.get("/dashboard/regions").await;
    assert!(list.text().contains("It has no database yet"), "{}", list.text());
}

#[actix_web::test]
async fn bars_show_how_full_databases_are_and_capacity_never_falls_below_use() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    for name in ["One", "Two"] {
        world.app_with(&acme, name, json!({})).await;
    }
    let olga = operator(&world, "olga").await;
    let list = olga.get("/dashboard/regions").await;
    let (_, rest) = list.text().split_once("value=\"2\" aria-label=\"2 of 100 apps\"").unwrap();
    assert!(rest.contains("2 of 100 apps"), "{}", list.text());
    let (before, _) = list.text().split_once(">eu1</a>").unwrap();
    let path = before.rsplit('"').nth(1).unwrap();
    let database = olga.get(path).await;
    assert_page(&database);
    for (capacity, status) in [("1", 409), ("none", 422), ("", 422), ("-3", 422)] {
        let refused = olga.submit(&database, "database-form", &[("capacity", capacity)]).await;
        assert_eq!(refused.status, status, "{capacity}: {}", refused.text());
        assert!(refused.text().contains("id=\"capacity-error\""), "{}", refused.text());
    }
    assert_eq!(olga.submit(&database, "database-form", &[("capacity", "2")]).await.status, 303);
    let stale = olga.submit(&database, "database-form", &[("capacity", "9")]).await;
    assert_eq!((stale.status, message_of(&stale).as_deref()), (409, Some("stale_version")));

    let database = olga.get(path).await;
    assert!(database.text().contains("2 of 2"), "{}", database.text());
    let off = olga.submit(&database, "deactivate-form", &[]).await;
    let database = olga.get(off.header("location").unwrap()).await;
    assert!(database.text().contains("id=\"activate-form\""), "{}", database.text());
    assert_eq!(olga.submit(&database, "activate-form", &[]).await.status, 303);
}

#[actix_web::test]
async fn a_region_is_renamed_and_closed_to_new_apps() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let regions = world.operated("GET", "/api/v1/regions", None).await;
    let path = format!("/dashboard/regions/{}", regions["items"][0]["id"].as_str().unwrap());
    let olga = operator(&world, "olga").await;
    let region = olga.get(&path).await;
    let empty = olga.submit(&region, "region-form", &[("name", "")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.text().contains("id=\"name-error\""), "{}", empty.text());
    assert_eq!(olga.submit(&region, "region-form", &[("name", "Far West")]).await.status, 303);
    let region = olga.get(&path).await;
    assert!(region.text().contains("Far West"));
    assert_eq!(olga.submit(&region, "deactivate-form", &[]).await.status, 303);
    let body = json!({"tenant_id": acme, "name": "Late", "region": "eu-west"});
    assert_eq!(world.operate("POST", "/api/v1/apps", Some(body)).await.status, 409);

    // What is taken, or no code, is said beside its field.
    let page = olga.get("/dashboard/regions/new").await;
    for (code, status) in [("eu-west", 409), ("EU West", 422)] {
        let refused = olga.submit(&page, "new-region-form", &[("code", code), ("name", "West")]).await;
        assert_eq!(refused.status, status, "{}", refused.text());
        assert!(refused.text().contains("id=\"code-error\""), "{}", refused.text());
    }
}

#[actix_web::test]
async fn members_change_no_region_and_no_form_works_without_its_token() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let regions = world.operated("GET", "/api/v1/regions", None).await;
    let path = format!("/dashboard/regions/{}", regions["items"][0]["id"].as_str().unwrap());
    let ada = member(&world, &acme, "ada", "owner").await;
    let page = ada.get(&format!("/dashboard/tenants/{acme}/edit")).await;
    let olga = operator(&world, "olga").await;
    for (rest, fields) in [
        ("", &[("name", "Mine")][..]),
        ("/deactivate", &[]),
        ("/databases/new", &[("db_code", "x"), ("capacity", "1")]),
    ] {
        let action = format!("{path}{rest}");
        let mut form = form_of(&page, "tenant-form");
        form.action.clone_from(&action);
        assert_eq!(ada.send_form(&form, fields).await.status, 404, "{rest}");
        assert_eq!(olga.post(&action, fields).await.status, 403, "{rest}");
    }
    let after = world.operated("GET", "/api/v1/regions", None).await;
    assert_eq!(after, regions);
}
