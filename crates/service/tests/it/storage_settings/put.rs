//! Setting and removing the storage of an app.

use turnkeep_domain::storage_config::{StorageFields, StorageSettings};
use turnkeep_domain::storage_place::PlainHttp;
use turnkeep_domain::storage_provider::StorageProvider;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::decide_storage_change::StorageChangeDenial;
use turnkeep_service::registry::delete_app::delete_app;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::storage_settings::check_connection::check_storage_connection;
use turnkeep_service::storage_settings::delete_settings::delete_storage_settings;
use turnkeep_service::storage_settings::precondition::Expected;
use turnkeep_service::storage_settings::put_settings::PutStorageSettings;
use turnkeep_service::storage_settings::show_settings::show_storage_settings;

use super::scripted_storage::{MINIO, SECRET_KEY, minio, putting};
use crate::world::{World, cheap_settings, denial};

#[test]
fn each_provider_can_be_set_and_is_shown_with_what_it_implies() {
    let (world, _) = World::with_storage();
    let app = world.lone_app("Acme");
    let account = "https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com";
    let mut versions = Vec::new();
    for (provider, endpoint, region, shown) in [
        (
            StorageProvider::AwsS3,
            None,
            Some("eu-west-1"),
            ("https://s3.eu-west-1.amazonaws.com", "eu-west-1"),
        ),
        (StorageProvider::Tigris, None, None, ("https://t3.storage.dev", "auto")),
        (StorageProvider::CloudflareR2, Some(account), None, (account, "auto")),
        (StorageProvider::MinIo, MINIO.endpoint, None, ("https://minio.example", "us-east-1")),
        (
            StorageProvider::BackblazeB2,
            None,
            Some("eu-central-003"),
            ("https://s3.eu-central-003.backblazeb2.com", "eu-central-003"),
        ),
    ] {
        let fields = StorageFields { endpoint, region, plain_http: PlainHttp::Refused, ..MINIO };
        let settings = StorageSettings::new(provider, &fields).unwrap();
        let command = PutStorageSettings { settings, ..putting(MINIO, Some(SECRET_KEY)) };
        let put = world.put(&app, &command).unwrap();
        assert_eq!(show_storage_settings(&world.operator(), app.id).unwrap(), put);
        assert_eq!((put.settings.endpoint().as_str(), put.settings.region().as_str()), shown);
        versions.push(put.version);
    }
    assert!(versions.windows(2).all(|pair| pair[0].next() == pair[1]), "{versions:?}");
}

#[test]
fn attack_63_another_host_or_name_needs_the_secret_key_again() {
    let (world, storage) = World::with_storage();
    let app = world.lone_app("Acme");
    let missing = RegistryDenial::StorageChange(StorageChangeDenial::SecretKeyMissing);
    assert_eq!(denial(world.put(&app, &putting(MINIO, None))), missing);
    world.put(&app, &putting(MINIO, Some(SECRET_KEY))).unwrap();
    let evil = StorageFields { endpoint: Some("https://evil.example"), ..MINIO };
    let renamed = StorageFields { access_key: "AKIAOTHER", ..MINIO };
    let other_bucket = StorageFields { bucket: "other", region: Some("dc1"), ..MINIO };
    for (fields, reason) in [
        (evil, Some(StorageChangeDenial::EndpointChanged)),
        (renamed, Some(StorageChangeDenial::AccessKeyChanged)),
        (other_bucket, None),
    ] {
        let refused = reason.map(RegistryDenial::StorageChange);
        let before = world.stored_settings(&app);
        let put = world.put(&app, &putting(fields, None));
        match refused {
            Some(refused) => {
                assert_eq!(denial(put), refused, "{fields:?}");
                assert_eq!(world.stored_settings(&app), before, "{fields:?}");
            }
            None => assert_eq!(put.unwrap().settings, minio(fields)),
        }
    }
    // The key that was kept is the one that was entered.
    check_storage_connection(&world.operator(), app.id).unwrap();
    world.put(&app, &putting(evil, Some("another-key"))).unwrap();
    check_storage_connection(&world.operator(), app.id).unwrap();
    let asked = storage.asked.lock().unwrap();
    let kept = ("https://minio.example".to_owned(), SECRET_KEY.to_owned());
    assert_eq!(*asked, [kept, ("https://evil.example".to_owned(), "another-key".to_owned())]);
}

#[test]
fn what_is_not_there_as_expected_is_not_replaced() {
    let (world, _) = World::with_storage();
    let app = world.lone_app("Acme");
    let put =
        |expected| world.put(&app, &PutStorageSettings { expected, ..putting(MINIO, Some(SECRET_KEY)) });
    for wrong in [Expected::Something, Expected::Version(RecordVersion::FIRST)] {
        assert_eq!(denial(put(wrong)), RegistryDenial::StaleVersion, "{wrong:?}");
    }
    assert_eq!(world.stored_settings(&app), None);
    let first = put(Expected::Nothing).unwrap().version;
    for wrong in [Expected::Nothing, Expected::Version(first.next())] {
        assert_eq!(denial(put(wrong)), RegistryDenial::StaleVersion, "{wrong:?}");
    }
    let second = put(Expected::Version(first)).unwrap().version;
    let third = put(Expected::Something).unwrap().version;
    let fourth = put(Expected::Anything).unwrap().version;
    assert_eq!([second, third, fourth], [first.next(), second.next(), third.next()]);
    let stale = delete_storage_settings(&world.operator(), app.id, Some(third));
    assert_eq!(denial(stale), RegistryDenial::StaleVersion);
    delete_storage_settings(&world.operator(), app.id, Some(fourth)).unwrap();
    let again = delete_storage_settings(&world.operator(), app.id, None);
    assert_eq!(denial(again), RegistryDenial::NotFound);
    assert_eq!(denial(show_storage_settings(&world.operator(), app.id)), RegistryDenial::NotFound);
    let anew = put(Expected::Nothing).unwrap().version;
    assert!(fourth < anew, "no version of settings that are gone comes back");
}

#[test]
fn attack_59_an_endpoint_that_the_guard_refuses_is_not_saved() {
    let (world, _) = World::with_storage();
    let app = world.lone_app("Acme");
    let unencrypted = StorageFields { endpoint: Some("http://minio.example"), ..MINIO };
    let refused = StorageFields { endpoint: Some("https://refused.example"), ..MINIO };
    for fields in [unencrypted, refused] {
        let put = world.put(&app, &putting(fields, Some(SECRET_KEY)));
        assert_eq!(denial(put), RegistryDenial::StorageEndpointRefused, "{fields:?}");
    }
    assert_eq!(world.stored_settings(&app), None);
    let mut settings = cheap_settings();
    settings.storage_plain_http = PlainHttp::Allowed;
    let (lenient, _) = world.probing(settings, &[1], 78);
    assert!(lenient.put(&app, &putting(unencrypted, Some(SECRET_KEY))).is_ok());
}

#[test]
fn a_change_forgets_the_last_check() {
    let (world, _) = World::with_storage();
    let app = world.stored_app("Acme");
    check_storage_connection(&world.operator(), app.id).unwrap();
    assert!(world.stored_settings(&app).unwrap().config.last_check.is_some());
    let put = world.put(&app, &putting(StorageFields { bucket: "other", ..MINIO }, None)).unwrap();
    assert_eq!(put.last_check, None);
    assert_eq!(world.stored_settings(&app).unwrap().config, put);
}

#[test]
fn settings_go_with_their_app() {
    let (world, _) = World::with_storage();
    let app = world.stored_app("Acme");
    delete_app(&world.operator(), app.id, None).unwrap();
    assert_eq!(world.stored_settings(&app), None);
}

#[test]
fn the_trail_tells_what_changed_and_of_the_key_that_it_changed() {
    let (world, _) = World::with_storage();
    let app = world.stored_app("Acme");
    world.put(&app, &putting(StorageFields { bucket: "other", ..MINIO }, None)).unwrap();
    world.put(&app, &putting(StorageFields { bucket: "other", ..MINIO }, Some("new"))).unwrap();
    delete_storage_settings(&world.operator(), app.id, None).unwrap();
    let told = |action: &str| -> Vec<String> {
        let events = world.events(action);
        events.iter().rev().map(|event| format!("{:?}", event.changes)).collect()
    };
    let set = told("app.set_storage");
    assert_eq!(set.len(), 3);
    for text in ["\"provider\"", "\"minio\"", "\"bucket\"", "\"access_key\"", "\"secret_key\"", "\"set\""] {
        assert!(set[0].contains(text), "{text} in {}", set[0]);
    }
    assert!(set[1].contains("invoices") && set[1].contains("other") && !set[1].contains("key"), "{}", set[1]);
    assert!(set[2].contains("replaced") && !set[2].contains("bucket"), "{}", set[2]);
    assert!(told("app.remove_storage")[0].contains("\"secret_key\""));
}
