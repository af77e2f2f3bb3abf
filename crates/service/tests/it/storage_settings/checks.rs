//! Checks of the connection.

use turnkeep_domain::storage_config::{LastStorageCheck, StorageCheckOutcome, StorageFields};
use turnkeep_service::failure::Fault;
use turnkeep_service::registry::delete_app::delete_app;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::storage_settings::check_connection::check_storage_connection;
use turnkeep_service::storage_settings::delete_settings::delete_storage_settings;
use turnkeep_service::storage_settings::probe::ProbeUnavailable;

use super::scripted_storage::{MINIO, SECRET_KEY, putting};
use crate::world::{TestApp, World, denial, fault};

#[test]
fn every_outcome_is_told_kept_and_audited() {
    let (world, storage) = World::with_storage();
    let app = world.stored_app("Acme");
    let version = world.stored_settings(&app).unwrap().config.version;
    for outcome in StorageCheckOutcome::ALL {
        world.advance(1);
        *storage.answer.lock().unwrap() = Ok(outcome);
        let check = check_storage_connection(&world.operator(), app.id).unwrap();
        assert_eq!((check.outcome, check.version), (outcome, version));
        let config = world.stored_settings(&app).unwrap().config;
        assert_eq!(config.last_check, Some(LastStorageCheck { at: world.authority.now(), outcome }));
        assert_eq!(config.version, version, "a check is no change");
        let event = format!("{:?}", world.events("app.check_storage").first().unwrap());
        assert!(event.contains(outcome.as_str()), "{event}");
    }
    let asked = storage.asked.lock().unwrap();
    assert_eq!(asked[0], ("https://minio.example".to_owned(), SECRET_KEY.to_owned()));
}

#[test]
fn without_settings_there_is_nothing_to_check() {
    let (world, storage) = World::with_storage();
    let app = world.lone_app("Acme");
    let refused = check_storage_connection(&world.operator(), app.id);
    assert_eq!(denial(refused), RegistryDenial::NotFound);
    assert!(storage.asked.lock().unwrap().is_empty());
}

#[test]
fn a_check_that_could_not_be_made_leaves_no_trace() {
    let (world, storage) = World::with_storage();
    let app = world.stored_app("Acme");
    *storage.answer.lock().unwrap() = Err(ProbeUnavailable);
    let failed = fault(check_storage_connection(&world.operator(), app.id));
    assert!(matches!(failed, Fault::ProbeUnavailable(_)) && failed.is_temporary(), "{failed:?}");
    assert_eq!(world.stored_settings(&app).unwrap().config.last_check, None);
    assert!(world.events("app.check_storage").is_empty());
}

#[test]
fn what_changed_during_the_check_does_not_get_its_outcome() {
    let replace = |world: &World, app: &TestApp| {
        world.put(app, &putting(StorageFields { bucket: "other", ..MINIO }, None)).unwrap();
    };
    let remove = |world: &World, app: &TestApp| {
        delete_storage_settings(&world.operator(), app.id, None).unwrap();
    };
    let make_again = |world: &World, app: &TestApp| {
        delete_storage_settings(&world.operator(), app.id, None).unwrap();
        world.put(app, &putting(MINIO, Some("new"))).unwrap();
    };
    let delete_app = |world: &World, app: &TestApp| {
        delete_app(&world.operator(), app.id, None).unwrap();
    };
    let changes: [fn(&World, &TestApp); 4] = [replace, remove, make_again, delete_app];
    for (number, change) in changes.into_iter().enumerate() {
        let (world, storage) = World::with_storage();
        let app = world.stored_app("Acme");
        let version = world.stored_settings(&app).unwrap().config.version;
        let (inside, target) = (world.clone(), app.clone());
        *storage.meanwhile.lock().unwrap() = Some(Box::new(move || change(&inside, &target)));
        let check = check_storage_connection(&world.operator(), app.id).unwrap();
        assert_eq!((check.outcome, check.version), (StorageCheckOutcome::Works, version), "{number}");
        let kept = world.stored_settings(&app).and_then(|stored| stored.config.last_check);
        assert_eq!(kept, None, "{number}");
        assert_eq!(world.events("app.check_storage").len(), 1, "{number}");
    }
}

#[test]
fn a_tenant_does_not_hold_more_than_its_share_of_checks() {
    let (world, storage) = World::with_storage();
    let app = world.stored_app("Acme");
    let (one, two, target) = (world.clone(), world.clone(), app.clone());
    let inner = std::sync::Arc::clone(&storage);
    *storage.meanwhile.lock().unwrap() = Some(Box::new(move || {
        let (two, app) = (two.clone(), target.clone());
        *inner.meanwhile.lock().unwrap() = Some(Box::new(move || {
            let third = fault(check_storage_connection(&two.operator(), app.id));
            assert!(matches!(third, Fault::TooManyChecks) && third.is_temporary(), "{third:?}");
        }));
        check_storage_connection(&one.operator(), target.id).unwrap();
    }));
    check_storage_connection(&world.operator(), app.id).unwrap();
    assert_eq!(storage.asked.lock().unwrap().len(), 2);
    check_storage_connection(&world.operator(), app.id).unwrap();
}
