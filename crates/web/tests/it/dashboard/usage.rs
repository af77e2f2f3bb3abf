//! Usage of an app and of a tenant: what was reported and counted shows up, for whom it belongs to.

use std::time::Duration;

use serde_json::json;

use super::estate::{member, operator};
use crate::account::browser::encoded;
use crate::account::pages::assert_page;
use crate::authorization::estate::{REDIRECT, VERIFIER, ask_and_allow, code_of, signed_in, user};
use crate::world::metered::Metered;
use crate::world::requests::{basic, form};
use crate::world::{TestApp, World};

impl Metered {
    async fn report_units(&self, world: &World, id: &str, app: &TestApp, units: u64) {
        let report = self.report(world, json!([{"id": id, "app_id": app.id, "units": units}])).await;
        assert_eq!(report["counted"], 1, "{report}");
    }

    fn usage_of(&self, app: &TestApp) -> String {
        format!("/dashboard/tenants/{}/apps/{}/usage", self.tenant, app.id)
    }
}

#[actix_web::test]
async fn what_is_reported_about_an_app_shows_against_its_limits_and_another_apps_does_not() {
    let world = World::new().await;
    let metered = Metered::in_world(&world, json!({"hour": 100, "month": 5000})).await;
    let other = world.app_with(&metered.tenant, "Other", json!({"scopes": "read"})).await;
    metered.report_units(&world, "1", &metered.app, 76).await;
    metered.report_units(&world, "2", &other, 4321).await;
    let (ada, olga) =
        (member(&world, &metered.tenant, "ada", "auditor").await, operator(&world, "olga").await);
    for browser in [&ada, &olga] {
        let page = browser.get(&metered.usage_of(&metered.app)).await;
        assert_page(&page);
        for text in [
            "76 of 100 Document Units",
            "76.0 %",
            "warning",
            "76 of 5000 Document Units",
            "<code>pro</code>",
            "id=\"units-by-hour\"",
            "id=\"units-by-day\"",
            "id=\"units-by-month\"",
            "76 in all · limit 100",
            ">76</td>",
            "data-live",
            "id=\"reload-link\"",
        ] {
            assert!(page.text().contains(text), "{text}: {}", page.text());
        }
        assert!(!page.text().contains("4321"));
    }
    // What has no plan has no limit.
    let page = ada.get(&metered.usage_of(&other)).await;
    assert!(
        page.text().contains("4321 Document Units") && !page.text().contains("<meter"),
        "{}",
        page.text()
    );
    metered.report_units(&world, "3", &metered.app, 24).await;
    let page = ada.get(&metered.usage_of(&metered.app)).await;
    assert!(page.text().contains("100 of 100 Document Units") && page.text().contains("class=\"bar over\""));
}

#[actix_web::test]
async fn tokens_and_refusals_of_an_app_show_once_they_are_written_down() {
    let world = World::new().await;
    let tenant = world.tenant("", "Acme").await;
    let app = world.app_with(&tenant, "Orders", json!({"scopes": "read"})).await;
    let ada = member(&world, &tenant, "ada", "auditor").await;
    let path = format!("/dashboard/tenants/{tenant}/apps/{}/usage", app.id);
    assert!(ada.get(&path).await.text().contains("id=\"refusals-empty\""));

    for _ in 0..7 {
        assert_eq!(world.ask_token(&app, "").await.status, 200);
    }
    let mistaken = TestApp { secret: "wrong".to_owned(), ..app.clone() };
    for _ in 0..3 {
        assert_eq!(world.ask_token(&mistaken, "").await.status, 401);
    }
    world.let_pass(Duration::from_secs(61));
    world.keep_books();
    let page = ada.get(&path).await;
    assert_page(&page);
    for text in [
        "Tokens issued per hour <span class=\"hint\">7 in all",
        "data-reason=\"client_authentication_failed\"",
        "The client did not authenticate.",
        ">3</td>",
        "Check that the service uses a secret",
    ] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
    let of_tenant = ada.get(&format!("/dashboard/tenants/{tenant}/usage")).await;
    assert!(of_tenant.text().contains("data-reason=\"client_authentication_failed\""));
}

#[actix_web::test]
async fn refusals_of_peoples_tokens_say_what_to_do_too() {
    let world = World::new().await;
    let tenant = world.tenant("", "Acme").await;
    let more = json!({
        "scopes": "read", "sign_in": {"internal": true}, "service_access": {"as": "none"},
        "login_redirect_uris": [REDIRECT],
    });
    let app = world.app_with(&tenant, "Portal", more).await;
    let browser = signed_in(&world, &user(&world, "kim", "internal").await);
    let code = code_of(&ask_and_allow(&browser, &app.client_id, &[("scope", "read")]).await);
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    for status in [200, 400] {
        let request = form("/connect/token", &encoded(&fields));
        let answer = world.send(request.insert_header(basic(&app.client_id, &app.secret))).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    world.let_pass(Duration::from_secs(61));
    world.keep_books();
    let ada = member(&world, &tenant, "ada", "auditor").await;
    let page = ada.get(&format!("/dashboard/tenants/{tenant}/apps/{}/usage", app.id)).await;
    for text in
        ["data-reason=\"code_replayed\"", "The code was redeemed before.", "Redeem each code once only"]
    {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
}

#[actix_web::test]
async fn a_tenant_sees_the_usage_of_its_apps_together_and_by_app() {
    let world = World::new().await;
    let metered = Metered::in_world(&world, json!({"hour": 100, "month": 5000})).await;
    let other = world.app_with(&metered.tenant, "<b>Other", json!({"scopes": "read"})).await;
    let bolt = world.tenant("", "Bolt").await;
    let foreign = world.app_with(&bolt, "Foreign", json!({"scopes": "read"})).await;
    let ada = member(&world, &metered.tenant, "ada", "developer").await;
    let path = format!("/dashboard/tenants/{}/usage", metered.tenant);
    assert!(ada.get(&path).await.text().contains("id=\"no-usage\""));

    metered.report_units(&world, "1", &metered.app, 95).await;
    metered.report_units(&world, "2", &other, 1000).await;
    metered.report_units(&world, "3", &foreign, 54321).await;
    let page = ada.get(&path).await;
    assert_page(&page);
    for text in [
        "1095 Document Units",
        "id=\"usage-by-app\"",
        "95.0 % of 100 per hour",
        "critical",
        "&#60;b&#62;Other",
        &metered.usage_of(&other),
        "Document Units per day <span class=\"hint\">1095 in all",
    ] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
    assert!(!page.text().contains("54321") && !page.text().contains("Foreign"));
    let (near, far) = (page.text().find("Invoices").unwrap(), page.text().find("Other").unwrap());
    assert!(near < far, "nearest to a limit first");
}

#[actix_web::test]
async fn what_is_another_tenants_is_not_there() {
    let world = World::new().await;
    let (acme, bolt) = (world.tenant("", "Acme").await, world.tenant("", "Bolt").await);
    let app = world.app_with(&acme, "Orders", json!({})).await;
    let mallory = member(&world, &bolt, "mallory", "owner").await;
    let olga = operator(&world, "olga").await;
    for path in [
        format!("/dashboard/tenants/{acme}"),
        format!("/dashboard/tenants/{acme}/usage"),
        format!("/dashboard/tenants/{acme}/apps/{}/usage", app.id),
        format!("/dashboard/tenants/{bolt}/apps/{}/usage", app.id),
        format!("/dashboard/tenants/{bolt}/apps/nonsense/usage"),
    ] {
        assert_eq!(mallory.get(&path).await.status, 404, "{path}");
    }
    let under_another = format!("/dashboard/tenants/{bolt}/apps/{}/usage", app.id);
    assert_eq!(olga.get(&under_another).await.status, 404);
}
