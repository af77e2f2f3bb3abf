//! Guesses, and those who must not suffer from them.

use std::time::Duration;

use turnkeep_domain::user::UserKind;
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

fn another_node(world: &World, seed: u64) -> World {
    world.restarted(&[1], cheap_settings(), seed)
}

/// Fails from many addresses, as often as one node lets pass for a name: fifty times.
fn fail_fifty_times(world: &World, name: &str) {
    for address in 0..50 {
        let refused = fail(world, name, &browser(&format!("198.51.100.{address}")));
        assert_eq!(refused, SignInRefusal::WrongCredentials);
    }
}

#[test]
fn requirement_b_13_an_account_fails_a_hundred_times_in_a_row_by_whatever_name_at_whatever_node() {
    let world = World::bare();
    world.human_without_password(UserKind::Internal, "ada", Some("ada@example.com"));
    world.set_password("ada", PASSWORD);
    let known = browser_with(&world.came_in("ada"));
    let (second, third) = (another_node(&world, 81), another_node(&world, 82));
    let new = browser("192.0.2.1");
    fail_fifty_times(&world, "ada");
    for address in 0..49 {
        fail(&second, "ADA@example.com", &browser(&format!("198.51.100.{address}")));
    }
    // One that is right ends the row.
    third.came_in("ada");
    fail_fifty_times(&third, "ada");
    fail_fifty_times(&another_node(&world, 83), "ada@example.com");
    // The hundred and first is not looked at, and told what everybody is told, after the same work.
    let third = another_node(&world, 84);
    let before = third.authority.status().password_hashes;
    assert_eq!(denial(third.try_password("ada", PASSWORD, &new)), SignInRefusal::WrongCredentials);
    assert_eq!(third.authority.status().password_hashes, before + 1);
    third.authority.keep_books().unwrap();
    let noted = third.events("session.begin");
    assert!(noted.iter().any(|entry| entry.refusal.as_deref() == Some("too_many_failures")));
    world.advance(30 * 86_400);
    third.clock.0.pause(Duration::from_secs(30 * 86_400));
    assert_eq!(
        denial(third.try_password("ada@example.com", PASSWORD, &new)),
        SignInRefusal::WrongCredentials
    );
    // Nobody is locked out of a browser that is known, and it lets the others in again.
    third.came_in_with("ada", &known);
    third.came_in("ada");
}

#[test]
fn a_new_password_ends_the_row_of_failures() {
    let world = World::bare();
    world.human("ada");
    let second = another_node(&world, 81);
    fail_fifty_times(&world, "ada");
    fail_fifty_times(&second, "ada");
    let third = another_node(&world, 82);
    assert!(third.try_password("ada", PASSWORD, &browser("192.0.2.1")).is_err());
    third.set_password("ada", PASSWORD);
    third.came_in("ada");
}

#[test]
fn failures_on_names_that_nobody_has_are_no_failures_of_anybody() {
    let world = World::bare();
    world.human("ada");
    for name in 0..300 {
        fail(&world, &format!("nobody-{name}"), &browser(&format!("198.51.100.{}", name % 250)));
    }
    world.came_in("ada");
}

#[test]
fn what_nobody_could_look_at_is_no_failure() {
    let world = World::bare();
    world.human("ada");
    let none = HashingLimits { at_once: 0, waiting: 0 };
    let swamped = world.with_settings(AuthoritySettings { password_hashing: none, ..cheap_settings() });
    for _ in 0..150 {
        let refused = fault(swamped.try_password("ada", PASSWORD, &browser("192.0.2.1")));
        assert!(matches!(refused, Fault::Overloaded));
    }
    world.came_in("ada");
}
