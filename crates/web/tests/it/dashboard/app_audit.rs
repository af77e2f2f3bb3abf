//! What happened to an app, on a page of it.

use serde_json::json;

use super::estate::{member, operator};
use crate::account::browser::{csrf_of, link_of};
use crate::account::pages::assert_page;
use crate::world::World;

#[actix_web::test]
async fn events_are_shown_in_words_with_who_did_them_and_what_changed() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "Orders", json!({})).await;
    let other = world.app_with(&acme, "Bills", json!({})).await;
    let dora = member(&world, &acme, "dora", "developer").await;
    let base = format!("/dashboard/tenants/{acme}/apps/{}", app.id);
    let secrets = dora.get(&format!("{base}/secrets")).await;
    let made = dora.submit(&secrets, "regenerate-form", &[("old_secrets_stop", "on")]).await;
    assert_eq!(made.status, 200);
    let name = Some(json!({"name": "<i>Renamed"}));
    world.operated("PATCH", &format!("/api/v1/apps/{}", app.id), name).await;
    world.operated("POST", &format!("/api/v1/apps/{}/disable", other.id), None).await;
    let audrey = member(&world, &acme, "audrey", "auditor").await;
    let refused = audrey.get(&format!("{base}/settings")).await;
    assert_eq!(refused.status, 403);
    let csrf = csrf_of(&audrey.get(&base).await);
    let refused = audrey.post(&format!("{base}/disable"), &[("csrf", csrf.as_str())]).await;
    assert_eq!(refused.status, 403);
    world.keep_books();

    let page = audrey.get(&format!("{base}/audit")).await;
    assert_page(&page);
    let html = page.text();
    let request_id = made.header("x-request-id").unwrap();
    for text in [
        "App: regenerate secret",
        "App: update",
        "from “Orders” to “&#60;i&#62;Renamed”",
        ">dora</td>",
        ">audrey</td>",
        "refused: forbidden",
        request_id,
        &format!("href=\"/dashboard/tenants/{acme}/audit\""),
    ] {
        assert!(html.contains(text), "{text}: {html}");
    }
    assert!(!html.contains("<i>Renamed") && !html.contains(&other.id));
    // The newest first; the tenant's members do not learn who the operators are.
    let at = |text: &str| html.find(text).unwrap();
    assert!(at("App: disable") < at("App: update") && at("App: update") < at("App: regenerate secret"));
    assert!(at("App: regenerate secret") < at("App: create"));
    assert!(html.contains("An app that is not known here"), "{html}");
    let olga = operator(&world, "olga").await;
    let page = olga.get(&format!("{base}/audit")).await;
    assert!(page.text().contains("The app ") && !page.text().contains("not known here"), "{}", page.text());
}

#[actix_web::test]
async fn older_events_are_on_further_pages() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "Orders", json!({})).await;
    for number in 0..50 {
        let name = json!({"name": format!("Orders {number}")});
        world.operated("PATCH", &format!("/api/v1/apps/{}", app.id), Some(name)).await;
    }
    let dora = member(&world, &acme, "dora", "auditor").await;
    let path = format!("/dashboard/tenants/{acme}/apps/{}/audit", app.id);
    let first = dora.get(&path).await;
    assert!(!first.text().contains("App: create") && first.text().contains("to “Orders 0”"));
    assert!(first.text().len() <= 100 * 1024, "{} bytes", first.text().len());
    let second = dora.get(&link_of(&first, "next-link").unwrap()).await;
    assert!(second.text().contains("App: create") && !second.text().contains("to “Orders 0”"));
    assert!(!second.text().contains("next-link"), "{}", second.text());
    // A position that is none is the beginning.
    let odd = dora.get(&format!("{path}?after=x")).await;
    assert!(odd.text().contains("to “Orders 49”"), "{}", odd.text());
}
