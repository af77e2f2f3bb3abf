//! Instances.

use turnkeep_domain::accent::Accent;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::instance::{Instance, InstanceState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_service::registry::context::find_addressed_instance;
use turnkeep_service::registry::create_instance::{CreateInstanceCommand, create_instance};
use turnkeep_service::registry::denial::{RegistryDenial, UniqueAttribute};
use turnkeep_service::registry::manage_instance::{
    InstanceChanges, find_instance, list_instances, switch_instance, update_instance,
};
use turnkeep_service::sign_in::issuer_look::issuer_look;
use turnkeep_service::snapshot::look_up::LookUp;
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
        let command =
            CreateInstanceCommand { slug: slug(text), name: name("Other"), accent: Accent::default() };
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
fn an_update_changes_what_it_names_alone() {
    let world = World::bare();
    let other = world.bare_instance("acme");
    let before = find_instance(&world.operator(), other.instance_id).unwrap();
    let update = |changes, version| update_instance(&world.operator(), other.instance_id, &changes, version);
    let renaming = || InstanceChanges { name: Some(name("Acme Inc.")), accent: None };
    let renamed = update(renaming(), Some(before.version)).unwrap();
    let named = Instance { name: name("Acme Inc."), version: before.version.next(), ..before.clone() };
    assert_eq!(renamed, named);
    assert_eq!(denial(update(renaming(), Some(RecordVersion::FIRST))), RegistryDenial::StaleVersion);
    let recoloured = update(InstanceChanges { name: None, accent: Some(Accent::Rose) }, None).unwrap();
    assert_eq!(recoloured, Instance { accent: Accent::Rose, version: named.version.next(), ..named });
    assert_eq!(find_instance(&world.operator(), other.instance_id).unwrap(), recoloured);
    let unknown = InstanceId::from_bytes([9; 16]);
    assert_eq!(denial(find_instance(&world.operator(), unknown)), RegistryDenial::NotFound);
    let of_nobody = update_instance(&world.operator(), unknown, &renaming(), None);
    assert_eq!(denial(of_nobody), RegistryDenial::NotFound);
}

#[test]
fn pages_are_told_of_another_accent_at_once() {
    let world = World::bare();
    let accent = || issuer_look(&world.authority, &world.slug, LookUp::Anywhere).unwrap().accent;
    assert_eq!(accent(), Accent::Blue);
    for wanted in [Accent::Teal, Accent::Slate, Accent::Blue] {
        let changes = InstanceChanges { name: None, accent: Some(wanted) };
        update_instance(&world.operator(), world.instance_id, &changes, None).unwrap();
        assert_eq!(accent(), wanted);
    }
}
