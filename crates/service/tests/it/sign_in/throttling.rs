//! Guesses, and those who must not suffer from them.

use std::time::Duration;

use turnkeep_service::authority::{AuthoritySettings, HashingLimits};
use turnkeep_service::failure::Fault;
use turnkeep_service::sign_in::browser::Browser;
use turnkeep_service::sign_in::refusal::SignInRefusal;

use super::sign_in_verbs::{PASSWORD, browser, browser_with};
use crate::world::{World, cheap_settings, denial, fault};

fn fail(world: &World, name: &str, browser: &Browser) -> SignInRefusal {
    denial(world.try_password(name, "not the password", browser))
}

#[test]
fn attack_47_one_name_from_many_addresses_is_guessed_fifty_times_and_not_hashed_after() {
    let world = World::bare();
    world.human("ada");
    let before = world.authority.status().password_hashes;
    for address in 0..200 {
        fail(&world, "ada", &browser(&format!("198.51.100.{address}")));
    }
    assert_eq!(world.authority.status().password_hashes, before + 50);
    // Now a browser that is new to her waits, whoever it is; then it is let in.
    let refused = denial(world.try_password("ada", PASSWORD, &browser("192.0.2.1")));
    assert!(matches!(refused, SignInRefusal::TooManyAttempts { retry_after } if 0 < retry_after.as_secs()));
    world.clock.0.pause(Duration::from_secs(30));
    world.came_in("ada");
}

#[test]
fn attack_48_failing_on_a_name_locks_nobody_out_of_a_browser_that_is_known() {
    let world = World::bare();
    world.human("ada");
    let known = browser_with(&world.came_in("ada"));
    world.human("eve");
    let eves = browser_with(&world.came_in("eve"));
    for address in 0..200 {
        fail(&world, "ada", &browser(&format!("198.51.100.{address}")));
    }
    world.came_in_with("ada", &known);
    // That of somebody else is as unknown as any.
    let refused = denial(world.try_password("ada", PASSWORD, &eves));
    assert!(matches!(refused, SignInRefusal::TooManyAttempts { .. }));
    let forged = Browser { device: Some("A".repeat(100)), ..browser("192.0.2.1") };
    assert!(world.try_password("ada", PASSWORD, &forged).is_err());
}

#[test]
fn guesses_in_a_known_browser_have_a_bound_as_well() {
    let world = World::bare();
    world.human("ada");
    let known = browser_with(&world.came_in("ada"));
    for _ in 0..10 {
        assert_eq!(fail(&world, "ada", &known), SignInRefusal::WrongCredentials);
    }
    assert!(matches!(fail(&world, "ada", &known), SignInRefusal::TooManyAttempts { .. }));
    // Another browser does not wait for this one.
    world.came_in("ada");
}

#[test]
fn names_that_nobody_has_are_throttled_like_others() {
    let world = World::bare();
    for _ in 0..10 {
        assert_eq!(fail(&world, "nobody", &browser("192.0.2.1")), SignInRefusal::WrongCredentials);
    }
    assert!(matches!(fail(&world, "nobody", &browser("192.0.2.1")), SignInRefusal::TooManyAttempts { .. }));
    assert!(matches!(fail(&world, " NOBODY ", &browser("192.0.2.1")), SignInRefusal::TooManyAttempts { .. }));
    world.authority.keep_books().unwrap();
    assert_eq!(world.events("session.begin").len(), 12);
}

#[test]
fn who_is_known_does_not_wait_behind_those_who_guess() {
    let world = World::bare();
    world.human("ada");
    let known = browser_with(&world.came_in("ada"));
    let new = browser("192.0.2.1");
    let none = HashingLimits { at_once: 0, waiting: 0 };
    let swamped = world.with_settings(AuthoritySettings { password_hashing: none, ..cheap_settings() });
    assert!(matches!(fault(swamped.try_password("ada", PASSWORD, &new)), Fault::Overloaded));
    swamped.came_in_with("ada", &known);
    // A password is set by whoever has proven who they are.
    swamped.set_password("ada", "another tractor sings");
    // Nor do those who are known take the places of others.
    let busy =
        world.restarted(&[1], AuthoritySettings { known_password_hashing: none, ..cheap_settings() }, 79);
    let refused = fault(busy.try_password("ada", "another tractor sings", &known));
    assert!(matches!(refused, Fault::Overloaded), "{refused:?}");
    assert!(busy.try_password("ada", "another tractor sings", &new).is_ok());
}
