//! Many at once: exactly as many win as may.

use std::sync::Barrier;
use std::thread;

use turnkeep_domain::membership::Role::{Admin, Auditor, Owner};
use turnkeep_domain::page::Page;
use turnkeep_service::people::accept_invitation::accept_invitation;
use turnkeep_service::people::list_members::list_members;
use turnkeep_service::people::set_member::set_member;
use turnkeep_service::registry::denial::RegistryDenial;

use super::people_verbs::{inviting, told};
use crate::world::World;

/// What each of twenty at once is told.
fn twenty(work: impl Fn(usize) -> Option<RegistryDenial> + Sync) -> Vec<Option<RegistryDenial>> {
    let together = Barrier::new(20);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..20)
            .map(|number| {
                let (work, together) = (&work, &together);
                scope.spawn(move || {
                    together.wait();
                    work(number)
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    })
}

#[test]
fn of_twenty_acceptances_at_once_one_wins() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    let open = inviting(&world.operator(), acme.id, "ann", Auditor).unwrap();
    let ann = world.person("ann");
    let token = world.issued(&ann, None);
    let outcomes = twenty(|_| told(accept_invitation(&world.with_token(&token), &open.handle)));
    assert_eq!(outcomes.iter().filter(|told| told.is_none()).count(), 1);
    let used = Some(RegistryDenial::InvitationAccepted);
    assert_eq!(outcomes.iter().filter(|told| **told == used).count(), 19);
    assert_eq!(list_members(&world.operator(), acme.id, None, &Page::first(50)).unwrap().len(), 1);
}

#[test]
fn of_twenty_invitations_for_one_name_at_once_one_is_made() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    let outcomes = twenty(|_| told(inviting(&world.operator(), acme.id, "ann", Auditor)));
    assert_eq!(outcomes.iter().filter(|told| told.is_none()).count(), 1);
}

#[test]
fn twenty_owners_who_step_down_at_once_leave_one() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    let owners: Vec<_> =
        (0..20).map(|number| world.member(acme.id, &format!("owner{number}"), Owner)).collect();
    let outcomes =
        twenty(|number| told(set_member(&world.operator(), acme.id, owners[number].id, Admin, None)));
    let refused: Vec<_> = outcomes.into_iter().flatten().collect();
    assert_eq!(refused, [RegistryDenial::LastOwner]);
}
