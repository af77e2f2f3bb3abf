//! Legacy Basic: off unless the app allows it, and silent about why.

use turnkeep_domain::app::{AppState, BasicAuthentication};
use turnkeep_domain::resource::Audience;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::user::{UserName, UserState};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::basic::check_basic::{BasicAttempt, BasicUser, check_basic};
use turnkeep_service::failure::Failure;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_service::sign_in::change_password::set_password_of;
use turnkeep_service::sign_in::refusal::SignInRefusal;

use super::reference_token_verbs::PASSWORD;
use crate::world::registry_verbs::API;
use crate::world::{TestApp, World, denial};

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
