//! Search over everything that somebody may see.

use serde_json::json;

use super::estate::{member, operator};
use crate::account::browser::{Browser, form_of};
use crate::account::pages::assert_page;
use crate::account::persons::{PASSWORD, person_with_password, set_password_at, signed_in};
use crate::world::World;

#[actix_web::test]
async fn each_finds_what_they_may_see_and_nothing_else() {
    let world = World::new().await;
    let (acme, bolt) = (world.tenant("", "Acme orders").await, world.tenant("", "Bolt orders").await);
    let ours = world.app_with(&acme, "Orders of ours", json!({})).await;
    let theirs = world.app_with(&bolt, "Orders of theirs", json!({})).await;
    let (ada, olga) = (member(&world, &acme, "ada", "auditor").await, operator(&world, "olga").await);
    person_with_password(&world, "bob").await;
    let bob = signed_in(&world, "bob").await;

    let theirs_path = format!("/dashboard/tenants/{bolt}/apps/{}", theirs.id);
    for search in ["ORDERS", &theirs.id, &theirs.client_id, &bolt] {
        let (seen, all) = (
            ada.get(&format!("/dashboard/search?q={search}")).await,
            olga.get(&format!("/dashboard/search?q={search}")).await,
        );
        assert_page(&seen);
        assert_page(&all);
        assert!(!seen.text().contains(&theirs_path) && !seen.text().contains("Bolt"), "{search}");
        assert!(all.text().contains("/dashboard/tenants/"), "{search}: {}", all.text());
        let nothing = bob.get(&format!("/dashboard/search?q={search}")).await;
        assert!(nothing.text().contains("id=\"nothing-found\""), "{search}: {}", nothing.text());
    }
    for search in ["ours", &ours.id, &ours.client_id, "ACME", "ada"] {
        let seen = ada.get(&format!("/dashboard/search?q={search}")).await;
        assert!(!seen.text().contains("id=\"nothing-found\""), "{search}: {}", seen.text());
    }
}

#[actix_web::test]
async fn everything_that_has_a_page_is_found_by_whom_it_is_for() {
    let world = World::new().await;
    let (acme, bolt) = (world.tenant("", "Acme").await, world.tenant("", "Bolt").await);
    world.create("/api/v1/instances", json!({"slug": "emea", "name": "Emea instance"})).await;
    let plan = world.create("/api/v1/plans", json!({"code": "gold", "name": "Golden"})).await;
    let path = |tenant: &str| format!("/api/v1/tenants/{tenant}/invitations");
    let invited = world.create(&path(&acme), json!({"user_name": "ingrid", "role": "auditor"})).await;
    world.create(&path(&bolt), json!({"user_name": "ingolf", "role": "owner"})).await;
    let (ada, olga) = (member(&world, &acme, "ada", "owner").await, operator(&world, "olga").await);
    let (aud, mallory) =
        (member(&world, &acme, "audrey", "auditor").await, member(&world, &bolt, "mallory", "owner").await);
    let plan_id = plan["id"].as_str().unwrap().to_owned();
    let invitation_id = invited["id"].as_str().unwrap().to_owned();

    // What is typed, the part of the page where it is, and who finds it there.
    for (text, part, by_olga, by_acme, by_bolt) in [
        ("TrueParser", "found-resources", true, false, false),
        ("trueparser.api", "found-resources", true, false, false),
        ("writ", "found-scopes", true, false, false),
        ("EU1", "found-databases", true, false, false),
        ("europe", "found-databases", true, false, false),
        ("europe", "found-regions", true, false, false),
        ("emea", "found-instances", true, false, false),
        (plan_id.as_str(), "found-plans", true, false, false),
        ("audr", "found-members", true, true, false),
        ("audr", "found-people", true, false, false),
        ("ingr", "found-invitations", true, true, false),
        ("ingo", "found-invitations", true, false, true),
        (invitation_id.as_str(), "found-invitations", false, true, false),
    ] {
        for (browser, name, finds) in [
            (&olga, "olga", by_olga),
            (&ada, "ada", by_acme),
            (&aud, "audrey", by_acme),
            (&mallory, "mallory", by_bolt),
        ] {
            let page = browser.get(&format!("/dashboard/search?q={text}")).await;
            assert_page(&page);
            let is_there = page.text().contains(&format!("id=\"{part}\""));
            assert_eq!(is_there, finds, "{text} {part} {name}: {}", page.text());
        }
    }
    // Each leads to a page that is there.
    for text in ["TrueParser", "writ", "EU1", "emea", "audr", "ingr", "gold", "europe"] {
        let page = olga.get(&format!("/dashboard/search?q={text}")).await;
        let (_, found) = page.text().split_once("<h1>Search").unwrap();
        for link in found.split("<p class=\"name\"><a href=\"").skip(1) {
            let target = link.split('"').next().unwrap();
            assert_eq!(olga.get(target).await.status, 200, "{text}: {target}");
        }
    }
}

#[actix_web::test]
async fn an_operator_of_one_instance_finds_no_instances_and_nothing_of_another() {
    let world = World::new().await;
    let instance = world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    world.furnish("/i/acme").await;
    let person = json!({"kind": "internal", "name": "adam", "display_name": "Adam"});
    let person = world.create("/i/acme/api/v1/users", person).await;
    world
        .operated("PUT", &format!("/i/acme/api/v1/operators/{}", person["id"].as_str().unwrap()), None)
        .await;
    set_password_at(&world, "acme", "adam", PASSWORD);
    let adam = Browser::new(&world);
    let sign_in = adam.get("/i/acme/account/sign-in").await;
    adam.submit(&sign_in, "sign-in-form", &[("user_name", "adam"), ("password", PASSWORD)]).await;
    world.tenant("", "Zebra of default").await;
    for text in ["acme", instance["id"].as_str().unwrap(), "default", "zebra"] {
        let page = adam.get(&format!("/i/acme/dashboard/search?q={text}")).await;
        assert_page(&page);
        assert!(!page.text().contains("found-instances"), "{text}");
        assert!(!page.text().contains("Zebra of default"), "{text}");
    }
    let page = adam.get("/i/acme/dashboard/search?q=TrueParser").await;
    assert!(page.text().contains("found-resources") && page.text().contains("href=\"/i/acme/dashboard/"));
}

#[actix_web::test]
async fn what_was_closed_accepted_or_cancelled_is_not_found() {
    let world = World::new().await;
    let (acme, bolt) = (world.tenant("", "Acme").await, world.tenant("", "Bolt").await);
    let olga = operator(&world, "olga").await;
    for (tenant, name) in [(&acme, "ingrid"), (&bolt, "ingolf")] {
        let path = format!("/api/v1/tenants/{tenant}/invitations");
        let made = world.create(&path, json!({"user_name": name, "role": "auditor"})).await;
        if tenant == &acme {
            let id = made["id"].as_str().unwrap();
            assert_eq!(world.operate("DELETE", &format!("{path}/{id}"), None).await.status, 204);
        }
    }
    member(&world, &bolt, "bob", "developer").await;
    let found = async |text: &str, part: &str| {
        let page = olga.get(&format!("/dashboard/search?q={text}")).await;
        page.text().contains(&format!("id=\"{part}\""))
    };
    assert!(!found("ingrid", "found-invitations").await);
    assert!(found("ingolf", "found-invitations").await && found("bob", "found-members").await);
    for step in ["suspend", "close"] {
        world.operated("POST", &format!("/api/v1/tenants/{bolt}/{step}"), None).await;
    }
    assert!(!found("ingolf", "found-invitations").await && !found("bob", "found-members").await);
    assert!(found("bob", "found-people").await);
}

#[actix_web::test]
async fn the_search_keeps_the_way_around_of_the_tenant_that_it_was_asked_from() {
    let world = World::new().await;
    let (acme, bolt) = (world.tenant("", "Acme").await, world.tenant("", "Bolt").await);
    let (ada, olga) = (member(&world, &acme, "ada", "auditor").await, operator(&world, "olga").await);
    for browser in [&ada, &olga] {
        let apps = browser.get(&format!("/dashboard/tenants/{acme}/apps")).await;
        assert!(form_of(&apps, "search-form").hidden.contains(&("tenant".to_owned(), acme.clone())));
        let page = browser.get(&format!("/dashboard/search?q=x&tenant={acme}")).await;
        assert_page(&page);
        assert!(page.text().contains(&format!("id=\"nav-apps\" href=\"/dashboard/tenants/{acme}/apps\"")));
        // It is kept for the next search as well.
        assert!(form_of(&page, "search-form").hidden.contains(&("tenant".to_owned(), acme.clone())));
    }
    for tenant in [bolt.as_str(), "ten_00000000000000000000000000", "nonsense", ""] {
        let page = ada.get(&format!("/dashboard/search?q=x&tenant={tenant}")).await;
        assert_page(&page);
        assert!(!page.text().contains("nav-apps") && !page.text().contains("Bolt"), "{tenant}");
    }
}

#[actix_web::test]
async fn of_a_kind_no_more_than_ten_are_shown_and_that_there_may_be_more_is_said() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    world.operated("PATCH", &format!("/api/v1/tenants/{acme}"), Some(json!({"app_limit": 50}))).await;
    let olga = operator(&world, "olga").await;
    for number in 0..12 {
        world.app_with(&acme, &format!("Order {number}"), json!({})).await;
        let plan = json!({"code": format!("order-{number}"), "name": format!("Order {number}")});
        world.create("/api/v1/plans", plan).await;
    }
    let page = olga.get("/dashboard/search?q=order").await;
    assert_eq!(page.text().matches("<li class=\"entry\">").count(), 20, "{}", page.text());
    assert_eq!(page.text().matches("There may be more.").count(), 2);
    let page = olga.get("/dashboard/search?q=order%201").await;
    assert!(!page.text().contains("There may be more."), "{}", page.text());
}

#[actix_web::test]
async fn what_cannot_be_searched_for_is_said() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    for (text, is_said) in [
        ("a".repeat(3_000), true),
        ("%00".to_owned(), true),
        (String::new(), false),
        ("zebra".to_owned(), false),
    ] {
        let page = olga.get(&format!("/dashboard/search?q={text}")).await;
        assert_page(&page);
        assert_eq!(page.text().contains("This cannot be searched for: it must"), is_said, "{}", page.text());
    }
}

#[actix_web::test]
async fn what_nobody_is_called_finds_nothing_and_is_shown_as_it_was_typed() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    for (query, shown) in
        [("", ""), ("%22%3E%3Cscript%3E", "&#34;&#62;&#60;script&#62;"), ("%00", ""), ("zebra", "zebra")]
    {
        let page = olga.get(&format!("/dashboard/search?q={query}")).await;
        assert_page(&page);
        assert!(page.text().contains("id=\"nothing-found\"") && page.text().contains(shown), "{query}");
    }
}
