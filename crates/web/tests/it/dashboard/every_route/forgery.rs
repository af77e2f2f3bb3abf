//! Forms that somebody else has made, at every address that takes one.

use actix_web::test::TestRequest;

use super::estate::{Estate, filled_in, listed};
use crate::account::browser::{Browser, csrf_of, encoded, message_of};
use crate::dashboard::estate::operator;
use crate::dashboard::every_route_table::forms;
use crate::world::World;
use crate::world::requests::form;

#[actix_web::test]
async fn attack_65_no_form_is_taken_that_was_not_made_for_this_browser() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    let olga = operator(&world, "olga").await;
    let eve = operator(&world, "eve").await;
    let own = csrf_of(&olga.get("/account").await);
    let foreign = csrf_of(&eve.get("/account").await);
    let before = listed(&world, "/api/v1/audit-events?limit=1").await;
    for (path, _) in forms() {
        let address = estate.address(path);
        for csrf in ["", "x", &foreign] {
            let answer = olga.post(&address, &filled_in(csrf)).await;
            let seen = (answer.status, message_of(&answer));
            assert_eq!((seen.0, seen.1.as_deref()), (403, Some("form_expired")), "{path}: {}", answer.text());
        }
        for (name, value) in [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")] {
            let request = form(&address, &encoded(&filled_in(&own))).insert_header((name, value));
            assert_eq!(olga.send(request).await.status, 403, "{name}, {path}");
        }
        let json = TestRequest::post().uri(&address).insert_header(("Content-Type", "text/plain"));
        assert_eq!(olga.send(json.set_payload(format!("csrf={own}"))).await.status, 415, "{path}");
        // What is in the address is no proof.
        assert_eq!(olga.post(&format!("{address}?csrf={own}"), &filled_in("")).await.status, 403, "{path}");
        let nobody = Browser::new(&world).post(&address, &filled_in(&own)).await;
        assert_eq!(nobody.status, 303, "{path}: {}", nobody.text());
        assert!(nobody.header("location").unwrap().starts_with("/account/sign-in"), "{path}");
    }
    assert_eq!(listed(&world, "/api/v1/audit-events?limit=1").await, before, "something was done");
}
