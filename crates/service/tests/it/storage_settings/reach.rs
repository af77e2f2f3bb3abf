//! Who may see, set, check and remove storage settings.

use turnkeep_domain::membership::Role;
use turnkeep_policy::permission::Permission;
use turnkeep_service::failure::Failure;
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::storage_settings::check_connection::check_storage_connection;
use turnkeep_service::storage_settings::delete_settings::delete_storage_settings;
use turnkeep_service::storage_settings::put_settings::put_storage_settings;
use turnkeep_service::storage_settings::show_settings::show_storage_settings;
use turnkeep_service::tokens::authenticate_bearer::Reach;

use super::scripted_storage::{MINIO, SECRET_KEY, putting};
use crate::world::{TestApp, World};

fn told<T>(attempt: RegistryResult<T>) -> Option<RegistryDenial> {
    match attempt {
        Ok(_) => None,
        Err(Failure::Denied(denial)) => Some(denial),
        Err(Failure::Fault(fault)) => panic!("{fault:?}"),
    }
}

/// Showing, putting, checking, removing; the settings are there before and after.
fn attempts(world: &World, context: &RegistryContext<'_>, app: &TestApp) -> [Option<RegistryDenial>; 4] {
    let denials = [
        told(show_storage_settings(context, app.id)),
        told(put_storage_settings(context, app.id, &putting(MINIO, Some(SECRET_KEY)))),
        told(check_storage_connection(context, app.id)),
        told(delete_storage_settings(context, app.id, None)),
    ];
    world.put(app, &putting(MINIO, Some(SECRET_KEY))).unwrap();
    denials
}

#[test]
fn roles_set_and_check_and_auditors_only_look() {
    let (world, storage) = World::with_storage();
    let app = world.stored_app("Acme");
    for role in [Role::Owner, Role::Admin, Role::Developer] {
        let context = world.tenant_caller(app.tenant_id, role);
        assert_eq!(attempts(&world, &context, &app), [None, None, None, None], "{role:?}");
    }
    storage.asked.lock().unwrap().clear();
    let auditor = world.tenant_caller(app.tenant_id, Role::Auditor);
    let forbidden = |permission| Some(RegistryDenial::Forbidden(permission));
    assert_eq!(
        attempts(&world, &auditor, &app),
        [
            None,
            forbidden(Permission::ManageStorage),
            forbidden(Permission::CheckStorage),
            forbidden(Permission::ManageStorage)
        ]
    );
    assert!(storage.asked.lock().unwrap().is_empty());
}

#[test]
fn another_tenants_settings_are_absent() {
    let (world, storage) = World::with_storage();
    let (app, stranger) = (world.stored_app("Acme"), world.lone_app("Evil"));
    let other_instance = world.instance("other");
    let context = world.tenant_caller(stranger.tenant_id, Role::Owner);
    let from_elsewhere = other_instance.operator();
    for context in [&context, &from_elsewhere] {
        for denial in attempts(&world, context, &app) {
            assert_eq!(denial, Some(RegistryDenial::NotFound));
        }
    }
    let nobody = world.context(Reach::Nowhere);
    for denial in attempts(&world, &nobody, &app) {
        assert!(matches!(denial, Some(RegistryDenial::Forbidden(_))), "{denial:?}");
    }
    assert!(storage.asked.lock().unwrap().is_empty(), "nobody connected");
}

#[test]
fn a_stranger_cannot_tell_from_a_refused_endpoint_whether_an_app_exists() {
    let (world, _) = World::with_storage();
    let (app, stranger) = (world.stored_app("Acme"), world.lone_app("Evil"));
    let context = world.tenant_caller(stranger.tenant_id, Role::Owner);
    let mut command = putting(MINIO, None);
    command.settings = super::scripted_storage::minio(turnkeep_domain::storage_config::StorageFields {
        endpoint: Some("https://refused.example"),
        ..MINIO
    });
    let told = told(put_storage_settings(&context, app.id, &command));
    assert_eq!(told, Some(RegistryDenial::NotFound));
}
