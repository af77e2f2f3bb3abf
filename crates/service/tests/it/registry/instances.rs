//! Instances.

use turnkeep_domain::id::InstanceId;
use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::version::RecordVersion;
use turnkeep_service::registry::context::find_addressed_instance;
use turnkeep_service::registry::create_instance::{CreateInstanceCommand, create_instance};
use turnkeep_service::registry::denial::{RegistryDenial, UniqueAttribute};
use turnkeep_service::registry::manage_instance::{
    find_instance, list_instances, rename_instance, switch_instance,
};
use turnkeep_testkit::fixtures::{name, slug};

use crate::world::{BASE_URL, World, denial};

#[test]
fn a_new_instance_has_its_own_key_and_issuer() {
    let world = World::new();
    let other = world.instance("acme");
    let token = other.token(&other.lone_app("Acme"));
    assert_eq!(crate::world::token_verbs::payload(&token)["iss"], format!("{BASE_URL}/i/acme"));
    other.verify(&token).unwrap();
    assert!(world.verify(&token).is_err());
    let slugs: Vec<String> =
        list_instances(&world.operator()).unwrap().iter().map(|instance| instance.slug.to_string()).collect();
    assert_eq!(slugs.len(), 2);
    assert!(slugs.contains(&"acme".to_owned()));
}

#[test]
fn slugs_are_unique() {
    let world = World::bare();
    for text in ["default", "acme"] {
        let command = CreateInstanceCommand { slug: slug(text), name: name("Other") };
        if text == "acme" {
            create_instance(&world.operator(), &command).unwrap();
        }
        let refused = denial(create_instance(&world.operator(), &command));
        assert_eq!(refused, RegistryDenial::Taken(UniqueAttribute::Slug));
    }
    assert_eq!(list_instances(&world.operator()).unwrap().len(), 2);
}

#[test]
fn the_default_instance_cannot_be_disabled() {
    let world = World::bare();
    let off = switch_instance(&world.operator(), world.instance_id, InstanceState::Disabled, None);
    assert_eq!(denial(off), RegistryDenial::DefaultInstance);
    world.operator_token();
}

#[test]
fn a_disabled_instance_cannot_be_addressed_until_it_is_enabled() {
    let world = World::bare();
    let other = world.bare_instance("acme");
    let switch = |state| switch_instance(&world.operator(), other.instance_id, state, None).unwrap();
    assert!(find_addressed_instance(&world.authority, &other.slug).is_ok());
    let off = switch(InstanceState::Disabled);
    assert!(find_addressed_instance(&world.authority, &other.slug).is_err());
    assert_eq!(switch(InstanceState::Disabled), off, "twice changes nothing");
    switch(InstanceState::Active);
    assert!(find_addressed_instance(&world.authority, &other.slug).is_ok());
    assert!(find_addressed_instance(&world.authority, &slug("nobody")).is_err());
}

#[test]
fn renaming_changes_the_name_alone() {
    let world = World::bare();
    let other = world.bare_instance("acme");
    let before = find_instance(&world.operator(), other.instance_id).unwrap();
    let rename = |version| rename_instance(&world.operator(), other.instance_id, &name("Acme Inc."), version);
    let after = rename(Some(before.version)).unwrap();
    assert_eq!((after.name, after.slug), (name("Acme Inc."), before.slug));
    assert_eq!(denial(rename(Some(RecordVersion::FIRST))), RegistryDenial::StaleVersion);
    let unknown = InstanceId::from_bytes([9; 16]);
    assert_eq!(denial(find_instance(&world.operator(), unknown)), RegistryDenial::NotFound);
    let renamed = rename_instance(&world.operator(), unknown, &name("X"), None);
    assert_eq!(denial(renamed), RegistryDenial::NotFound);
}
