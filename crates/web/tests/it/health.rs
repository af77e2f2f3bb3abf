//! Health.

use std::time::Duration;

use actix_web::test::TestRequest;
use turnkeep_service::cluster::following::Following;

use crate::world::World;
use crate::world::troubled_store::Trouble;

#[actix_web::test]
async fn a_server_without_its_database_lives_but_is_not_ready() {
    let world = World::bare();
    for (trouble, ready) in [(Trouble::None, 200), (Trouble::Unavailable, 503), (Trouble::Panic, 503)] {
        world.store.set(trouble);
        world.outlast_lease();
        let live = world.send(TestRequest::get().uri("/health/live")).await;
        assert_eq!((live.status, live.header("cache-control")), (200, Some("no-store")));
        let answer = world.send(TestRequest::get().uri("/health/ready")).await;
        assert_eq!((answer.status, answer.header("cache-control")), (ready, Some("no-store")), "{trouble:?}");
    }
}

#[actix_web::test]
async fn a_node_that_is_kept_in_step_knows_at_once_whether_it_is_ready() {
    let world = World::bare();
    let following = Following::start(&world.authority, Duration::from_secs(3_600));
    // It would not come back from there.
    world.store.set(Trouble::Panic);
    let ready = world.send(TestRequest::get().uri("/health/ready")).await;
    assert_eq!((ready.status, ready.text()), (200, r#"{"status":"ready"}"#));
    world.outlast_lease();
    let late = world.send(TestRequest::get().uri("/health/ready")).await;
    assert_eq!((late.status, late.text()), (503, r#"{"status":"not_ready"}"#));
    world.store.set(Trouble::None);
    following.stop();
}
