//! Last uses of secrets are noted now and then, not with every token.

use turnkeep_service::registry::list_secrets::list_secrets;

use super::nodes::{Node, cluster};
use crate::world::TestApp;

/// Whether a request of now is noted. What was noted before is written.
fn is_noted(node: &Node, app: &TestApp) -> bool {
    node.world.token(app);
    let noted = node.world.authority.status().backlog.secret_uses;
    node.world.authority.keep_books().unwrap();
    assert_eq!(node.world.authority.status().backlog.secret_uses, 0);
    noted == 1
}

#[test]
fn a_use_is_noted_at_most_every_ten_seconds_and_whenever_the_clock_was_set_back() {
    let (world, [node]) = cluster();
    let app = world.lone_app("one");
    assert!(is_noted(&node, &app) && !is_noted(&node, &app));
    world.advance(9);
    assert!(!is_noted(&node, &app));
    world.advance(1);
    assert!(is_noted(&node, &app) && !is_noted(&node, &app));
    let last_used = || list_secrets(&world.operator(), app.id).unwrap()[0].last_used_at;
    assert_eq!(last_used(), Some(world.clock.0.now()));
    node.set_wrong_by(-3_600);
    assert!(is_noted(&node, &app) && !is_noted(&node, &app));
    assert_eq!(last_used(), Some(world.clock.0.now()), "an older use never replaces a newer one");
}

#[test]
fn each_app_and_each_node_notes_for_itself() {
    let (world, [a, b]) = cluster();
    let (app, other) = (world.lone_app("one"), world.lone_app("two"));
    assert!(is_noted(&a, &app) && is_noted(&a, &other) && is_noted(&b, &app));
    assert!(!is_noted(&a, &app) && !is_noted(&a, &other) && !is_noted(&b, &app));
}

#[test]
fn a_wrong_secret_is_no_use() {
    let (world, [node]) = cluster();
    let app = world.lone_app("one");
    let wrong = TestApp { secret: Some("wrong".to_owned()), ..app.clone() };
    node.world.issue(&wrong).unwrap_err();
    assert_eq!(node.world.authority.status().backlog.secret_uses, 0);
    assert!(is_noted(&node, &app));
}
