//! Domains in disguise (attack 70): the dashboard says of each what the management API says, while it is typed and when it
//! is sent.

use serde_json::json;
use turnkeep_testkit::page_form::text_of;

use super::app_settings::PLAIN;
use super::estate::member;
use crate::account::browser::encoded;
use crate::attacks::allowed_domains::DISGUISES;
use crate::world::World;

#[actix_web::test]
async fn attack_70_a_domain_in_disguise_is_shown_in_its_one_form_or_refused_beside_its_field() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "Orders", json!({})).await;
    let dora = member(&world, &acme, "dora", "developer").await;
    let (apps, record) = (format!("/dashboard/tenants/{acme}/apps"), format!("/api/v1/apps/{}", app.id));
    let path = format!("{apps}/{}/settings", app.id);
    for (text, expected) in DISGUISES {
        let preview = dora.get(&format!("{apps}/domain-preview?{}", encoded(&[("domain", text)]))).await;
        let said = preview.json();
        assert_eq!((said["stored"].as_str(), said["problem"].is_string()), (expected, expected.is_none()));

        let fields = PLAIN.map(|(name, value)| (name, if name == "allowed_domain_1" { text } else { value }));
        let answer = dora.submit(&dora.get(&path).await, "settings-form", &fields).await;
        let error = text_of(answer.text(), "allowed-domain-1-error");
        let status = if expected.is_some() { 303 } else { 422 };
        assert_eq!((answer.status, error.is_some()), (status, expected.is_none()), "{text:?}");
        let stored = world.operated("GET", &record, None).await;
        assert!(expected.is_none() || stored["allowed_domain_1"] == json!(expected), "{text:?}: {stored}");
    }
}

#[actix_web::test]
async fn attack_70_the_same_domain_in_two_spellings_is_refused_beside_the_second() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let dora = member(&world, &acme, "dora", "developer").await;
    for twin in ["EXAMPLE.COM", "https://example.com/", "example\u{ff0e}com", " example.com"] {
        let page = dora.get(&format!("/dashboard/tenants/{acme}/apps/new")).await;
        let fields =
            [("region", "eu-west"), ("name", "App"), ("domain_1", "example.com"), ("domain_3", twin)];
        let refused = dora.submit(&page, "new-app-form", &fields).await;
        let beside = |id: &str| text_of(refused.text(), id).is_some();
        assert_eq!(
            (refused.status, beside("domain-1-error"), beside("domain-3-error")),
            (422, false, true),
            "{twin}"
        );
    }
}
