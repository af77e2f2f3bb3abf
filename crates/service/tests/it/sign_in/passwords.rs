//! Who comes in by a password, and what it costs those who do not.

use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_policy::judge_password::PasswordDenial;
use turnkeep_secret::scrypt_hash::ScryptParams;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::sign_in::account_denial::AccountDenial;
use turnkeep_service::sign_in::change_password::{ChangePassword, change_password};
use turnkeep_service::sign_in::refusal::SignInRefusal;

use super::sign_in_verbs::{PASSWORD, browser, browser_with, secret};
use crate::world::{World, cheap_settings, denial};

#[test]
fn a_person_signs_in_by_name_or_address_with_the_password_in_any_normal_form() {
    let world = World::bare();
    let user = world.human_without_password(UserKind::Community, "ada", Some("Ada@Example.com"));
    world.set_password("ada", "violet tr\u{e4}ctor sings");
    for name in ["ada", " ADA ", "ada@example.com", "Ada@EXAMPLE.com"] {
        for password in ["violet tr\u{e4}ctor sings", "violet tra\u{308}ctor sings"] {
            let outcome = world.try_password(name, password, &browser("192.0.2.1"));
            assert!(outcome.is_ok(), "{name} {password}");
        }
    }
    let session = world.events("session.begin");
    assert_eq!(session.len(), 8);
    assert!(session.iter().all(|entry| entry.actor == user.id.to_string()));
}

/// Nobody can be made so any more, but an earlier version may have left it.
#[test]
fn an_address_finds_the_one_whose_mailbox_it_is_whoever_goes_by_it() {
    let world = World::bare();
    let wanda = world.human_without_password(UserKind::Internal, "wanda", Some("wanda@example.org"));
    let named = world.user_of_old("wanda@example.org", Some("eve@example.org"));
    for user in ["wanda", "wanda@example.org"] {
        world.set_password(user, &format!("{PASSWORD} of {user}"));
    }
    for (typed, owner, expected) in [
        ("wanda@example.org", "wanda", Ok(wanda.id)),
        ("Wanda@Example.ORG", "wanda", Ok(wanda.id)),
        ("wanda", "wanda", Ok(wanda.id)),
        ("eve@example.org", "wanda@example.org", Ok(named.id)),
        ("wanda@example.org", "wanda@example.org", Err(SignInRefusal::WrongCredentials)),
    ] {
        let password = format!("{PASSWORD} of {owner}");
        match (world.try_password(typed, &password, &browser("192.0.2.1")), expected) {
            (Ok(_), Ok(id)) => {
                assert_eq!(world.events("session.begin").remove(0).actor, id.to_string(), "{typed}");
            }
            (refused, Err(expected)) => assert_eq!(denial(refused), expected, "{typed}"),
            (Err(refused), Ok(_)) => panic!("{typed}: {refused:?}"),
        }
    }
}

#[test]
fn attack_49_whoever_may_not_come_in_gets_one_answer_after_one_hash() {
    let world = World::bare();
    world.human("ada");
    let gone = world.human("gone");
    switch_user(&world.operator(), gone.id, UserState::Disabled, None).unwrap();
    world.human_without_password(UserKind::Internal, "new", None);
    world.human_without_password(UserKind::System, "robot", None);
    let long = "x".repeat(1 << 20);
    for (name, password, code) in [
        ("ada", "violet tractor sang", "wrong_password"),
        ("ada", "", "wrong_password"),
        ("ada", "violet tractor sings ", "wrong_password"),
        // Attack 50: what is too long is never hashed as it is.
        ("ada", &long, "wrong_password"),
        ("gone", PASSWORD, "user_disabled"),
        ("new", PASSWORD, "no_password"),
        ("robot", PASSWORD, "system_user"),
        ("nobody", PASSWORD, "unknown_user"),
        ("nobody@example.com", PASSWORD, "unknown_user"),
        ("", PASSWORD, "unknown_user"),
        ("\u{0}\u{1}", PASSWORD, "unknown_user"),
    ] {
        let before = world.authority.status().password_hashes;
        let refused = denial(world.try_password(name, password, &browser("192.0.2.1")));
        assert_eq!(refused, SignInRefusal::WrongCredentials, "{name}");
        assert_eq!(world.authority.status().password_hashes, before + 1, "{name}");
        world.authority.keep_books().unwrap();
        let told = world.events("session.begin").remove(0);
        assert_eq!(told.refusal.as_deref(), Some(code), "{name}");
    }
    // The hashes of people take nothing from those of apps.
    assert_eq!(world.authority.status().slow_hashes, 1, "the operator's app");
}

#[test]
fn a_password_of_older_parameters_is_hashed_anew_when_it_is_right() {
    let world = World::bare();
    world.human("ada");
    let params = ScryptParams::new(5, 8, 1).unwrap();
    let newer = {
        let settings =
            turnkeep_service::authority::AuthoritySettings { password_scrypt: params, ..cheap_settings() };
        world.with_settings(settings)
    };
    let stored = |world: &World| {
        let user = turnkeep_domain::user::UserName::parse("ada").unwrap();
        let found = world.store.read(|reads| {
            let user = reads.find_user_by_name(world.instance_id, &user)?.unwrap();
            reads.find_password(world.instance_id, user.id)
        });
        found.unwrap().unwrap()
    };
    let before = stored(&newer);
    denial(newer.try_password("ada", "violet tractor sang", &browser("192.0.2.1")));
    assert_eq!(stored(&newer), before);
    newer.came_in("ada");
    assert_eq!((stored(&newer).hash.params(), stored(&newer).changed_at), (params, before.changed_at));
    newer.came_in("ada");
}

#[test]
fn requirement_c_40_a_new_password_ends_everything_that_was_begun_under_the_old_one() {
    let world = World::bare();
    world.human("ada");
    let (here, there) = (world.came_in("ada"), world.came_in("ada"));
    let signed_in = world.behind(&here).unwrap();
    let change = |present: Option<&str>, new: &str| {
        let command = ChangePassword {
            issuer: world.slug.clone(),
            present: present.map(secret),
            new: secret(new),
            browser: browser_with(&here),
            request_id: None,
        };
        change_password(&world.authority, &signed_in, &command)
    };
    let new = "seven kettles whistle";
    assert_eq!(denial(change(None, new)), AccountDenial::PasswordNeeded);
    assert_eq!(denial(change(Some("wrong"), new)), SignInRefusal::WrongCredentials.into());
    let short = AccountDenial::Password(PasswordDenial::TooShort { minimum: 15 });
    assert_eq!(denial(change(Some(PASSWORD), "kettle")), short);
    assert!(world.behind(&here).is_some() && world.behind(&there).is_some());
    let goes_on = change(Some(PASSWORD), new).unwrap();
    assert_eq!(world.behind(&goes_on).unwrap().user.id, signed_in.user.id);
    assert!(world.behind(&here).is_none() && world.behind(&there).is_none());
    let refused = denial(world.try_password("ada", PASSWORD, &browser("192.0.2.1")));
    assert_eq!(refused, SignInRefusal::WrongCredentials);
    assert!(world.try_password("ada", new, &browser("192.0.2.1")).is_ok());
    // The dead session changes nothing any more, though it knows the password.
    assert_eq!(denial(change(Some(new), "eight kettles whistle")), AccountDenial::NotFresh);
}
