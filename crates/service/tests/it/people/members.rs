//! Members of tenants.

use turnkeep_domain::id::{TenantId, UserId};
use turnkeep_domain::membership::Role;
use turnkeep_domain::membership::Role::{Admin, Auditor, Developer, Owner};
use turnkeep_domain::page::Page;
use turnkeep_domain::user::UserKind;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::permission::Permission;
use turnkeep_service::people::list_members::{find_member, list_members};
use turnkeep_service::people::remove_member::remove_member;
use turnkeep_service::people::set_member::set_member;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::tokens::authenticate_bearer::{BearerDenial, Reach};

use super::people_verbs::{inviting, told};
use crate::world::{World, denial};

#[test]
fn only_operators_put_somebody_new_into_a_tenant() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    let (owner, ann) = (world.member(acme.id, "owner", Owner), world.person("ann"));
    let context = world.acting(&owner, acme.id);
    // Somebody else's user and none at all look the same.
    for user_id in [ann.id, UserId::from_bytes([9; 16])] {
        let refused = set_member(&context, acme.id, user_id, Auditor, None);
        assert_eq!(denial(refused), RegistryDenial::NotFound);
    }
    let member = set_member(&world.operator(), acme.id, ann.id, Auditor, None).unwrap();
    assert_eq!(member.membership.role, Auditor);
    assert_eq!(find_member(&context, acme.id, ann.id).unwrap(), member);
    let absent = set_member(&world.operator(), acme.id, UserId::from_bytes([9; 16]), Auditor, None);
    assert_eq!(denial(absent), RegistryDenial::NotFound);
    // A version of what is not there.
    let bob = world.person("bob");
    let versioned = set_member(&world.operator(), acme.id, bob.id, Auditor, Some(RecordVersion::FIRST));
    assert_eq!(denial(versioned), RegistryDenial::StaleVersion);
}

#[test]
fn members_change_members_as_far_as_their_own_role_permits() {
    let no_members = Some(RegistryDenial::Forbidden(Permission::ManageMembers));
    let no_owners = Some(RegistryDenial::Forbidden(Permission::ManageOwners));
    for (caller, present, wanted, expected) in [
        (Owner, Auditor, Owner, None),
        (Owner, Owner, Auditor, None),
        (Admin, Auditor, Admin, None),
        (Admin, Auditor, Owner, no_owners.clone()),
        (Admin, Owner, Auditor, no_owners),
        (Developer, Auditor, Auditor, no_members.clone()),
        (Auditor, Auditor, Developer, no_members),
    ] {
        let world = World::bare();
        let acme = world.tenant("Acme");
        world.member(acme.id, "first", Owner);
        let user = world.member(acme.id, "ann", present);
        let context = world.tenant_caller(acme.id, caller);
        let set = told(set_member(&context, acme.id, user.id, wanted, None));
        assert_eq!(set, expected, "{caller} makes {present} {wanted}");
        world.authority.keep_books().unwrap();
        let refusals = world.events("member.set").into_iter().filter_map(|event| event.refusal);
        let codes: Vec<_> = expected.iter().map(|denial| denial.code().to_owned()).collect();
        assert_eq!(refusals.collect::<Vec<_>>(), codes);
    }
}

#[test]
fn a_demoted_or_removed_member_is_judged_anew_at_the_next_call() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    world.member(acme.id, "owner", Owner);
    let ann = world.member(acme.id, "ann", Admin);
    let token = world.issued(&ann, Some(acme.id));
    inviting(&world.with_token(&token), acme.id, "bob", Auditor).unwrap();
    set_member(&world.operator(), acme.id, ann.id, Auditor, None).unwrap();
    let context = world.with_token(&token);
    assert_eq!(context.caller.reach, Reach::Tenant { tenant_id: acme.id, role: Auditor });
    let refused = denial(inviting(&context, acme.id, "eve", Auditor));
    assert_eq!(refused, RegistryDenial::Forbidden(Permission::ManageMembers));
    remove_member(&world.operator(), acme.id, ann.id, None).unwrap();
    assert_eq!(denial(world.recognise(&token)), BearerDenial::InvalidToken);
}

#[test]
fn a_member_leaves_by_itself_and_raises_itself_never() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    world.member(acme.id, "first", Owner);
    for role in Role::ALL {
        let user = world.member(acme.id, role.as_str(), role);
        let (ann, context) = (user.id, world.acting(&user, acme.id));
        if role != Owner {
            assert!(set_member(&context, acme.id, ann, Owner, None).is_err(), "{role}");
        }
        remove_member(&context, acme.id, ann, None).unwrap();
        assert_eq!(denial(find_member(&world.operator(), acme.id, ann)), RegistryDenial::NotFound);
    }
    let removed = denial(remove_member(&world.operator(), acme.id, UserId::from_bytes([9; 16]), None));
    assert_eq!(removed, RegistryDenial::NotFound);
}

#[test]
fn the_last_owner_who_can_act_stays() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    let (ann, bob) = (world.member(acme.id, "ann", Owner), world.member(acme.id, "bob", Owner));
    world.disable(&bob);
    for context in [world.operator(), world.acting(&ann, acme.id)] {
        let demoted = set_member(&context, acme.id, ann.id, Admin, None);
        assert_eq!(denial(demoted), RegistryDenial::LastOwner);
        assert_eq!(denial(remove_member(&context, acme.id, ann.id, None)), RegistryDenial::LastOwner);
    }
    world.close(acme.id);
    let added = denial(set_member(&world.operator(), acme.id, world.person("eve").id, Owner, None));
    assert_eq!(added, RegistryDenial::TenantClosed);
    remove_member(&world.operator(), acme.id, ann.id, None).unwrap();
}

#[test]
fn system_users_and_disabled_users_get_no_role() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    let (service, gone) = (world.user(UserKind::System, "svc"), world.person("gone"));
    world.disable(&gone);
    for (user, expected) in [(service, RegistryDenial::SystemUser), (gone, RegistryDenial::UserDisabled)] {
        assert_eq!(denial(set_member(&world.operator(), acme.id, user.id, Auditor, None)), expected);
    }
}

#[test]
fn a_change_to_a_version_that_is_gone_is_refused_and_one_to_the_same_role_changes_nothing() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    let ann = world.member(acme.id, "ann", Auditor);
    let set = |role, version| set_member(&world.operator(), acme.id, ann.id, role, version);
    let first = set(Auditor, None).unwrap().membership.version;
    assert_eq!(set(Auditor, Some(first)).unwrap().membership.version, first);
    assert_eq!(set(Developer, Some(first)).unwrap().membership.version, first.next());
    assert_eq!(denial(set(Admin, Some(first))), RegistryDenial::StaleVersion);
    let removed = remove_member(&world.operator(), acme.id, ann.id, Some(first));
    assert_eq!(denial(removed), RegistryDenial::StaleVersion);
    remove_member(&world.operator(), acme.id, ann.id, Some(first.next())).unwrap();
    let again = set(Auditor, None).unwrap().membership.version;
    assert!(first.next() < again, "no version of one membership is one of the next");
}

#[test]
fn members_are_listed_by_role_and_in_the_order_of_names() {
    let world = World::bare();
    let (acme, other) = (world.tenant("Acme"), world.tenant("Other"));
    for (name, role) in [("cleo", Admin), ("ann", Owner), ("bob", Admin)] {
        world.member(acme.id, name, role);
    }
    world.member(other.id, "eve", Owner);
    let names = |role: Option<Role>, page: &Page<UserId>| -> Vec<String> {
        let members = list_members(&world.operator(), acme.id, role, page).unwrap();
        members.iter().map(|member| member.user.name.to_string()).collect()
    };
    assert_eq!(names(None, &Page::first(9)), ["cleo", "ann", "bob"]);
    assert_eq!(names(None, &Page::by_name(2)), ["ann", "bob"]);
    assert_eq!(names(Some(Admin), &Page::by_name(9)), ["bob", "cleo"]);
    assert_eq!(names(Some(Auditor), &Page::by_name(9)), [""; 0]);
    let absent = list_members(&world.operator(), TenantId::from_bytes([9; 16]), None, &Page::first(9));
    assert_eq!(denial(absent), RegistryDenial::NotFound);
}

#[test]
fn the_trail_tells_what_became_of_a_role() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    let owner = world.member(acme.id, "owner", Owner);
    let ann = world.member(acme.id, "ann", Auditor);
    let context = world.acting(&owner, acme.id);
    set_member(&context, acme.id, ann.id, Admin, None).unwrap();
    remove_member(&context, acme.id, ann.id, None).unwrap();
    let about_ann = |action: &str| -> Vec<_> {
        let events = world.events(action).into_iter().rev();
        let events = events.filter(|event| event.object == Some(ann.id.to_string()));
        events.map(|event| (event.actor, event.tenant_id, event.changes)).collect()
    };
    let (sets, removals) = (about_ann("member.set"), about_ann("member.remove"));
    let told: Vec<_> = sets
        .iter()
        .chain(&removals)
        .map(|(actor, tenant_id, changes)| {
            assert_eq!(*tenant_id, Some(acme.id));
            let [change] = changes.as_slice() else { panic!("{changes:?}") };
            assert_eq!(change.attribute, "role");
            (actor.clone(), change.before.clone(), change.after.clone())
        })
        .collect();
    let (by_server, by_owner) = ("command-line".to_owned(), owner.id.to_string());
    let text = |role: Role| Some(role.to_string());
    assert_eq!(
        told,
        [
            (by_server, None, text(Auditor)),
            (by_owner.clone(), text(Auditor), text(Admin)),
            (by_owner, text(Admin), None)
        ]
    );
}
