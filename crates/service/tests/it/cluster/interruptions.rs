//! A kill strikes in the middle of a request, at every point where the request looks whether the node is in step.

use std::sync::atomic::{AtomicBool, Ordering};

use turnkeep_domain::app::AppState;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::registry::manage_tenant::TenantStep;
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::issue_token::issue_token;

use super::nodes::{Node, cluster, furnished};
use super::scripted_store::{Access, ScriptedStore};
use crate::world::token_verbs::token_denial;
use crate::world::{TestApp, World, cheap_settings, denial};

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

#[test]
fn a_change_repeated_elsewhere_does_not_return_before_the_node_that_made_it_knows() {
    let world = furnished();
    let app = world.lone_app("one");
    let store = ScriptedStore::around(&world.store);
    let maker = Node::with(&world, 101, &store.as_store(), cheap_settings());
    let other = Node::of(&world, 102);
    maker.warmed_for(&app);
    other.follow();
    // The maker has committed, and hangs before it knows itself; somebody who got no answer asks the other one.
    let has_committed = AtomicBool::new(false);
    let (hanging, repeated) = (maker.clone(), app.clone());
    store.before_each(move |access| {
        match access {
            Access::Mutate => has_committed.store(true, Ordering::SeqCst),
            Access::Read if has_committed.swap(false, Ordering::SeqCst) => {
                other.world.switch(&repeated, AppState::Disabled);
                let request = hanging.world.request(&repeated);
                let answered = issue_token(&hanging.world.authority, &request, LookUp::InMemory);
                assert!(answered.is_err(), "the old state is honoured after the change has returned");
            }
            Access::Read | Access::KeepBooks | Access::Admit => {}
        }
        Ok(())
    });
    maker.world.switch(&app, AppState::Disabled);
    assert_eq!(maker.world.refusal(&app), TokenDenial::AppDisabled);
}
