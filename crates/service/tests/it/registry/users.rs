//! Users of an instance.

use turnkeep_domain::page::Page;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::user::{UserKind, UserName, UserState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::decide_app_settings::AppSettingsViolation;
use turnkeep_service::registry::create_app::create_app;
use turnkeep_service::registry::denial::{RegistryDenial, UniqueAttribute};
use turnkeep_service::registry::manage_user::{
    CreateUserCommand, create_user, find_user, list_users, switch_user,
};
use turnkeep_testkit::fixtures::name;

use crate::world::{World, denial};

#[test]
fn names_are_unique_without_regard_to_case() {
    let world = World::bare();
    let user = world.user(UserKind::System, "svc");
    assert_eq!(find_user(&world.operator(), user.id).unwrap(), user);
    let command = CreateUserCommand {
        kind: UserKind::Internal,
        name: UserName::parse("SVC").unwrap(),
        display_name: name("Other"),
    };
    let refused = denial(create_user(&world.operator(), &command));
    assert_eq!(refused, RegistryDenial::Taken(UniqueAttribute::Name));
    world.bare_instance("acme").user(UserKind::System, "svc");
    assert_eq!(list_users(&world.operator(), &Default::default(), &Page::first(9)).unwrap(), [user]);
}

#[test]
fn switching_twice_changes_nothing() {
    let world = World::bare();
    let user = world.user(UserKind::System, "svc");
    let switch = |state, version| switch_user(&world.operator(), user.id, state, version);
    let off = switch(UserState::Disabled, Some(user.version)).unwrap();
    assert_eq!((off.state, off.version), (UserState::Disabled, user.version.next()));
    assert_eq!(switch(UserState::Disabled, None).unwrap(), off);
    assert_eq!(denial(switch(UserState::Active, Some(RecordVersion::FIRST))), RegistryDenial::StaleVersion);
    assert_eq!(switch(UserState::Active, None).unwrap().state, UserState::Active);
}

#[test]
fn a_user_of_another_instance_is_absent() {
    let world = World::bare();
    let user = world.user(UserKind::System, "svc");
    let elsewhere = world.bare_instance("acme");
    let context = elsewhere.operator();
    assert_eq!(denial(find_user(&context, user.id)), RegistryDenial::NotFound);
    let switched = switch_user(&context, user.id, UserState::Disabled, None);
    assert_eq!(denial(switched), RegistryDenial::NotFound);
}

#[test]
fn an_app_cannot_act_as_a_user_of_another_instance() {
    let world = World::new();
    let foreign = world.bare_instance("acme").user(UserKind::System, "svc");
    let mut command = world.command(&world.tenant("Acme"), "App");
    command.settings.service_access = ServiceAccess::AsUser(foreign.id);
    let refused = denial(create_app(&world.operator(), &command));
    let unknown = AppSettingsViolation::SystemUserUnknown;
    assert_eq!(refused, RegistryDenial::AppSettings(vec![unknown]));
}
