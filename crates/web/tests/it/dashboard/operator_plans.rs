//! The pages on which operators look after plans.

use serde_json::{Value, json};

use super::estate::operator;
use crate::account::browser::message_of;
use crate::account::pages::assert_page;
use crate::world::World;

async fn plan(world: &World, code: &str, free: bool) -> String {
    let body = json!({"code": code, "name": format!("<i>{code}"), "free": free});
    let plan = world.create("/api/v1/plans", body).await;
    let id = plan["id"].as_str().unwrap().to_owned();
    world.operated("POST", &format!("/api/v1/plans/{id}/activate"), None).await;
    id
}

async fn put_on(world: &World, app_id: &str, plan_id: &str) {
    let path = format!("/api/v1/apps/{app_id}/plan");
    world.operated("PUT", &path, Some(json!({"plan_id": plan_id}))).await;
}

#[actix_web::test]
async fn a_plan_is_made_with_its_limits_activated_and_changed() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    assert!(olga.get("/dashboard/plans").await.text().contains("id=\"nothing-yet\""));
    let page = olga.get("/dashboard/plans/new").await;
    assert_page(&page);
    let fields = [
        ("code", "gold"),
        ("name", "Gold <3"),
        ("price", "paid"),
        ("units_hour", "100"),
        ("units_month", "1000"),
        ("requests_per_minute", "60"),
        ("tokens_hour", "20"),
        ("mode", "dry_run"),
        ("features", "sso = true\nseats = 5\ntheme = dark"),
    ];
    let made = olga.submit(&page, "new-plan-form", &fields).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let path = made.header("location").unwrap().split('?').next().unwrap().to_owned();
    let record = format!("/api/v1{}", path.strip_prefix("/dashboard").unwrap());
    let stored = world.operated("GET", &record, None).await;
    let limits = json!({
        "document_units": {"hour": 100, "day": null, "week": null, "month": 1000},
        "requests_per_minute": 60,
        "features": {"sso": true, "seats": 5, "theme": "dark"},
    });
    assert_eq!((&stored["limits"], &stored["token_requests"]["mode"]), (&limits, &json!("dry_run")));

    let shown = olga.get(&path).await;
    assert_page(&shown);
    for text in ["Gold &#60;3", "draft", "seats = 5\nsso = true\ntheme = dark", "value=\"1000\""] {
        assert!(shown.text().contains(text), "{text}: {}", shown.text());
    }
    assert_eq!(olga.submit(&shown, "activate-form", &[]).await.status, 303);
    let shown = olga.get(&path).await;
    let saved = olga.submit(&shown, "plan-form", &[("name", "Gold"), ("mode", "enforce")]).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let stored = world.operated("GET", &record, None).await;
    assert_eq!((&stored["name"], &stored["state"]), (&json!("Gold"), &json!("active")));
    assert_eq!(stored["limits"]["features"], json!({}));
    let list = olga.get("/dashboard/plans?search=gold&state=active").await;
    assert!(list.text().contains("<code>gold</code>"), "{}", list.text());
}

#[actix_web::test]
async fn what_is_wrong_with_a_plan_stands_beside_its_field() {
    let world = World::new().await;
    plan(&world, "gold", false).await;
    let olga = operator(&world, "olga").await;
    let page = olga.get("/dashboard/plans/new").await;
    for (field, value, status, error) in [
        ("code", "No code", 422, "code-error"),
        ("code", "gold", 409, "code-error"),
        ("name", "", 422, "name-error"),
        ("units_day", "x", 422, "units-day-error"),
        ("units_day", "1", 422, "units-hour-error"),
        ("tokens_minute", "0", 422, "tokens-minute-error"),
        ("tokens_day", "1", 422, "tokens-minute-error"),
        ("mode", "perhaps", 422, "mode-error"),
        ("price", "cheap", 422, "price-error"),
        ("features", "sso", 422, "features-error"),
        ("features", "so many = 1", 422, "features-error"),
    ] {
        let usual = [
            ("code", "silver"),
            ("name", "Silver"),
            ("price", "free"),
            ("mode", "enforce"),
            ("units_hour", "5"),
            ("tokens_minute", "2"),
        ];
        let mut fields: Vec<_> = usual.into_iter().filter(|(name, _)| *name != field).collect();
        fields.push((field, value));
        let refused = olga.submit(&page, "new-plan-form", &fields).await;
        assert_eq!(refused.status, status, "{field} {value}: {}", refused.text());
        assert!(refused.text().contains(&format!("id=\"{error}\"")), "{field} {value}: {}", refused.text());
    }
    let plans = world.operated("GET", "/api/v1/plans", None).await;
    assert_eq!(plans["items"].as_array().map(Vec::len), Some(1), "{plans}");
}

#[actix_web::test]
async fn retiring_shows_who_is_hit_and_a_successor_saves_them() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme <x>").await;
    let app = world.app_with(&acme, "<b>Orders", json!({"scopes": "read"})).await;
    let (old, new) = (plan(&world, "old", false).await, plan(&world, "new", false).await);
    put_on(&world, &app.id, &old).await;
    let olga = operator(&world, "olga").await;
    let path = format!("/dashboard/plans/{old}/retire");

    let page = olga.get(&path).await;
    assert_page(&page);
    for text in ["1 app is hit", "0 move, 1 stop.", "&#60;b&#62;Orders", "Acme &#60;x&#62;", &app.client_id] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
    let page = olga.get(&format!("{path}?successor_plan_id={new}")).await;
    assert!(page.text().contains("1 move, 0 stop."), "{}", page.text());
    let state = world.operated("GET", &format!("/api/v1/plans/{old}"), None).await;
    assert_eq!(state["state"], "active", "looking changes nothing");

    let retired = olga.submit(&page, "retire-form", &[]).await;
    assert_eq!(retired.status, 303, "{}", retired.text());
    let shown = olga.get(retired.header("location").unwrap()).await;
    assert!(shown.text().contains("retired") && !shown.text().contains("id=\"life\""), "{}", shown.text());
    let assigned = world.operated("GET", &format!("/api/v1/apps/{}", app.id), None).await;
    assert_eq!(assigned["plan"]["plan_id"], Value::from(new), "{assigned}");
    assert_eq!(world.ask_token(&app, "").await.status, 200);
}

#[actix_web::test]
async fn a_retirement_without_a_successor_stops_tokens_at_once() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "Orders", json!({"scopes": "read"})).await;
    let old = plan(&world, "old", false).await;
    put_on(&world, &app.id, &old).await;
    let token = world.token(&app).await;
    let olga = operator(&world, "olga").await;
    let page = olga.get(&format!("/dashboard/plans/{old}/retire")).await;
    assert_eq!(olga.submit(&page, "retire-form", &[]).await.status, 303);
    assert_eq!(world.introspect(&world.operator, &token).await.json()["active"], false);
    assert_ne!(world.ask_token(&app, "").await.status, 200);
}

#[actix_web::test]
async fn a_retirement_that_would_be_refused_says_so() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let (first, second) =
        (world.app_with(&acme, "First", json!({})).await, world.app_with(&acme, "Second", json!({})).await);
    let (old, free) = (plan(&world, "old", false).await, plan(&world, "free", true).await);
    put_on(&world, &first.id, &old).await;
    put_on(&world, &second.id, &free).await;
    let olga = operator(&world, "olga").await;
    let path = format!("/dashboard/plans/{old}/retire");

    let page = olga.get(&format!("{path}?successor_plan_id={free}")).await;
    assert!(page.text().contains("1 cannot move"), "{}", page.text());
    let refused = olga.submit(&page, "retire-form", &[]).await;
    assert_eq!((refused.status, message_of(&refused).is_some()), (409, true), "{}", refused.text());
    assert!(refused.text().contains("successor-plan-id-error"), "{}", refused.text());

    for (successor, status) in [(old.as_str(), 422), ("pln_00000000000000000000000000", 422), ("no-id", 422)]
    {
        let page = olga.get(&format!("{path}?successor_plan_id={successor}")).await;
        assert_eq!(page.status, status, "{successor}");
        assert!(!page.text().contains("id=\"retire-form\""), "{}", page.text());
    }
    let draft = world.create("/api/v1/plans", json!({"code": "draft", "name": "Draft"})).await;
    let page = olga.get(&format!("/dashboard/plans/{}/retire", draft["id"].as_str().unwrap())).await;
    assert_eq!(page.status, 409, "{}", page.text());
    assert!(!page.text().contains("id=\"retire-form\""), "{}", page.text());
}
