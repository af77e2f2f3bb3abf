//! The role walk (attack 68): every use case, in every role, is refused for the want of exactly the permission that
//! it needs, and else for something else or not at all.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use turnkeep_domain::id::TenantId;
use turnkeep_domain::membership::Role;
use turnkeep_policy::permission::{Permission, decide_permission};
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::tokens::authenticate_bearer::Reach;

use super::walk_of_apps::walk_apps;
use super::walk_of_dashboard::walk_dashboard;
use super::walk_of_instance::{walk_instance, walk_platform};
use super::walk_of_people::walk_people;
use crate::world::World;

/// Use cases that need no permission: what they do is the caller's own business, or that of an app by its own scope.
const FOR_EVERYBODY: [&str; 6] =
    ["who_am_i", "accept_invitation", "find_replay", "keep_answer", "own_usage", "report_usage"];

/// A use case by its name, what it needs, and what a caller was told.
pub(super) type Step = (&'static str, Permission, Option<RegistryDenial>);

/// The permission that is asked for last of two that something needs, as far as the caller gets.
pub(super) fn first_missing(
    context: &RegistryContext<'_>,
    first: Permission,
    second: Permission,
) -> Permission {
    let has_first = |principal| decide_permission(principal, first).is_ok();
    if context.principal().is_some_and(has_first) { second } else { first }
}

fn walk(context: &RegistryContext<'_>, own: TenantId) -> Vec<Step> {
    let mut steps = walk_apps(context, own);
    steps.extend(walk_people(context, own));
    steps.extend(walk_instance(context, own));
    steps.extend(walk_dashboard(context, own));
    steps
}

#[test]
fn every_use_case_is_for_those_who_have_its_permission() {
    let world = World::new();
    let tenant_id = world.tenant("Acme").id;
    let members = Role::ALL.map(|role| Reach::Tenant { tenant_id, role });
    for reach in members.into_iter().chain([Reach::Nowhere, Reach::Instance, Reach::Platform]) {
        let context = world.context(reach);
        for (what, permission, told) in walk(&context, tenant_id) {
            let has_it =
                context.principal().map(|principal| decide_permission(principal, permission).is_ok());
            let is_refused = matches!(told, Some(RegistryDenial::Forbidden(_)));
            if has_it == Some(true) {
                assert!(!is_refused, "{what} as {reach:?}: {told:?}");
            } else {
                assert_eq!(told, Some(RegistryDenial::Forbidden(permission)), "{what} as {reach:?}");
            }
        }
        for (what, permission, told) in walk_platform(&context) {
            let is_refused = told == Some(RegistryDenial::Forbidden(permission));
            assert_eq!(is_refused, reach != Reach::Platform, "{what} as {reach:?}: {told:?}");
        }
    }
}

#[test]
fn the_walk_leaves_no_use_case_out() {
    let world = World::bare();
    let context = world.context(Reach::Nowhere);
    let steps = walk(&context, TenantId::from_bytes([9; 16]));
    let walked: BTreeSet<&str> =
        steps.iter().chain(&walk_platform(&context)).map(|(what, _, _)| *what).chain(FOR_EVERYBODY).collect();
    let mut written = BTreeSet::new();
    collect(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut written);
    let left_out: Vec<_> = written.iter().filter(|name| !walked.contains(name.as_str())).collect();
    assert!(left_out.is_empty(), "{left_out:?}");
    let gone: Vec<_> = walked.iter().filter(|name| !written.contains(**name)).collect();
    assert!(gone.is_empty(), "{gone:?}");
}

/// The names of the public functions that take a caller first.
fn collect(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, names);
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        for function in source.split("\npub fn ").skip(1) {
            let (name, parameters) = function.split_once('(').unwrap();
            let name = name.split('<').next().unwrap();
            if parameters.trim_start().starts_with("context: &RegistryContext") {
                names.insert(name.to_owned());
            }
        }
    }
}
