//! Methods that no page has, and ids that are none.

use super::estate::Estate;
use crate::account::pages::assert_page;
use crate::dashboard::estate::operator;
use crate::dashboard::every_route_table::{SENT, pages};
use crate::world::World;
use crate::world::requests::request;

#[actix_web::test]
async fn every_page_answers_to_head_refuses_other_methods_and_takes_strange_ids_for_nothing() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    let olga = operator(&world, "olga").await;
    for (path, _) in pages() {
        let address = estate.address(path);
        let (shown, head) = (olga.get(&address).await, olga.send(request("HEAD", &address)).await);
        assert_eq!(
            (shown.status, head.header("content-type")),
            (head.status, shown.header("content-type")),
            "{path}"
        );
        for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
            let refused = olga.send(request(method, &address)).await;
            assert_eq!(refused.status, 405, "{method} {path}");
            assert_page(&refused);
        }
        if !path.contains('{') {
            continue;
        }
        for strange in STRANGE {
            let address = path.split('{').next().unwrap();
            let rest = path.split_once('}').unwrap().1.replace(['{', '}'], "");
            let answer = olga.get(&format!("/dashboard{address}{strange}{rest}")).await;
            assert_eq!(answer.status, 404, "{path}, {strange}: {}", answer.text());
            assert_page(&answer);
        }
    }
}

#[actix_web::test]
async fn what_only_takes_a_form_is_nothing_to_look_at() {
    let world = World::new().await;
    let estate = Estate::make(&world).await;
    let olga = operator(&world, "olga").await;
    for (path, _) in SENT {
        let refused = olga.get(&estate.address(path)).await;
        assert_eq!(refused.status, 405, "{path}");
        assert_page(&refused);
    }
}

/// What is no id, each in its way.
const STRANGE: [&str; 8] = [
    "0",
    "%00",
    "%2e%2e",
    "%FF",
    "ten_00000000000000000000000000",
    "app_'%20OR%201=1--",
    "%3Cscript%3E",
    "ten_0000000000000000000000000%EF%BC%90",
];
