//! What a person allowed, remembered and taken back.

use std::sync::atomic::{AtomicBool, Ordering};

use turnkeep_domain::id::AppId;
use turnkeep_service::authorization::authorize::NextStep;
use turnkeep_service::authorization::list_consents::list_consents;
use turnkeep_service::authorization::revoke_consent::{NoSuchConsent, revoke_consent};
use turnkeep_storage::person_grant::GrantsOf;
use turnkeep_testkit::fixtures::scopes;

use super::sample::{Sample, code};
use crate::cluster::scripted_store::{Access, ScriptedStore};
use crate::world::{cheap_settings, denial};

#[test]
fn what_was_allowed_is_remembered_and_adds_up() {
    let mut sample = Sample::new();
    assert!(matches!(sample.ask().unwrap(), NextStep::Ask(_)));
    sample.code();
    code(sample.ask().unwrap());
    sample.scopes = "openid email";
    let NextStep::Ask(question) = sample.ask().unwrap() else { panic!("not asked") };
    assert_eq!((question.app_name.as_str(), question.tenant_name.as_str()), ("Portal", "Invoices"));
    assert_eq!((question.user_id, question.scopes), (sample.user.id, scopes("email openid")));
    sample.code();
    for asked in ["openid email read", "read", "openid"] {
        sample.scopes = asked;
        code(sample.ask().unwrap());
    }
    let listed = list_consents(&sample.world.authority, &sample.user).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].consent.scopes, scopes("email openid read"));
    assert_eq!((listed[0].app_name.as_str(), listed[0].tenant_name.as_str()), ("Portal", "Invoices"));
}

#[test]
fn what_is_taken_back_is_asked_for_again_and_ends_what_came_of_it() {
    let sample = Sample::new();
    sample.code();
    code(sample.ask().unwrap());
    let (world, user) = (&sample.world, &sample.user);
    revoke_consent(&world.authority, user, sample.app.id, None).unwrap();
    assert_eq!(list_consents(&world.authority, user).unwrap(), []);
    assert!(matches!(sample.ask().unwrap(), NextStep::Ask(_)));
    let left = world
        .store
        .read(|reads| reads.list_grants(world.instance_id, GrantsOf::User(user.id), world.authority.now()));
    assert_eq!(left.unwrap(), []);
    assert_eq!(world.events("grant.revoke").len(), 2);
    assert_eq!(world.events("consent.revoke").len(), 1);
    assert_eq!(denial(revoke_consent(&world.authority, user, sample.app.id, None)), NoSuchConsent);
}

#[test]
fn nobody_takes_back_what_somebody_else_allowed() {
    let sample = Sample::new();
    sample.code();
    let bob = sample.world.user(turnkeep_domain::user::UserKind::Internal, "bob");
    let authority = &sample.world.authority;
    assert_eq!(denial(revoke_consent(authority, &bob, sample.app.id, None)), NoSuchConsent);
    let unknown = AppId::from_bytes([9; 16]);
    assert_eq!(denial(revoke_consent(authority, &sample.user, unknown, None)), NoSuchConsent);
    assert_eq!(list_consents(authority, &bob).unwrap(), []);
    assert_eq!(list_consents(authority, &sample.user).unwrap().len(), 1);
}

#[test]
fn what_is_taken_back_while_a_code_is_made_is_asked_for_again_and_leaves_nothing() {
    let sample = Sample::new();
    sample.code();
    let (world, user, app_id) = (sample.world.clone(), sample.user.clone(), sample.app.id);
    let store = ScriptedStore::around(&world.store);
    let node = world.restarted_on(store.as_store(), &[1], cheap_settings(), 2);
    let there = Sample { world: node, ..sample };
    code(there.ask().unwrap());
    let authority = world.authority.clone();
    let is_first = AtomicBool::new(true);
    store.before_each(move |access| {
        if access == Access::Admit && is_first.swap(false, Ordering::SeqCst) {
            revoke_consent(&authority, &user, app_id, None).unwrap();
        }
        Ok(())
    });
    let next = there.ask().unwrap();
    assert_eq!(world.events("consent.revoke").len(), 1, "while it was made");
    assert!(matches!(next, NextStep::Ask(_)), "{next:?}");
    let left = world.store.read(|reads| {
        let of = GrantsOf::UserAndApp(there.user.id, app_id);
        reads.list_grants(world.instance_id, of, world.authority.now())
    });
    assert_eq!(left.unwrap(), []);
}
