//! Sessions begin, go on and end.

use std::time::Duration;

use turnkeep_domain::session::SessionLimits;
use turnkeep_domain::user::UserState;
use turnkeep_service::authority::AuthoritySettings;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::sign_in::account_denial::AccountDenial;
use turnkeep_service::sign_in::browser::Browser;
use turnkeep_service::sign_in::end_sessions::{
    end_other_sessions, end_session, end_sessions_of_user, list_sessions, sign_out,
};
use turnkeep_service::sign_in::session::{find_signed_in, is_fresh};
use turnkeep_testkit::fixtures::slug;

use super::sign_in_verbs::{PASSWORD, browser, browser_with};
use crate::world::{World, cheap_settings, denial};

#[test]
fn a_session_ends_by_idleness_and_by_age() {
    let session_limits =
        SessionLimits { idle: Duration::from_secs(600), absolute: Duration::from_secs(1_500) };
    let world = World::bare().with_settings(AuthoritySettings { session_limits, ..cheap_settings() });
    world.human("ada");
    let session = world.came_in("ada");
    world.advance(599);
    assert!(world.behind(&session).is_some());
    // That was use: it is idle from here on.
    world.advance(599);
    assert!(world.behind(&session).is_some());
    // However much it is used.
    world.advance(301);
    assert!(world.behind(&session).is_some());
    world.advance(1);
    assert!(world.behind(&session).is_none(), "too old");
    let idle = world.came_in("ada");
    world.advance(600);
    assert!(world.behind(&idle).is_none(), "idle");
}

#[test]
fn use_is_noted_once_a_minute() {
    let world = World::bare();
    world.human("ada");
    let session = world.came_in("ada");
    let begun = session.session.last_seen_at;
    let seen = || {
        let stored =
            world.store.read(|reads| reads.find_session_by_id(world.instance_id, session.session.id));
        stored.unwrap().unwrap().last_seen_at
    };
    world.advance(59);
    assert!(world.behind(&session).is_some());
    assert_eq!(seen(), begun);
    world.advance(1);
    assert!(world.behind(&session).is_some());
    assert_eq!(seen(), begun.plus(Duration::from_secs(60)));
}

#[test]
fn attack_27_a_handle_from_before_a_sign_in_is_worth_nothing_after_it() {
    let world = World::bare();
    world.human("ada");
    world.human("eve");
    // Eve plants her own session in Ada's browser, or one that never was.
    let planted = world.came_in("eve");
    let made_up = Browser { present_session: Some("tkse_made-up".to_owned()), ..browser("192.0.2.1") };
    let first = world.came_in_with("ada", &made_up);
    let second = world.came_in_with("ada", &browser_with(&planted));
    assert_ne!(second.handle.expose(), planted.handle.expose());
    assert!(world.behind(&planted).is_none(), "of somebody else: ended");
    assert_eq!(world.behind(&second).unwrap().user.name.as_str(), "ada");
    // Signing in again: a new handle, and the old one is dead, while apps keep what they were granted.
    let again = world.came_in_with("ada", &browser_with(&second));
    assert_eq!(again.session.id, second.session.id);
    assert!(world.behind(&second).is_none());
    assert!(world.behind(&again).is_some() && world.behind(&first).is_some());
    // One that is about to end is left for a new one.
    world.advance(12 * 3_600 - 60);
    let later = world.came_in_with("ada", &browser_with(&again));
    assert_ne!(later.session.id, again.session.id);
}

#[test]
fn attack_68_a_disabled_user_is_out_at_the_next_request() {
    let world = World::bare();
    let ada = world.human("ada");
    let session = world.came_in("ada");
    switch_user(&world.operator(), ada.id, UserState::Disabled, None).unwrap();
    assert!(world.behind(&session).is_none());
}

#[test]
fn people_see_and_end_their_own_sessions_only() {
    let world = World::bare();
    world.human("ada");
    world.human("eve");
    let (here, there, eves) = (world.came_in("ada"), world.came_in("ada"), world.came_in("eve"));
    let ada = world.behind(&here).unwrap();
    let listed = list_sessions(&world.authority, &ada).unwrap();
    let ids = [&there, &here].map(|session| session.session.id);
    assert_eq!(listed.iter().map(|session| session.id).collect::<Vec<_>>(), ids);
    assert_eq!(listed[0].user_agent, "Test/1.0");
    let refused = end_session(&world.authority, &ada, eves.session.id, None);
    assert_eq!(denial(refused), AccountDenial::NotFound);
    end_session(&world.authority, &ada, there.session.id, None).unwrap();
    assert!(world.behind(&there).is_none() && world.behind(&eves).is_some());
    let (third, fourth) = (world.came_in("ada"), world.came_in("ada"));
    let ended = end_other_sessions(&world.authority, &ada, None).unwrap();
    assert_eq!(ended.sessions, 2);
    assert!(world.behind(&third).is_none() && world.behind(&fourth).is_none());
    assert!(world.behind(&here).is_some());
    let left = sign_out(&world.authority, &world.slug, here.handle.expose(), None).unwrap();
    assert_eq!(left.unwrap().id, here.session.id);
    assert!(world.behind(&here).is_none());
    assert!(sign_out(&world.authority, &world.slug, here.handle.expose(), None).unwrap().is_none());
    assert_eq!(world.events("session.end").len(), 4);
}

#[test]
fn an_operator_ends_all_sessions_of_somebody_also_those_that_are_about_to_begin() {
    let world = World::bare();
    let ada = world.human("ada");
    let sessions = [world.came_in("ada"), world.came_in("ada")];
    let tenant = world.tenant("Acme");
    let member = world.tenant_caller(tenant.id, turnkeep_domain::membership::Role::Owner);
    denial(end_sessions_of_user(&member, ada.id));
    assert!(world.behind(&sessions[0]).is_some());
    assert_eq!(end_sessions_of_user(&world.operator(), ada.id).unwrap().sessions, 2);
    assert!(sessions.iter().all(|session| world.behind(session).is_none()));
    assert!(world.try_password("ada", PASSWORD, &browser("192.0.2.1")).is_ok());
}

#[test]
fn a_handle_counts_at_its_own_issuer_and_only_as_a_handle() {
    let world = World::bare();
    world.human("ada");
    let session = world.came_in("ada");
    let other = world.bare_instance("acme");
    for (issuer, handle) in [
        (&other.slug, session.handle.expose()),
        (&slug("unknown"), session.handle.expose()),
        (&world.slug, ""),
        (&world.slug, "tkse_"),
        (&world.slug, session.device.expose()),
        (&world.slug, &session.session.id.to_string()),
    ] {
        assert!(find_signed_in(&world.authority, issuer, handle).unwrap().is_none(), "{issuer}");
    }
}

#[test]
fn a_sign_in_is_fresh_for_ten_minutes() {
    let world = World::bare();
    world.human("ada");
    let session = world.came_in("ada").session;
    let at = |secs| session.created_at.plus(Duration::from_secs(secs));
    assert!(is_fresh(&session, at(599)));
    assert!(!is_fresh(&session, at(600)));
}
