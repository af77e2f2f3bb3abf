//! Legacy Basic: off unless the app allows it, and silent about why.

use std::time::Duration;

use turnkeep_domain::app::{AppState, BasicAuthentication};
use turnkeep_domain::resource::Audience;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::user::{User, UserName, UserState};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::basic::check_basic::{BasicAttempt, BasicUser, check_basic};
use turnkeep_service::failure::Failure;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_service::sign_in::change_password::set_password_of;
use turnkeep_service::sign_in::refusal::SignInRefusal;
use turnkeep_storage::credential::StoredTotp;

use super::reference_token_verbs::PASSWORD;
use crate::world::registry_verbs::API;
use crate::world::{TestApp, World, cheap_settings, denial};

impl World {
    pub(super) fn basic(&self, app: &TestApp, user_name: &str, password: &str) -> BasicAttempt {
        BasicAttempt {
            issuer: self.slug.clone(),
            client_id: app.client_id.clone(),
            audience: Audience::parse(API).unwrap(),
            user_name: user_name.to_owned(),
            password: PlaintextSecret::new(password.to_owned()),
            address: "192.0.2.1".parse().unwrap(),
            request_id: None,
        }
    }

    /// A wrong password, from somewhere.
    fn miss_from(&self, app: &TestApp, user_name: &str, address: &str) -> SignInRefusal {
        let address = address.parse().unwrap();
        denial(check_basic(&self.authority, &BasicAttempt { address, ..self.basic(app, user_name, "wrong") }))
    }

    /// What each of some attempts in a row is told.
    fn refusals_in_a_row(&self, app: &TestApp, password: &str) -> Vec<SignInRefusal> {
        (0..12).map(|_| denial(self.try_basic(app, "ann", password))).collect()
    }

    fn try_basic(
        &self,
        app: &TestApp,
        user_name: &str,
        password: &str,
    ) -> Result<BasicUser, Failure<SignInRefusal>> {
        check_basic(&self.authority, &self.basic(app, user_name, password))
    }
}

#[test]
fn somebody_the_app_admits_comes_in_with_a_password_where_it_is_allowed() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let found = world.try_basic(&app, "Ann", PASSWORD).unwrap();
    assert_eq!((found.user.id, found.scopes.to_string()), (ann.id, "read update".to_owned()));
    assert!(world.try_basic(&app, "ann", PASSWORD).is_ok());
    world.authority.keep_books().unwrap();
    assert_eq!(world.events("basic.use").len(), 1, "uses are recorded once a minute");
    world.clock.0.pause(std::time::Duration::from_mins(1));
    assert!(world.try_basic(&app, "ann", PASSWORD).is_ok());
    world.authority.keep_books().unwrap();
    assert_eq!(world.events("basic.use").len(), 2);
}

#[test]
fn everything_else_is_one_refusal_whose_cause_is_in_the_trail_alone() {
    type Step = (&'static str, fn(&World, &TestApp));
    let steps: [Step; 5] = [
        ("basic_authentication_off", |world, app| {
            let basic_authentication = Some(BasicAuthentication::Off);
            world.update(app, &AppChanges { basic_authentication, ..AppChanges::default() });
        }),
        ("app_disabled", |world, app| world.switch(app, AppState::Disabled)),
        ("user_not_admitted", |world, app| {
            world.update(app, &AppChanges { sign_in: Some(SignIn::Community), ..AppChanges::default() });
        }),
        ("user_not_admitted", |world, _| {
            let ann = world
                .store
                .read(|reads| reads.find_user_by_name(world.instance_id, &UserName::parse("ann").unwrap()));
            switch_user(&world.operator(), ann.unwrap().unwrap().id, UserState::Disabled, None).unwrap();
        }),
        ("wrong_password", |world, _| {
            world.advance(1);
            let password = PlaintextSecret::new("another tractor sings".to_owned());
            set_password_of(&world.operator(), &UserName::parse("ann").unwrap(), &password).unwrap();
        }),
    ];
    for (expected, step) in steps {
        let world = World::new();
        let app = world.open_app();
        world.ann();
        assert!(world.try_basic(&app, "ann", PASSWORD).is_ok());
        step(&world, &app);
        assert_eq!(
            denial(world.try_basic(&app, "ann", PASSWORD)),
            SignInRefusal::WrongCredentials,
            "{expected}"
        );
        assert_eq!(world.refusals("basic.use"), [expected]);
    }
    let world = World::new();
    let app = world.open_app();
    world.ann();
    for (user_name, password) in [("ann", "wrong"), ("nobody", PASSWORD), ("", ""), ("ann", "")] {
        assert_eq!(denial(world.try_basic(&app, user_name, password)), SignInRefusal::WrongCredentials);
    }
}

#[test]
fn guesses_are_braked_and_who_was_right_a_moment_ago_is_not_held_up() {
    let world = World::new();
    let app = world.open_app();
    world.ann();
    assert!(world.try_basic(&app, "ann", PASSWORD).is_ok());
    let braked = (0..20).any(|_| {
        matches!(denial(world.try_basic(&app, "ann", "wrong")), SignInRefusal::TooManyAttempts { .. })
    });
    assert!(braked);
    assert!(world.try_basic(&app, "ann", PASSWORD).is_ok(), "no guess");
    world.clock.0.pause(std::time::Duration::from_mins(5));
    assert!(world.try_basic(&app, "ann", PASSWORD).is_ok(), "the wait is over by then");
}

#[test]
fn who_is_refused_anyway_is_told_the_same_after_right_passwords_as_after_wrong_ones() {
    type Step = (&'static str, fn(&World, &TestApp, &User));
    let steps: [Step; 3] = [
        ("disabled", |world, _, ann| {
            switch_user(&world.operator(), ann.id, UserState::Disabled, None).unwrap();
        }),
        ("not admitted", |world, app, _| {
            world.update(app, &AppChanges { sign_in: Some(SignIn::Community), ..AppChanges::default() });
        }),
        ("second factor", |world, _, ann| {
            let created_at = world.authority.now();
            let totp = StoredTotp { sealed_secret: vec![1], last_step: None, created_at };
            world.store.mutate(|writes| writes.put_totp(world.instance_id, ann.id, &totp)).unwrap();
        }),
    ];
    for (case, step) in steps {
        for was_right_before in [false, true] {
            let [right, wrong] = [PASSWORD, "wrong"].map(|password| {
                let world = World::new();
                let (app, ann) = (world.open_app(), world.ann());
                if was_right_before {
                    world.try_basic(&app, "ann", PASSWORD).unwrap();
                }
                step(&world, &app, &ann);
                world.refusals_in_a_row(&app, password)
            });
            assert_eq!(right, wrong, "{case} {was_right_before}");
            assert!(matches!(right.last(), Some(SignInRefusal::TooManyAttempts { .. })), "{case}");
        }
    }
}

#[test]
fn nobody_is_locked_out_of_where_the_password_was_right_within_a_day() {
    let world = World::new();
    let app = world.open_app();
    world.ann();
    assert!(world.try_basic(&app, "ann", PASSWORD).is_ok());
    for host in 1..=50 {
        assert_eq!(
            world.miss_from(&app, "ann", &format!("198.51.100.{host}")),
            SignInRefusal::WrongCredentials
        );
    }
    let quarter = Duration::from_mins(15);
    // Somebody keeps at it for hours: whoever is new has to wait as long as can be.
    while let SignInRefusal::TooManyAttempts { retry_after } = world.miss_from(&app, "ann", "198.51.100.60") {
        if retry_after == quarter {
            break;
        }
        world.clock.0.pause(retry_after);
        assert_eq!(world.miss_from(&app, "ann", "198.51.100.60"), SignInRefusal::WrongCredentials);
    }
    assert!(world.try_basic(&app, "ann", PASSWORD).is_ok());
    // Else right passwords could be told from wrong ones as often as anybody likes.
    let from_elsewhere =
        BasicAttempt { address: "192.0.2.2".parse().unwrap(), ..world.basic(&app, "ann", PASSWORD) };
    let refused = denial(check_basic(&world.authority, &from_elsewhere));
    assert!(matches!(refused, SignInRefusal::TooManyAttempts { .. }), "{refused:?}");
}

#[test]
fn requirement_b_13_guesses_here_and_at_the_sign_in_are_one_row() {
    let world = World::new();
    let (app, _) = (world.open_app(), world.ann());
    for seed in [91, 92] {
        let node = world.restarted(&[1], cheap_settings(), seed);
        for address in 0..50 {
            let refused = node.miss_from(&app, "ann", &format!("198.51.100.{address}"));
            assert_eq!(refused, SignInRefusal::WrongCredentials);
        }
    }
    let third = world.restarted(&[1], cheap_settings(), 93);
    assert_eq!(denial(third.try_basic(&app, "ann", PASSWORD)), SignInRefusal::WrongCredentials);
}
