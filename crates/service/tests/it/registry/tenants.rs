//! Tenants and their life.

use turnkeep_domain::id::TenantId;
use turnkeep_domain::membership::Role;
use turnkeep_domain::page::Page;
use turnkeep_domain::tenant::{AppLimit, TenantState};
use turnkeep_domain::user::UserKind;
use turnkeep_domain::version::RecordVersion;
use turnkeep_service::people::set_member::set_member;
use turnkeep_service::registry::create_app::create_app;
use turnkeep_service::registry::create_tenant::{CreateTenantCommand, create_tenant};
use turnkeep_service::registry::denial::{RegistryDenial, UniqueAttribute};
use turnkeep_service::registry::foresee_closing::foresee_closing;
use turnkeep_service::registry::manage_tenant::{
    TenantChanges, TenantStep, find_tenant, list_tenants, step_tenant, update_tenant,
};
use turnkeep_testkit::fixtures::name;

use crate::world::{World, denial};

const TAKEN: RegistryDenial = RegistryDenial::Taken(UniqueAttribute::Name);

#[test]
fn a_new_tenant_waits_for_activation() {
    let world = World::new();
    let tenant = world.pending_tenant("Acme");
    assert_eq!(tenant.state, TenantState::PendingActivation);
    assert_eq!(find_tenant(&world.operator(), tenant.id).unwrap(), tenant);
}

#[test]
fn names_are_unique_in_the_instance_for_people() {
    let world = World::new();
    let (acme, other) = (world.tenant("Acme"), world.tenant("Other"));
    let command = CreateTenantCommand { name: name(" ACME"), app_limit: AppLimit::DEFAULT };
    assert_eq!(denial(create_tenant(&world.operator(), &command)), TAKEN);
    let rename = |id, to: &str| {
        let changes = TenantChanges { name: Some(name(to)), ..TenantChanges::default() };
        update_tenant(&world.operator(), id, &changes, None)
    };
    assert_eq!(denial(rename(other.id, "acme")), TAKEN);
    assert_eq!(rename(acme.id, "aCME").unwrap().name, name("aCME"));
    world.instance("acme").tenant("Acme");
}

/// Brings a tenant to a state.
fn tenant_in(world: &World, state: TenantState) -> TenantId {
    let id = world.pending_tenant(&format!("{state:?} {}", world.trail().len())).id;
    let steps: &[TenantStep] = match state {
        TenantState::PendingActivation => &[],
        TenantState::Active => &[TenantStep::Activate],
        TenantState::Suspended => &[TenantStep::Activate, TenantStep::Suspend],
        TenantState::Closed => &[TenantStep::Close],
    };
    for step in steps {
        world.step_tenant(id, *step);
    }
    id
}

#[test]
fn only_these_steps_are_possible() {
    use TenantState::{Active, Closed, PendingActivation, Suspended};
    let world = World::bare();
    for (from, activate, suspend, close) in [
        (PendingActivation, Some(Active), None, Some(Closed)),
        (Active, None, Some(Suspended), None),
        (Suspended, Some(Active), None, Some(Closed)),
        (Closed, None, None, None),
    ] {
        let steps = [TenantStep::Activate, TenantStep::Suspend, TenantStep::Close];
        for (step, expected) in steps.into_iter().zip([activate, suspend, close]) {
            let id = tenant_in(&world, from);
            let stepped = step_tenant(&world.operator(), id, step, None);
            match expected {
                Some(state) => assert_eq!(stepped.unwrap().state, state),
                None => assert_eq!(denial(stepped).code(), "tenant_state", "{from:?} {step:?}"),
            }
            let state = find_tenant(&world.operator(), id).unwrap().state;
            assert_eq!(state, expected.unwrap_or(from));
        }
    }
}

#[test]
fn what_closing_ends_is_foreseen_and_nothing_happens() {
    use TenantState::{Active, Closed, PendingActivation, Suspended};
    let world = World::new();
    for (state, obstacle) in [
        (PendingActivation, None),
        (Active, Some("tenant_state")),
        (Suspended, None),
        (Closed, Some("tenant_state")),
    ] {
        let id = tenant_in(&world, state);
        let before = find_tenant(&world.operator(), id).unwrap();
        let foreseen = foresee_closing(&world.operator(), id).unwrap();
        let code = foreseen.obstacle.as_ref().map(RegistryDenial::code);
        assert_eq!((foreseen.apps, foreseen.members, code), (0, 0, obstacle), "{state:?}");
        assert_eq!(find_tenant(&world.operator(), id).unwrap(), before);
    }
    let acme = world.tenant("Acme");
    world.app(&acme, "One");
    world.app(&acme, "Two");
    let person = world.user(UserKind::Internal, "ann");
    set_member(&world.operator(), acme.id, person.id, Role::Owner, None).unwrap();
    let foreseen = foresee_closing(&world.operator(), acme.id).unwrap();
    assert_eq!((foreseen.apps, foreseen.members), (2, 1));
    let unknown = foresee_closing(&world.operator(), TenantId::from_bytes([9; 16]));
    assert_eq!(denial(unknown), RegistryDenial::NotFound);
}

#[test]
fn a_higher_limit_allows_more_apps_and_a_lower_one_takes_none_away() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let set = |limit| {
        let changes = TenantChanges { app_limit: AppLimit::new(limit), ..TenantChanges::default() };
        update_tenant(&world.operator(), tenant.id, &changes, None).unwrap();
    };
    let apps = ["One", "Two", "Three"].map(|text| world.app(&tenant, text));
    set(4);
    world.app(&tenant, "Four");
    set(1);
    for app in &apps {
        world.token(app);
    }
    let refused = denial(create_app(&world.operator(), &world.command(&tenant, "Five")));
    assert_eq!(refused.code(), "app_limit_reached");
}

#[test]
fn stale_versions_and_unknown_tenants_are_refused() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let context = world.operator();
    let (stale, unknown) = (Some(RecordVersion::FIRST), TenantId::from_bytes([9; 16]));
    assert_eq!(
        denial(update_tenant(&context, tenant.id, &TenantChanges::default(), stale)),
        RegistryDenial::StaleVersion
    );
    assert_eq!(
        denial(step_tenant(&context, tenant.id, TenantStep::Suspend, stale)),
        RegistryDenial::StaleVersion
    );
    step_tenant(&context, tenant.id, TenantStep::Suspend, Some(tenant.version)).unwrap();
    assert_eq!(denial(find_tenant(&context, unknown)), RegistryDenial::NotFound);
    assert_eq!(denial(step_tenant(&context, unknown, TenantStep::Activate, None)), RegistryDenial::NotFound);
    let elsewhere = world.bare_instance("acme");
    assert_eq!(denial(find_tenant(&elsewhere.operator(), tenant.id)), RegistryDenial::NotFound);
}

#[test]
fn an_operator_lists_all_by_pages() {
    let world = World::bare();
    world.advance(1);
    let one = world.tenant("One");
    world.advance(1);
    let two = world.tenant("Two");
    let names = |page: Page<TenantId>| {
        let tenants = list_tenants(&world.operator(), &Default::default(), &page).unwrap();
        tenants.iter().map(|tenant| tenant.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(Page::first(2)), ["Platform", "One"]);
    assert_eq!(names(Page::after(one.id, 2)), ["Two"]);
    assert!(names(Page::after(two.id, 2)).is_empty());
}
