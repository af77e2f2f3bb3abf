//! The first page, and who gets where.

use serde_json::json;

use super::estate::{member, operator};
use crate::account::browser::Browser;
use crate::account::pages::assert_page;
use crate::account::persons::{PASSWORD, person_with_password, set_up_totp, signed_in};
use crate::world::World;

#[actix_web::test]
async fn nobody_gets_in_without_signing_in() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    for path in ["/dashboard".to_owned(), format!("/dashboard/tenants/{tenant_id}/apps")] {
        let answer = Browser::new(&world).get(&path).await;
        assert_eq!(answer.status, 303, "{path}");
        assert!(answer.header("location").unwrap().starts_with("/account/sign-in"), "{path}");
    }
}

#[actix_web::test]
async fn who_signs_in_first_comes_back_to_the_page_that_was_asked_for() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let ada = Browser::new(&world);
    for page in ["/dashboard", "/dashboard/search?q=a%26b"] {
        let sent = ada.get(page).await;
        let sign_in = ada.get(sent.header("location").unwrap()).await;
        let fields = [("user_name", "ada"), ("password", PASSWORD)];
        let back = ada.submit(&sign_in, "sign-in-form", &fields).await;
        assert_eq!((back.status, back.header("location")), (303, Some(page)), "{}", back.text());
        let account = ada.get("/account").await;
        ada.submit(&account, "sign-out-form", &[]).await;
    }
}

#[actix_web::test]
async fn attack_17_no_link_of_somebody_else_says_where_signing_in_leads() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    let ada = Browser::new(&world);
    let foreign = ada.get("/i/acme/dashboard").await;
    let location = foreign.header("location").unwrap();
    // What another instance sealed, and what nobody sealed.
    let sealed = location.split_once("interaction=").unwrap().1;
    for made_up in [sealed, "https://evil.example", "/dashboard", "L2Rhc2hib2FyZA"] {
        let page = ada.get(&format!("/account/sign-in?interaction={made_up}")).await;
        assert_eq!(page.status, 400, "{made_up}");
    }
}

#[actix_web::test]
async fn who_has_one_tenant_is_there_at_once_and_who_has_none_is_told_how_to_get_one() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    let ada = member(&world, &tenant_id, "ada", "developer").await;
    let home = ada.get("/dashboard").await;
    assert_eq!(home.header("location"), Some(&*format!("/dashboard/tenants/{tenant_id}")));

    person_with_password(&world, "bob").await;
    let home = signed_in(&world, "bob").await.get("/dashboard").await;
    assert_page(&home);
    assert!(home.text().contains("id=\"no-tenants\""), "{}", home.text());
}

#[actix_web::test]
async fn operators_see_where_they_go_on_and_others_do_not() {
    let world = World::new().await;
    let (first, second) = (world.tenant("", "Acme").await, world.tenant("", "Bolt").await);
    let home = operator(&world, "olga").await.get("/dashboard").await;
    assert_page(&home);
    assert!(home.text().contains("id=\"nav-tenants\""), "{}", home.text());

    let user_id = person_with_password(&world, "ada").await;
    for (tenant_id, role) in [(&first, "auditor"), (&second, "owner")] {
        let path = format!("/api/v1/tenants/{tenant_id}/members/{user_id}");
        world.operated("PUT", &path, Some(json!({"role": role}))).await;
    }
    let ada = signed_in(&world, "ada").await;
    let home = ada.get("/dashboard").await;
    assert_page(&home);
    for (text, is_there) in [
        ("Acme", true),
        ("You are auditor.", true),
        ("Bolt", true),
        ("You are owner.", true),
        ("nav-tenants", false),
    ] {
        assert_eq!(home.text().contains(text), is_there, "{text}");
    }
}

#[actix_web::test]
async fn operators_see_the_newest_tenants_or_that_there_is_none_yet() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    let home = olga.get("/dashboard").await;
    assert_page(&home);
    // The tenant that the operator's app is in is nobody's to begin with.
    assert!(home.text().contains("id=\"no-tenant-yet\"") && !home.text().contains("newest-tenants"));
    // Nobody invites operators into a tenant: they are in all of them.
    assert!(!home.text().contains("id=\"no-tenants\""), "{}", home.text());

    let mut tenants = Vec::new();
    for number in 0..7 {
        world.advance(1);
        tenants.push(world.tenant("", &format!("Customer {number}")).await);
    }
    for (id, step) in [(&tenants[6], "suspend"), (&tenants[5], "suspend"), (&tenants[5], "close")] {
        world.operated("POST", &format!("/api/v1/tenants/{id}/{step}"), None).await;
    }
    let home = olga.get("/dashboard").await;
    assert_page(&home);
    assert!(!home.text().contains("id=\"no-tenant-yet\""), "{}", home.text());
    for (number, id) in tenants.iter().enumerate() {
        let is_shown = ![0, 5].contains(&number);
        let link = format!("href=\"/dashboard/tenants/{id}\"");
        assert_eq!(home.text().contains(&link), is_shown, "{number}: {}", home.text());
        let new_app = format!("href=\"/dashboard/tenants/{id}/apps/new\"");
        assert_eq!(home.text().contains(&new_app), is_shown && number != 6, "{number}: {}", home.text());
    }
    assert!(home.text().contains("suspended"), "{}", home.text());
}

#[actix_web::test]
async fn who_signs_in_with_a_password_alone_is_shown_the_way_to_something_better() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    assert!(olga.get("/dashboard").await.text().contains("id=\"protect\""));
    set_up_totp(&world, &olga).await;
    assert!(!olga.get("/dashboard").await.text().contains("id=\"protect\""));
}

#[actix_web::test]
async fn an_error_in_the_dashboard_leads_back_to_it_and_others_do_not() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "auditor").await;
    for (path, status) in [
        ("/dashboard/nothing".to_owned(), 404),
        (format!("/dashboard/tenants/{acme}/apps/new"), 403),
        ("/dashboard/keys".to_owned(), 404),
    ] {
        let page = ada.get(&path).await;
        assert_eq!(page.status, status, "{path}");
        assert!(page.text().contains("id=\"dashboard-link\" href=\"/dashboard\""), "{path}: {}", page.text());
    }
    let page = ada.get("/account/nothing").await;
    assert!(page.status == 404 && !page.text().contains("dashboard-link"), "{}", page.text());
}
