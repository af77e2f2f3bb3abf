//! Storage settings of apps.

use turnkeep_domain::app::App;
use turnkeep_domain::instance::Instance;
use turnkeep_domain::storage_config::{
    LastStorageCheck, StorageCheckOutcome, StorageConfig, StorageFields, StorageSettings,
};
use turnkeep_domain::storage_place::PlainHttp;
use turnkeep_domain::storage_provider::StorageProvider;
use turnkeep_domain::tenant::Tenant;
use turnkeep_storage::outcome::{Deleted, Inserted, Updated};
use turnkeep_storage::storage_config::{SealedSecretKey, StoredStorageConfig};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn given_app(store: &dyn Store) -> (Instance, Tenant, App) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let app = given::app(store, &tenant, 1);
    (instance, tenant, app)
}

fn settings(provider: StorageProvider) -> StorageSettings {
    let (endpoint, region) = match provider {
        StorageProvider::AwsS3 => (None, Some("eu-west-1")),
        StorageProvider::Tigris => (None, None),
        StorageProvider::CloudflareR2 => {
            (Some("https://0123456789abcdef0123456789abcdef.eu.r2.cloudflarestorage.com"), None)
        }
        StorageProvider::MinIo => (Some("http://10.0.0.7:9000"), Some("dc1")),
        StorageProvider::BackblazeB2 => (None, Some("eu-central-003")),
    };
    let fields = StorageFields {
        bucket: "invoices.acme",
        access_key: "AKIA/+=EXAMPLE",
        endpoint,
        region,
        plain_http: PlainHttp::Allowed,
    };
    StorageSettings::new(provider, &fields).unwrap()
}

/// Of every provider, with every outcome of a check and with none, inserted and updated.
pub fn every_form_of_storage_settings_round_trips(store: &dyn Store) {
    let (instance, tenant, app) = given_app(store);
    let mut stored = fixtures::storage_config(&app, 1);
    let inserted = given::mutate(store, |writes| writes.insert_storage_config(instance.id, &stored));
    assert_eq!(inserted, Inserted::Inserted);
    let outcomes = StorageCheckOutcome::ALL.map(Some).into_iter().chain([None]);
    for (outcome, provider) in outcomes.flat_map(|one| StorageProvider::ALL.map(|provider| (one, provider))) {
        let version = stored.config.version.next();
        let number = version.as_number().unsigned_abs();
        let changed = StoredStorageConfig {
            config: StorageConfig {
                settings: settings(provider),
                last_check: outcome.map(|outcome| LastStorageCheck { at: fixtures::later(number), outcome }),
                updated_at: fixtures::later(number + 1),
                version,
                ..stored.config.clone()
            },
            sealed_secret_key: SealedSecretKey(vec![0xff; usize::try_from(number).unwrap()]),
            ..stored.clone()
        };
        given::mutate(store, |writes| {
            let updated = writes.update_storage_config(instance.id, &changed, stored.config.version)?;
            assert_eq!(updated, Updated::Updated);
            let found = writes.find_storage_config(instance.id, tenant.id, app.id)?;
            assert_eq!(found.as_ref(), Some(&changed));
            Ok(())
        });
        stored = changed;
    }
}

/// A second insertion conflicts and changes nothing.
pub fn an_app_has_its_storage_settings_once(store: &dyn Store) {
    let (instance, tenant, app) = given_app(store);
    let stored = given::storage_config(store, &app, 1);
    let second = fixtures::storage_config(&app, 2);
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_storage_config(instance.id, &second)?, Inserted::Conflict);
        assert_eq!(writes.find_storage_config(instance.id, tenant.id, app.id)?, Some(stored));
        Ok(())
    });
}

/// Of two updates of the same version the second is stale.
pub fn an_update_needs_the_present_version_of_storage_settings(store: &dyn Store) {
    let (instance, tenant, app) = given_app(store);
    let stored = given::storage_config(store, &app, 1);
    let with_key = |key: &[u8]| StoredStorageConfig {
        config: StorageConfig { version: stored.config.version.next(), ..stored.config.clone() },
        sealed_secret_key: SealedSecretKey(key.to_vec()),
        ..stored.clone()
    };
    let (changed, late) = (with_key(b"changed"), with_key(b"late"));
    let version = stored.config.version;
    given::mutate(store, |writes| {
        assert_eq!(writes.update_storage_config(instance.id, &changed, version)?, Updated::Updated);
        assert_eq!(writes.update_storage_config(instance.id, &late, version)?, Updated::Stale);
        assert_eq!(writes.find_storage_config(instance.id, tenant.id, app.id)?, Some(changed));
        Ok(())
    });
}

/// Once; those of other apps stay, and there can be new ones.
pub fn deleted_storage_settings_are_gone(store: &dyn Store) {
    let (instance, tenant, app) = given_app(store);
    let other = given::app(store, &tenant, 2);
    given::storage_config(store, &app, 1);
    let stays = given::storage_config(store, &other, 2);
    given::mutate(store, |writes| {
        assert_eq!(writes.delete_storage_config(instance.id, tenant.id, app.id)?, Deleted::Deleted);
        assert_eq!(writes.delete_storage_config(instance.id, tenant.id, app.id)?, Deleted::Unknown);
        assert_eq!(writes.find_storage_config(instance.id, tenant.id, app.id)?, None);
        assert_eq!(writes.list_storage_configs(instance.id, None, 10)?, [stays]);
        Ok(())
    });
    given::storage_config(store, &app, 3);
}

/// Nothing of them is left, so that a later app does not find them.
pub fn a_deleted_app_takes_its_storage_settings_with_it(store: &dyn Store) {
    let (instance, tenant, app) = given_app(store);
    let other = given::app(store, &tenant, 2);
    given::storage_config(store, &app, 1);
    let stays = given::storage_config(store, &other, 2);
    given::mutate(store, |writes| {
        assert_eq!(writes.delete_app(instance.id, tenant.id, app.id)?, Deleted::Deleted);
        assert_eq!(writes.list_storage_configs(instance.id, None, 10)?, [stays]);
        assert_eq!(writes.insert_app(&app)?, Inserted::Inserted);
        assert_eq!(writes.find_storage_config(instance.id, tenant.id, app.id)?, None);
        Ok(())
    });
}

/// Those of all tenants of the instance, in the order of their apps.
pub fn storage_settings_are_listed_page_by_page(store: &dyn Store) {
    let (instance, tenant, _) = given_app(store);
    let second = given::tenant(store, &instance, 2);
    let elsewhere = given::tenant(store, &given::instance(store, 2), 3);
    given::storage_config(store, &given::app(store, &elsewhere, 20), 20);
    let configs: Vec<StoredStorageConfig> = (10..15)
        .map(|number| {
            let app = given::app(store, if number % 2 == 0 { &tenant } else { &second }, number);
            given::storage_config(store, &app, 100 - number)
        })
        .collect();
    let mut seen: Vec<StoredStorageConfig> = Vec::new();
    loop {
        let after = seen.last().map(|stored| stored.config.app_id);
        let part = given::read(store, |reads| reads.list_storage_configs(instance.id, after, 2));
        assert!(part.len() <= 2);
        if part.is_empty() {
            break;
        }
        seen.extend(part);
    }
    assert_eq!(seen, configs);
}
