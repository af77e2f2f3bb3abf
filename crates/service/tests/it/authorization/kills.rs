//! The kill switch: a grant carries what was known before it was decided, so that a kill counts whenever it comes.

use turnkeep_domain::app::AppState;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::user::UserState;
use turnkeep_policy::authorization_denial::PageDenial;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::authorization::authorize::{AuthorizeDenial, NextStep};
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_storage::person_grant::GrantsOf;

use super::sample::Sample;
use crate::world::denial;

/// Of all that Ada granted, the highest last.
fn sequences(sample: &Sample) -> Vec<ChangeSequence> {
    let world = &sample.world;
    let grants = world.store.read(|reads| {
        reads.list_grants(world.instance_id, GrantsOf::User(sample.user.id), world.authority.now())
    });
    let mut sequences: Vec<_> = grants.unwrap().into_iter().map(|grant| grant.sequence).collect();
    sequences.sort();
    sequences
}

#[test]
fn a_grant_lies_below_every_kill_that_comes_after_it() {
    let sample = Sample::new();
    sample.code();
    let before = sequences(&sample)[0];
    sample.world.switch(&sample.app, AppState::Disabled);
    sample.world.switch(&sample.app, AppState::Enabled);
    let killed = sample.world.record(sample.app.id).unwrap().tokens_dead_below;
    assert!(before < killed, "{before:?} {killed:?}");
    sample.code();
    let after = sequences(&sample)[1];
    assert!(killed <= after, "{killed:?} {after:?}");
}

#[test]
fn an_app_that_was_stopped_gets_no_code() {
    let sample = Sample::new();
    sample.code();
    sample.world.switch(&sample.app, AppState::Disabled);
    let expected = AuthorizeDenial::Page(PageDenial::Client(TokenDenial::AppDisabled));
    assert_eq!(denial(sample.ask()), expected);
}

#[test]
fn a_user_who_was_disabled_has_no_session_even_when_enabled_again() {
    let sample = Sample::new();
    sample.code();
    for state in [UserState::Disabled, UserState::Active] {
        switch_user(&sample.world.operator(), sample.user.id, state, None).unwrap();
        assert!(matches!(sample.ask().unwrap(), NextStep::SignIn(_)), "{state:?}");
    }
}
