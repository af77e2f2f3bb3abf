//! A kill strikes in the middle of a request, at every point where the request looks whether the node is in step.

use turnkeep_domain::app::AppState;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::registry::manage_tenant::TenantStep;

use super::nodes::{Node, cluster};
use crate::world::token_verbs::token_denial;
use crate::world::{TestApp, World, denial};

type Kill = fn(&World, &TestApp, &str);

const KILLS: [(&str, Kill); 3] = [
    ("disabled", |world, app, _| world.switch(app, AppState::Disabled)),
    ("suspended", |world, app, _| drop(world.step_tenant(app.tenant_id, TenantStep::Suspend))),
    ("revoked", |world, app, token| world.revoke(app, token).unwrap()),
];

/// Does something on a node, again and again, with the kill at a later point each time, until it is over before it
/// strikes; how often it was struck.
fn strike_everywhere(kill: Kill, work: impl Fn(&Node, &TestApp, &str)) -> usize {
    for looks in 0.. {
        let (world, [a, b]) = cluster();
        let app = world.lone_app("one");
        let token = b.warmed_for(&app);
        a.is_followed_by(&[&b]);
        let (killed_app, killed_token) = (app.clone(), token.clone());
        b.interrupt_after(looks, move || {
            a.change(|world| kill(world, &killed_app, &killed_token));
        });
        work(&b, &app, &token);
        if !b.was_interrupted() {
            return looks;
        }
    }
    0
}

#[test]
fn no_token_is_issued_after_the_kill_has_returned_however_late_in_the_request_it_came() {
    let expected = [TokenDenial::AppDisabled, TokenDenial::TenantSuspended];
    for ((cause, kill), expected) in KILLS.into_iter().zip(expected) {
        let struck = strike_everywhere(kill, |node, app, _| match node.world.issue(app) {
            Ok(_) => assert!(!node.was_interrupted(), "{cause}"),
            refused => assert_eq!(token_denial(denial(refused)), expected, "{cause}"),
        });
        assert!(2 <= struck, "{cause}: {struck}");
    }
}

#[test]
fn no_token_counts_after_the_kill_has_returned_however_late_in_the_question_it_came() {
    for (cause, kill) in KILLS {
        let operator = strike_everywhere(kill, |node, _, token| {
            let counts = node.world.is_active(token);
            assert!(!counts || !node.was_interrupted(), "{cause}");
        });
        assert!(2 <= operator, "{cause}: {operator}");
    }
}
