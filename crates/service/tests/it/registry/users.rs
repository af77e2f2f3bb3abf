//! Users of an instance.

use turnkeep_domain::account_link::AccountLinkPurpose;
use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::page::Page;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::user::{User, UserKind, UserName, UserState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::decide_app_settings::AppSettingsViolation;
use turnkeep_service::people::update_user::{UserChanges, update_user};
use turnkeep_service::registry::create_app::create_app;
use turnkeep_service::registry::denial::{RegistryDenial, UniqueAttribute};
use turnkeep_service::registry::manage_user::{
    CreateUserCommand, create_user, find_user, list_users, switch_user,
};
use turnkeep_storage::outcome::Inserted;
use turnkeep_testkit::fixtures::{account_link, email, hash, name};

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
        email: None,
    };
    let refused = denial(create_user(&world.operator(), &command));
    assert_eq!(refused, RegistryDenial::Taken(UniqueAttribute::Name));
    world.bare_instance("acme").user(UserKind::System, "svc");
    assert_eq!(list_users(&world.operator(), &Default::default(), &Page::first(9)).unwrap(), [user]);
}

#[test]
fn e_mail_addresses_are_unique_without_regard_to_case() {
    let world = World::bare();
    let [ada, eve] = ["ada", "eve"].map(|text| world.user(UserKind::Internal, text));
    let change = |world: &World, user: &User, text: Option<&str>| {
        let changes = UserChanges { email: Some(text.map(email)), ..UserChanges::default() };
        update_user(&world.operator(), user.id, &changes, None)
    };
    let changed = change(&world, &ada, Some("Ada@Example.com")).unwrap();
    assert_eq!(changed.email, Some(email("Ada@Example.com")));
    let taken = RegistryDenial::Taken(UniqueAttribute::Email);
    assert_eq!(denial(change(&world, &eve, Some("ada@example.COM"))), taken);
    let command = CreateUserCommand {
        kind: UserKind::Internal,
        name: UserName::parse("bob").unwrap(),
        display_name: name("Bob"),
        email: Some(email("ada@example.com")),
    };
    assert_eq!(denial(create_user(&world.operator(), &command)), taken);
    // The user itself may write it in another way, and another instance has addresses of its own.
    let rewritten = change(&world, &ada, Some("ada@example.com")).unwrap();
    assert_eq!(rewritten.version, changed.version.next());
    let elsewhere = world.bare_instance("acme");
    let other = elsewhere.user(UserKind::Internal, "ada");
    assert_eq!(change(&elsewhere, &other, Some("ada@example.com")).unwrap().email, rewritten.email);
    assert_eq!(change(&world, &ada, None).unwrap().email, None);
    assert_eq!(create_user(&world.operator(), &command).unwrap().email, command.email);
    let told = world.events("user.update");
    assert!(told.iter().flat_map(|event| &event.changes).all(|change| change.attribute == "email"));
}

/// People type either into one field: whoever goes by somebody's address would take it over.
#[test]
fn a_name_that_reads_as_an_address_is_the_address_of_the_same_user() {
    let world = World::bare();
    let create = |text: &str, address: Option<&str>| {
        let command = CreateUserCommand {
            kind: UserKind::Internal,
            name: UserName::parse(text).unwrap(),
            display_name: name("Somebody"),
            email: address.map(email),
        };
        create_user(&world.operator(), &command)
    };
    let taken = RegistryDenial::Taken(UniqueAttribute::Email);
    create("wanda", Some("Wanda@Example.org")).unwrap();
    for (text, address, refused) in [
        ("wanda@example.org", None, RegistryDenial::NameReadsAsAddress),
        ("wanda@example.org", Some("other@example.org"), RegistryDenial::NameReadsAsAddress),
        ("wanda@example.org", Some("wanda@example.org"), taken.clone()),
        ("nobody.yet@example.org", None, RegistryDenial::NameReadsAsAddress),
    ] {
        assert_eq!(denial(create(text, address)), refused, "{text} {address:?}");
    }
    let kim = create("Kim@example.org", Some("kim@Example.org")).unwrap();
    let (bob, at) = (create("bob", None).unwrap(), create("bob@", None).unwrap());
    assert_eq!(at.name.as_str(), "bob@", "no mailbox is called so");
    let change = |user: &User, text: Option<&str>| {
        let changes = UserChanges { email: Some(text.map(email)), ..UserChanges::default() };
        update_user(&world.operator(), user.id, &changes, None)
    };
    assert_eq!(denial(change(&bob, Some("KIM@example.org"))), taken);
    // A name is for good, an address is not: what somebody goes by stays kept from all others.
    let moved = change(&kim, Some("kim@other.example")).unwrap();
    assert_eq!(denial(change(&bob, Some("kim@example.org"))), taken);
    assert_eq!(denial(create("carl", Some("kim@example.org"))), taken);
    assert_eq!(change(&kim, Some("kim@example.org")).unwrap().version, moved.version.next());
}

/// As an earlier version may have left it.
#[test]
fn a_user_who_goes_by_the_address_of_another_can_still_be_changed() {
    let world = World::bare();
    let wanda = world.human_without_password(UserKind::Internal, "wanda", Some("wanda@example.org"));
    let named = world.user_of_old("wanda@example.org", None);
    let renamed = UserChanges { display_name: Some(name("Renamed")), ..UserChanges::default() };
    for user in [&wanda, &named] {
        assert_eq!(
            update_user(&world.operator(), user.id, &renamed, None).unwrap().display_name,
            name("Renamed")
        );
    }
    let moved = UserChanges { email: Some(Some(email("w@example.org"))), ..UserChanges::default() };
    assert_eq!(
        update_user(&world.operator(), named.id, &moved, None).unwrap().email,
        Some(email("w@example.org"))
    );
}

#[test]
fn links_that_were_sent_to_another_address_stop_working() {
    let world = World::bare();
    let ada = world.user(UserKind::Internal, "ada");
    let change = |text: &str| {
        let changes = UserChanges { email: Some(Some(email(text))), ..UserChanges::default() };
        update_user(&world.operator(), ada.id, &changes, None).unwrap();
    };
    let link = account_link(world.instance_id, AccountLinkPurpose::Reset(ada.id));
    let is_used = |number| {
        let found = world.store.read(|reads| reads.find_account_link(world.instance_id, &hash(number)));
        found.unwrap().unwrap().used_at.is_some()
    };
    for number in [1, 2] {
        let inserted = world.store.admit(|admits| admits.insert_account_link(&link, &hash(number)));
        assert_eq!(inserted.unwrap(), Inserted::Inserted);
        // The first address takes nothing away: whoever made the link gave it to the user by other means.
        change(if number == 1 { "ada@example.com" } else { "ada@other.example" });
        assert_eq!(is_used(number), number == 2);
    }
    assert!(is_used(1));
}

#[test]
fn what_was_issued_before_a_user_was_disabled_stays_dead() {
    let world = World::bare();
    let user = world.user(UserKind::Internal, "ada");
    assert_eq!(user.tokens_dead_below, ChangeSequence::ZERO);
    let before = world.store.read(|reads| reads.change_sequence()).unwrap();
    let off = switch_user(&world.operator(), user.id, UserState::Disabled, None).unwrap();
    assert!(before < off.tokens_dead_below);
    let changes = world.store.read(|reads| reads.list_changes(before, 9)).unwrap();
    let kill = changes.iter().find(|change| change.sequence == off.tokens_dead_below).unwrap();
    let scope = ChangeScope::User(world.instance_id, user.id);
    assert_eq!((kill.scope, kill.tokens_before), (scope, TokensBefore::Dead));
    let on = switch_user(&world.operator(), user.id, UserState::Active, None).unwrap();
    assert_eq!(on.tokens_dead_below, off.tokens_dead_below);
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
