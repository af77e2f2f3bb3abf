//! Health.

use actix_web::test::TestRequest;

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
