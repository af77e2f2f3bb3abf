//! Records below an address that is not theirs: another tenant, another app.

use serde_json::json;

use super::estate::{Estate, filled_in};
use crate::account::browser::csrf_of;
use crate::dashboard::estate::{member, operator};
use crate::dashboard::every_route_table::{forms, pages};
use crate::world::World;

#[actix_web::test]
async fn attack_69_no_form_and_no_page_reaches_what_is_below_something_else() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    let mallory = member(&world, &estate.bolt, "mallory", "owner").await;
    let olga = operator(&world, "olga").await;
    let own = world.app_with(&estate.bolt, "Own", json!({})).await;
    for (browser, name) in [(&mallory, "mallory"), (&olga, "olga")] {
        let csrf = csrf_of(&browser.get("/account").await);
        let misplaced = |path: &str| {
            let below_tenant = path.strip_prefix("/tenants/{tenant}").filter(|rest| rest.contains('{'));
            let below_app =
                path.strip_prefix("/tenants/{tenant}/apps/{app}").filter(|rest| rest.contains('{'));
            let of_bolt = below_tenant.map(|_| estate.address_below(path, &estate.bolt, &estate.orders));
            let of_own = below_app.map(|_| estate.address_below(path, &estate.bolt, &own.id));
            let of_other = below_app.map(|_| estate.address_below(path, &estate.acme, &estate.invoices));
            of_bolt.into_iter().chain(of_own).chain(of_other)
        };
        for address in forms().flat_map(|(path, _)| misplaced(path)) {
            let answer = browser.post(&address, &filled_in(&csrf)).await;
            // Operators know everybody: to them, who is no member was one a moment ago.
            let is_known = name == "olga" && address.ends_with("/role");
            let status = if is_known { 409 } else { 404 };
            assert_eq!(answer.status, status, "{name}, {address}: {}", answer.text());
        }
        for address in pages().flat_map(|(path, _)| misplaced(path)) {
            let answer = browser.get(&address).await;
            assert_eq!(answer.status, 404, "{name}, {address}: {}", answer.text());
        }
    }
}
