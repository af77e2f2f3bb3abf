//! Using stored credentials on behalf of an app.

use turnkeep_domain::app::AppState;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::{AppId, InstanceId};
use turnkeep_domain::plan::PlanPrice;
use turnkeep_policy::decide_storage_use::StorageUseDenial;
use turnkeep_service::failure::{Failure, Fault};
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::manage_instance::switch_instance;
use turnkeep_service::registry::manage_tenant::TenantStep;
use turnkeep_service::storage_settings::use_settings::{
    DecryptedStorageSettings, StorageUse, UsePurpose, use_storage_settings,
};
use turnkeep_storage::outcome::Updated;
use turnkeep_storage::storage_config::StoredStorageConfig;

use super::scripted_storage::{MINIO, SECRET_KEY, minio, putting};
use crate::world::{TestApp, World, cheap_settings, denial, fault};

fn storing() -> StorageUse {
    StorageUse { actor: Actor::System, purpose: UsePurpose::parse("storing parsed documents").unwrap() }
}

fn used(world: &World, app: &TestApp) -> Result<Option<DecryptedStorageSettings>, Failure<StorageUseDenial>> {
    use_storage_settings(&world.authority, world.instance_id, app.id, &storing())
}

#[test]
fn the_credentials_are_handed_out_with_an_event() {
    let (world, _) = World::with_storage();
    let app = world.stored_app("Acme");
    let decrypted = used(&world, &app).unwrap().unwrap();
    assert_eq!(decrypted.secret_key.expose(), SECRET_KEY);
    let version = world.stored_settings(&app).unwrap().config.version;
    assert_eq!((decrypted.settings.clone(), decrypted.version), (minio(MINIO), version));
    assert!(!format!("{decrypted:?}").contains(SECRET_KEY));
    let events = world.events("app.use_storage");
    let event = events.first().unwrap();
    assert_eq!((events.len(), event.tenant_id), (1, Some(app.tenant_id)));
    let told = format!("{event:?}");
    assert!(told.contains("storing parsed documents") && told.contains(&app.id.to_string()), "{told}");
}

#[test]
fn an_app_without_settings_is_on_managed_storage() {
    let (world, _) = World::with_storage();
    let app = world.lone_app("Acme");
    assert!(used(&world, &app).unwrap().is_none());
    assert!(world.events("app.use_storage").is_empty(), "no credentials were used");
}

#[test]
fn a_purpose_is_one_readable_line() {
    for (text, accepted) in [("backup", true), ("", false), ("a\0b", false), (&"x".repeat(101), false)] {
        assert_eq!(UsePurpose::parse(text).is_ok(), accepted, "{text:?}");
    }
}

#[test]
fn what_stops_tokens_stops_the_use() {
    type Change = fn(&World, &TestApp);
    let cases: [(Change, StorageUseDenial); 6] = [
        (|world, app| world.switch(app, AppState::Disabled), StorageUseDenial::AppDisabled),
        (
            |world, app| {
                world.step_tenant(app.tenant_id, TenantStep::Suspend);
            },
            StorageUseDenial::TenantSuspended,
        ),
        (
            |world, app| {
                world.step_tenant(app.tenant_id, TenantStep::Suspend);
                world.step_tenant(app.tenant_id, TenantStep::Close);
            },
            StorageUseDenial::TenantClosed,
        ),
        (
            |world, _| {
                let state = turnkeep_domain::instance::InstanceState::Disabled;
                switch_instance(&world.operator(), world.instance_id, state, None).unwrap();
            },
            StorageUseDenial::InstanceDisabled,
        ),
        (
            |world, app| {
                let plan = world.plan("pro", PlanPrice::Paid);
                world.change_plan(app, PlanAction::Assign(plan.id));
                world.retire_plan(plan.id);
            },
            StorageUseDenial::PlanRetired,
        ),
        (
            |world, app| {
                let plan = world.plan("pro", PlanPrice::Paid);
                world.change_plan(app, PlanAction::Assign(plan.id));
                assert!(used(world, app).is_ok(), "a plan in force stops nothing");
                world.change_plan(app, PlanAction::Hold);
            },
            StorageUseDenial::PlanOnHold,
        ),
    ];
    for (change, expected) in cases {
        let (world, _) = World::with_storage();
        let world = world.instance("acme");
        let app = world.stored_app("Acme");
        change(&world, &app);
        assert_eq!(denial(used(&world, &app)), expected);
        world.authority.keep_books().unwrap();
        let events = world.events("app.use_storage");
        let told = format!("{:?}", events.first().unwrap());
        assert!(told.contains(expected.code()) && told.contains(&app.tenant_id.to_string()), "{told}");
    }
}

#[test]
fn what_is_not_there_is_unknown_and_harms_nothing() {
    let (world, _) = World::with_storage();
    let (app, other) = (world.stored_app("Acme"), world.instance("other"));
    let nowhere = InstanceId::from_bytes([9; 16]);
    for (instance_id, app_id) in
        [(world.instance_id, AppId::from_bytes([9; 16])), (other.instance_id, app.id), (nowhere, app.id)]
    {
        let refused = use_storage_settings(&world.authority, instance_id, app_id, &storing());
        assert_eq!(denial(refused), StorageUseDenial::AppUnknown);
    }
    world.authority.keep_books().unwrap();
}

#[test]
fn a_sealed_key_that_was_moved_to_another_record_does_not_open() {
    let (world, storage) = World::with_storage();
    let (app, other) = (world.stored_app("Acme"), world.lone_app("Evil"));
    world.put(&other, &putting(MINIO, Some("their-own"))).unwrap();
    // As if somebody wrote to the database.
    let (victim, thief) = (world.stored_settings(&app).unwrap(), world.stored_settings(&other).unwrap());
    let version = thief.config.version;
    let moved = StoredStorageConfig { sealed_secret_key: victim.sealed_secret_key, ..thief };
    let update =
        world.store.mutate(|writes| writes.update_storage_config(world.instance_id, &moved, version));
    assert_eq!(update.unwrap(), Updated::Updated);
    assert!(matches!(fault(used(&world, &other)), Fault::Sealing(_)));
    let context = world.operator();
    let check = turnkeep_service::storage_settings::check_connection::check_storage_connection;
    assert!(matches!(fault(check(&context, other.id)), Fault::Sealing(_)));
    assert!(storage.asked.lock().unwrap().is_empty());
    assert!(world.events("app.use_storage").is_empty());
    assert!(used(&world, &app).unwrap().is_some());
}

#[test]
fn under_another_master_key_nothing_opens() {
    let (world, _) = World::with_storage();
    let app = world.stored_app("Acme");
    let (stranger, _) = world.probing(cheap_settings(), &[2], 78);
    assert!(matches!(fault(used(&stranger, &app)), Fault::Sealing(_)));
}
