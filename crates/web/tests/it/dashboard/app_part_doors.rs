//! Who gets to the secrets, tokens, storage and audit of an app: by role, by tenant, and only with a form of one's own.

use serde_json::json;

use super::estate::{member, operator};
use crate::account::browser::{form_of, message_of};
use crate::account::pages::assert_page;
use crate::world::World;

const PAGES: [&str; 4] = ["secrets", "tokens", "storage", "audit"];

/// What changes something, and whether it needs more than to be a developer.
const FORMS: [(&str, bool); 9] = [
    ("secrets/regenerate", false),
    ("secrets/add", false),
    ("secrets/sec_00000000000000000000000000/revoke", false),
    ("secrets/sec_00000000000000000000000000/revoke-others", false),
    ("tokens", true),
    ("tokens/rtk_00000000000000000000000000/revoke", true),
    ("storage", false),
    ("storage/check", false),
    ("storage/remove", false),
];

/// What every form takes, so that only the caller is what is wrong.
fn filled_in(csrf: &str) -> [(&str, &str); 9] {
    [
        ("csrf", csrf),
        ("overlap_seconds", "3600"),
        ("name", "nightly"),
        ("scope:read", "on"),
        ("lifetime_days", "30"),
        ("provider", "tigris"),
        ("bucket", "invoices"),
        ("access_key", "AKIAEXAMPLE"),
        ("secret_key", "secret"),
    ]
}

#[actix_web::test]
async fn whoever_may_only_look_sees_no_form_and_is_refused_without_one() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let settings = json!({"scopes": "read", "reference_tokens": "administrators_only"});
    let app = world.app_with(&acme, "Orders", settings).await;
    let base = format!("/dashboard/tenants/{acme}/apps/{}", app.id);
    let audrey = member(&world, &acme, "audrey", "auditor").await;
    for page in PAGES {
        let page = audrey.get(&format!("{base}/{page}")).await;
        assert_page(&page);
        assert_eq!(page.status, 200, "{}", page.text());
        let forms = page.text().matches("<form").count();
        assert_eq!(forms, 2, "search and sign-out: {}", page.text());
    }
    let page = audrey.get(&format!("{base}/secrets")).await;
    let csrf = form_of(&page, "sign-out-form").hidden[0].1.clone();
    for (form, _) in FORMS {
        let fields: Vec<_> = versioned(form, &csrf);
        let refused = audrey.post(&format!("{base}/{form}"), &fields).await;
        assert_eq!((refused.status, message_of(&refused).as_deref()), (403, Some("forbidden")), "{form}");
    }
    let dora = member(&world, &acme, "dora", "developer").await;
    let page = dora.get(&format!("{base}/secrets")).await;
    let csrf = form_of(&page, "sign-out-form").hidden[0].1.clone();
    for (form, _) in FORMS.into_iter().filter(|(_, is_for_administrators)| *is_for_administrators) {
        let refused = dora.post(&format!("{base}/{form}"), &versioned(form, &csrf)).await;
        assert_eq!((refused.status, message_of(&refused).as_deref()), (403, Some("forbidden")), "{form}");
    }
    assert_eq!(world.ask_token(&app, "").await.status, 200, "nothing has changed");
}

/// All but the first settings of a storage are about a version.
fn versioned<'a>(form: &str, csrf: &'a str) -> Vec<(&'a str, &'a str)> {
    let version = (form != "storage").then_some(("version", "1"));
    filled_in(csrf).into_iter().chain(version).collect()
}

#[actix_web::test]
async fn attack_69_the_parts_of_another_tenants_app_are_not_there() {
    let world = World::new().await;
    let (acme, bolt) = (world.tenant("", "Acme").await, world.tenant("", "Bolt").await);
    let app = world.app_with(&acme, "Orders", json!({})).await;
    let mallory = member(&world, &bolt, "mallory", "owner").await;
    let olga = operator(&world, "olga").await;
    for browser in [&mallory, &olga] {
        let home = browser.get("/account").await;
        let csrf = form_of(&home, "change-password-form").hidden[0].1.clone();
        let misplaced = format!("/dashboard/tenants/{bolt}/apps/{}", app.id);
        for page in PAGES {
            assert_eq!(browser.get(&format!("{misplaced}/{page}")).await.status, 404, "{page}");
        }
        for (form, _) in FORMS {
            let refused = browser.post(&format!("{misplaced}/{form}"), &versioned(form, &csrf)).await;
            assert_eq!(refused.status, 404, "{form}: {}", refused.text());
        }
    }
    let page = mallory.get(&format!("/dashboard/tenants/{acme}/apps/{}/secrets", app.id)).await;
    assert_eq!(page.status, 404);
    assert_eq!(world.ask_token(&app, "").await.status, 200);
}

#[actix_web::test]
async fn attack_65_a_form_that_was_not_made_for_this_browser_does_nothing() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "Orders", json!({"scopes": "read"})).await;
    let base = format!("/dashboard/tenants/{acme}/apps/{}", app.id);
    let ada = member(&world, &acme, "ada", "owner").await;
    let eve = member(&world, &acme, "eve", "owner").await;
    let page = eve.get(&format!("{base}/secrets")).await;
    let foreign = form_of(&page, "regenerate-form").hidden[0].1.clone();
    for csrf in ["", "x", foreign.as_str()] {
        for (form, _) in FORMS {
            let refused = ada.post(&format!("{base}/{form}"), &versioned(form, csrf)).await;
            assert_eq!(
                (refused.status, message_of(&refused).as_deref()),
                (403, Some("form_expired")),
                "{form}"
            );
        }
    }
    for (form, _) in FORMS.into_iter().filter(|(form, _)| !["tokens", "storage"].contains(form)) {
        assert_eq!(ada.get(&format!("{base}/{form}")).await.status, 405, "{form} is nothing to look at");
    }
    assert_eq!(world.ask_token(&app, "").await.status, 200);
}
