//! What is left in a browser behind somebody who was in the dashboard (attack 77).

use turnkeep_testkit::page_form::text_of;

use super::estate::Estate;
use crate::account::browser::{csrf_of, form_to};
use crate::account::pages::assert_page;
use crate::account::walk::Walk;
use crate::dashboard::estate::operator;
use crate::dashboard::every_route_table::pages;
use crate::world::World;

/// A page, its form, what is filled in, and the element of the answer with the secret.
type SecretForm = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

/// The forms whose answers show a secret.
const SHOWN_ONCE: [SecretForm; 6] = [
    (
        "/tenants/{tenant}/apps/new",
        "new-app-form",
        &[("region", "eu-west"), ("name", "Shop")],
        "client-secret",
    ),
    ("/tenants/{tenant}/apps/{app}/secrets", "add-secret-form", &[("overlap_seconds", "3600")], "secret"),
    ("/tenants/{tenant}/apps/{app}/secrets", "regenerate-form", &[("old_secrets_stop", "on")], "secret"),
    (
        "/tenants/{tenant}/apps/{app}/tokens",
        "new-token-form",
        &[("name", "weekly"), ("scope:read", "on"), ("lifetime_days", "30")],
        "secret",
    ),
    (
        "/tenants/{tenant}/members",
        "invite-form",
        &[("user_name", "hedy"), ("role", "auditor")],
        "invitation-link",
    ),
    ("/people/{user}", "welcome-form", &[], "welcome-link"),
];

#[actix_web::test]
async fn attack_77_no_secret_of_the_dashboard_is_in_an_address() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    let walk = Walk::of(operator(&world, "olga").await);
    let mut secrets = walk.cookies();
    secrets.push(csrf_of(&walk.browser.get("/account").await));
    for (path, form, fields, id) in SHOWN_ONCE {
        let page = walk.get(&estate.address(path)).await;
        let shown = walk.submit(&page, form, fields).await;
        let secret = text_of(shown.text(), id).unwrap_or_else(|| panic!("{form}: {}", shown.text()));
        secrets.push(secret.rsplit('=').next().unwrap().to_owned());
    }
    for (path, _) in pages() {
        walk.get(&estate.address(path)).await;
    }
    assert!(100 < walk.addresses().len(), "the walk has noted addresses");
    walk.assert_nowhere(&secrets);
}

#[actix_web::test]
async fn attack_77_there_is_nothing_of_the_dashboard_to_go_back_to_after_signing_out() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    let olga = operator(&world, "olga").await;
    let (home, former) = (olga.get("/dashboard").await, olga.session().unwrap());
    let left = olga.send_form(&form_to(&home, "/account/sign-out"), &[]).await;
    assert_eq!((left.status, olga.session()), (303, None), "{}", left.text());
    for (path, _) in pages() {
        for session in [None, Some(&former)] {
            if let Some(session) = session {
                olga.plant("__Host-turnkeep-session", session);
            }
            let answer = olga.get(&estate.address(path)).await;
            let is_sent_away = answer.header("location").is_some_and(|to| to.starts_with("/account/sign-in"));
            assert_eq!((answer.status, is_sent_away), (303, true), "{path}: {}", answer.text());
            assert_page(&answer);
        }
    }
}
