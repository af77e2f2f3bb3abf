//! Texts of others on every page (attack 66): they are shown, and are nothing but text.

use serde_json::{Value, json};

use super::estate::{Estate, FILLED_IN, listed};
use crate::account::browser::{Browser, csrf_of};
use crate::account::pages::assert_page;
use crate::dashboard::estate::{member, operator};
use crate::dashboard::every_route_table::{forms, pages};
use crate::world::World;
use crate::world::answer::Answer;

const EVIL: &str = "\"'><script>alert(1)</script>&lt;<img src=x>";

fn is_html(answer: &Answer) -> bool {
    answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"))
}

/// How often the text is shown there, as text.
#[track_caller]
fn shown_on(answer: &Answer, what: &str) -> usize {
    assert_page(answer);
    if !is_html(answer) {
        return 0;
    }
    let html = answer.text();
    assert!(!html.contains("<script>alert") && !html.contains("<img src"), "{what}: {html}");
    html.matches("&#60;script&#62;alert(1)&#60;/script&#62;&#38;lt;&#60;img src=x&#62;").count()
}

/// Gives everything that has a name another one.
async fn rename_everything(world: &World, estate: &Estate) {
    let name = json!({"name": EVIL});
    let named = |kind: &str, id: &str| (format!("/api/v1/{kind}/{id}"), name.clone());
    let all: [(String, Value); 9] = [
        named("tenants", &estate.acme),
        named("apps", &estate.orders),
        named("plans", estate.id("plan")),
        named("regions", estate.id("region")),
        named("resources", estate.id("resource")),
        named("instances", estate.id("id")),
        (format!("/api/v1/users/{}", estate.id("user")), json!({"display_name": EVIL})),
        named("apps", &estate.invoices),
        named("instances", &of_default_instance(world).await),
    ];
    for (path, body) in all {
        // Another app of the tenant has the name by then.
        let body = if path.ends_with(&estate.invoices) { json!({"name": format!("{EVIL}2")}) } else { body };
        world.operated("PATCH", &path, Some(body)).await;
    }
    let scope = json!({"name": "evil", "description": EVIL});
    world.create(&format!("/api/v1/resources/{}/scopes", estate.id("resource")), scope).await;
    let plan = json!({"plan_id": estate.id("plan")});
    world.operated("PUT", &format!("/api/v1/apps/{}/plan", estate.orders), Some(plan)).await;
    let token = json!({"kind": "service", "name": EVIL, "scopes": "read", "lifetime_days": 7});
    world.create(&format!("/api/v1/apps/{}/reference-tokens", estate.orders), token).await;
}

async fn of_default_instance(world: &World) -> String {
    let instances = listed(world, "/api/v1/instances").await;
    let default = instances.iter().find(|instance| instance["slug"] == "default").unwrap();
    default["id"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn attack_66_no_name_becomes_markup_on_any_page() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    let (ada, olga) =
        (member(&world, &estate.acme, "ada", "owner").await, operator(&world, "olga").await.called(EVIL));
    rename_everything(&world, &estate).await;
    for (browser, name, least) in [(&ada, "owner", 20), (&olga, "operator", 40)] {
        let mut showing = 0;
        for (path, _) in pages() {
            let answer = browser.get(&estate.address(path)).await;
            showing += usize::from(0 < shown_on(&answer, &format!("{name}, {path}")));
        }
        let found = browser.get("/dashboard/search?q=%3Cscript%3Ealert%281%29").await;
        assert!(0 < shown_on(&found, "search"), "{}", found.text());
        assert!(least <= showing, "{name}: {showing} pages show it");
    }
}

/// Sends this text in all fields of all forms. How many pages show it.
async fn fill_in_everything(browser: &Browser<'_>, estate: &Estate) -> usize {
    let csrf = csrf_of(&browser.get("/account").await);
    let mut showing = 0;
    for (path, _) in forms() {
        let fields: Vec<_> =
            [("csrf", csrf.as_str())].into_iter().chain(FILLED_IN.map(|(name, _)| (name, EVIL))).collect();
        let answer = browser.post(&estate.address(path), &fields).await;
        showing += usize::from(0 < shown_on(&answer, path));
    }
    showing
}

#[actix_web::test]
async fn attack_66_no_field_that_is_shown_again_becomes_markup() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    let (ada, olga) = (member(&world, &estate.acme, "ada", "owner").await, operator(&world, "olga").await);
    assert!(4 <= fill_in_everything(&ada, &estate).await);
    assert!(10 <= fill_in_everything(&olga, &estate).await);
}
