//! New apps: what is refused, and that a refusal leaves nothing half-made.

use std::sync::Barrier;
use std::thread;

use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::{PlanId, TenantId};
use turnkeep_domain::page::Page;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::region::Availability;
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::tenant::AppLimit;
use turnkeep_policy::choose_region_database::PlacementDenial;
use turnkeep_policy::decide_app_creation::AppCreationDenial;
use turnkeep_policy::decide_app_settings::{AppSettingsViolation, AppSettingsWarning};
use turnkeep_policy::decide_plan_assignment::PlanAssignmentDenial;
use turnkeep_service::failure::Failure;
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::create_app::{CreateAppCommand, RegionChoice, create_app};
use turnkeep_service::registry::delete_app::delete_app;
use turnkeep_service::registry::denial::{RegistryDenial, UniqueAttribute};
use turnkeep_service::registry::find_app::{find_app, list_apps};
use turnkeep_service::registry::manage_region::{RegionDatabaseChanges, update_region_database};
use turnkeep_service::registry::manage_tenant::{TenantChanges, TenantStep, update_tenant};
use turnkeep_testkit::fixtures::{name, scopes, slug};

use crate::world::{World, denial};

#[test]
fn a_new_app_is_placed_and_has_a_generated_client_id_and_one_secret() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let created = create_app(&world.operator(), &world.command(&tenant, "Invoices")).unwrap();
    assert!(created.app.client_id.as_str().starts_with("tk_"));
    assert!(created.client_secret.unwrap().expose().starts_with("tkcs_"));
    assert_eq!(created.app.settings.scopes.to_string(), "TrueParser.API");
    assert_eq!(created.warnings, []);
    assert_eq!(world.app_counts("eu-west"), [1]);
    assert_eq!(find_app(&world.operator(), created.app.id).unwrap().app, created.app);
}

#[test]
fn a_new_app_may_start_on_a_plan() {
    let world = World::new();
    let plan = world.plan("pro", PlanPrice::Paid);
    let command = world.command(&world.tenant("Acme"), "App");
    let app = world.create(&CreateAppCommand { plan_id: Some(plan.id), ..command });
    assert_eq!(world.record(app.id).unwrap().plan.unwrap().plan_id, plan.id);
}

#[test]
fn what_deserves_a_second_thought_is_said() {
    let world = World::new();
    let command = world.command(&world.tenant("Acme"), "App");
    let command = CreateAppCommand { scopes: Some(scopes("read update")), ..command };
    let created = create_app(&world.operator(), &command).unwrap();
    assert_eq!(created.warnings, [AppSettingsWarning::ScopeWiderThanRead]);
}

type Change = fn(&World, &mut CreateAppCommand);

#[test]
fn a_refusal_leaves_no_app_no_secret_and_takes_no_room() {
    let table: [(RegistryDenial, Change); 12] = [
        (RegistryDenial::TenantRequired, |_, command| command.tenant_id = None),
        (RegistryDenial::NotFound, |_, command| {
            command.tenant_id = Some(TenantId::from_bytes([9; 16]));
        }),
        (RegistryDenial::AppCreation(AppCreationDenial::TenantNotUsable), |world, command| {
            world.step_tenant(command.tenant_id.unwrap(), TenantStep::Suspend);
        }),
        (
            RegistryDenial::AppCreation(AppCreationDenial::AppLimitReached {
                limit: AppLimit::new(1).unwrap(),
            }),
            |world, command| {
                let app_limit = AppLimit::new(1);
                let changes = TenantChanges { app_limit, ..TenantChanges::default() };
                update_tenant(&world.operator(), command.tenant_id.unwrap(), &changes, None).unwrap();
            },
        ),
        (RegistryDenial::AppCreation(AppCreationDenial::NameTaken), |_, command| {
            command.settings.name = name("taken");
        }),
        (RegistryDenial::Taken(UniqueAttribute::ClientId), |_, command| {
            command.client_id = Some(ClientId::parse("com.vendor/taken").unwrap());
        }),
        (RegistryDenial::Placement(PlacementDenial::RegionUnknown), |_, command| {
            command.region = RegionChoice::Code(slug("nowhere"));
        }),
        (RegistryDenial::Placement(PlacementDenial::NoActiveDatabase), |world, _| {
            set_database(
                world,
                &RegionDatabaseChanges {
                    availability: Some(Availability::Inactive),
                    ..RegionDatabaseChanges::default()
                },
            );
        }),
        (RegistryDenial::Placement(PlacementDenial::NoRoom), |world, _| {
            let capacity = Some(1);
            set_database(world, &RegionDatabaseChanges { capacity, ..RegionDatabaseChanges::default() });
        }),
        (
            RegistryDenial::AppSettings(vec![AppSettingsViolation::ScopeUnknown(
                ScopeName::parse("unknown").unwrap(),
            )]),
            |_, command| command.scopes = Some(scopes("unknown")),
        ),
        (RegistryDenial::PlanAssignment(PlanAssignmentDenial::PlanUnknown), |_, command| {
            command.plan_id = Some(PlanId::from_bytes([9; 16]));
        }),
        (RegistryDenial::PlanAssignment(PlanAssignmentDenial::FreePlanTaken), |world, command| {
            let free = world.plan("free", PlanPrice::Free);
            let apps = list_apps(&world.operator(), command.tenant_id, &Default::default(), &Page::first(10))
                .unwrap();
            let first = apps[0].app.id;
            let action = PlanAction::Assign(free.id);
            turnkeep_service::registry::assign_plan::change_plan(&world.operator(), first, action, None)
                .unwrap();
            command.plan_id = Some(free.id);
        }),
    ];
    for (expected, spoil) in table {
        let world = World::new();
        let tenant = world.tenant("Acme");
        let client_id = Some(ClientId::parse("com.vendor/taken").unwrap());
        world.create(&CreateAppCommand { client_id, ..world.command(&tenant, "Taken") });
        let mut command = world.command(&tenant, "App");
        spoil(&world, &mut command);
        let before = world.store.read(|reads| reads.change_sequence()).unwrap();
        assert_eq!(denial(create_app(&world.operator(), &command)), expected);
        assert_eq!(world.app_counts("eu-west"), [1], "{expected:?}");
        let apps =
            list_apps(&world.operator(), Some(tenant.id), &Default::default(), &Page::first(10)).unwrap();
        assert_eq!(apps.len(), 1, "{expected:?}");
        assert_eq!(world.store.read(|reads| reads.change_sequence()).unwrap(), before, "{expected:?}");
    }
}

fn set_database(world: &World, changes: &RegionDatabaseChanges) {
    let region = world
        .store
        .read(|reads| reads.find_region_by_code(world.instance_id, &slug("eu-west")))
        .unwrap()
        .unwrap();
    let databases = world.store.read(|reads| reads.list_region_databases(world.instance_id, region.id));
    let id = databases.unwrap()[0].id;
    update_region_database(&world.operator(), region.id, id, changes, None).unwrap();
}

#[test]
fn the_cap_holds_against_twenty_at_once() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let together = Barrier::new(20);
    let outcomes: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..20)
            .map(|number| {
                let (world, tenant, together) = (&world, &tenant, &together);
                scope.spawn(move || {
                    let command = world.command(tenant, &format!("App {number}"));
                    together.wait();
                    create_app(&world.operator(), &command)
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let created = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let refused = outcomes.iter().filter(|outcome| {
        matches!(
            outcome,
            Err(Failure::Denied(RegistryDenial::AppCreation(AppCreationDenial::AppLimitReached { .. })))
        )
    });
    assert_eq!((created, refused.count()), (3, 17));
    assert_eq!(world.app_counts("eu-west"), [3]);
    assert_eq!(
        list_apps(&world.operator(), Some(tenant.id), &Default::default(), &Page::first(50)).unwrap().len(),
        3
    );
}

#[test]
fn one_name_is_given_once_at_twenty_requests() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let together = Barrier::new(20);
    let created = thread::scope(|scope| {
        let workers: Vec<_> = (0..20)
            .map(|_| {
                let (world, tenant, together) = (&world, &tenant, &together);
                scope.spawn(move || {
                    let command = world.command(tenant, "Same");
                    together.wait();
                    create_app(&world.operator(), &command).is_ok()
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).filter(|won| *won).count()
    });
    assert_eq!(created, 1);
    assert_eq!(world.app_counts("eu-west"), [1]);
}

#[test]
fn the_least_loaded_database_is_chosen_and_full_ones_are_not() {
    let world = World::bare();
    let region = world.region("eu-west");
    world.database(&region, "SMALL", 1);
    // Of two that are as empty, the older one is taken.
    world.advance(1);
    world.database(&region, "BIG", 3);
    let tenant = world.tenant("Acme");
    let limit = TenantChanges { app_limit: AppLimit::new(10), ..TenantChanges::default() };
    update_tenant(&world.operator(), tenant.id, &limit, None).unwrap();
    let codes: Vec<String> = (0..4)
        .map(|number| {
            let app = world.app(&tenant, &format!("App {number}"));
            world.record(app.id).unwrap().placement.db_code().unwrap().to_string()
        })
        .collect();
    assert_eq!(codes, ["SMALL", "BIG", "BIG", "BIG"]);
    let full = denial(create_app(&world.operator(), &world.command(&tenant, "More")));
    assert_eq!(full, RegistryDenial::Placement(PlacementDenial::NoRoom));
}

#[test]
fn a_deleted_app_gives_its_room_its_name_and_its_place_under_the_cap_back() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let apps = ["One", "Two", "Three"].map(|name| world.app(&tenant, name));
    assert_eq!(world.app_counts("eu-west"), [3]);
    delete_app(&world.operator(), apps[0].id, None).unwrap();
    assert_eq!(world.app_counts("eu-west"), [2]);
    assert_eq!(denial(find_app(&world.operator(), apps[0].id)), RegistryDenial::NotFound);
    let again = world.app(&tenant, "One");
    assert_eq!(world.app_counts("eu-west"), [3]);
    assert_eq!(denial(delete_app(&world.operator(), apps[0].id, None)), RegistryDenial::NotFound);
    assert_eq!(world.app_counts("eu-west"), [3], "deleting twice gives room back once");
    world.token(&again);
}
