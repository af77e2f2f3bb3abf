//! What a behaviour starts from: records that are already in the store.

use turnkeep_domain::app::App;
use turnkeep_domain::instance::Instance;
use turnkeep_domain::management_token::ManagementToken;
use turnkeep_domain::person_grant::PersonGrant;
use turnkeep_domain::plan::Plan;
use turnkeep_domain::region::{Region, RegionDatabase};
use turnkeep_domain::resource::{Resource, Scope};
use turnkeep_domain::session::Session;
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::user::User;
use turnkeep_storage::bookkeeping::Bookkeeping;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::secret::StoredSecret;
use turnkeep_storage::storage_config::StoredStorageConfig;
use turnkeep_storage::store::{Admits, Reads, Store, Writes};

use crate::fixtures;

pub(super) fn read<T>(store: &dyn Store, work: impl FnOnce(&mut dyn Reads) -> StoreResult<T>) -> T {
    store.read(work).unwrap()
}

pub(super) fn mutate<T>(store: &dyn Store, work: impl FnOnce(&mut dyn Writes) -> StoreResult<T>) -> T {
    store.mutate(work).unwrap()
}

pub(super) fn admit<T>(store: &dyn Store, work: impl FnOnce(&mut dyn Admits) -> StoreResult<T>) -> T {
    store.admit(work).unwrap()
}

pub(super) fn keep_books<T>(
    store: &dyn Store,
    work: impl FnOnce(&mut dyn Bookkeeping) -> StoreResult<T>,
) -> T {
    store.keep_books(work).unwrap()
}

pub(super) fn instance(store: &dyn Store, number: u32) -> Instance {
    let instance = fixtures::instance(number);
    assert_eq!(mutate(store, |writes| writes.insert_instance(&instance)), Inserted::Inserted);
    instance
}

pub(super) fn tenant(store: &dyn Store, instance: &Instance, number: u32) -> Tenant {
    let tenant = fixtures::tenant(instance, number);
    assert_eq!(mutate(store, |writes| writes.insert_tenant(&tenant)), Inserted::Inserted);
    tenant
}

pub(super) fn app(store: &dyn Store, tenant: &Tenant, number: u32) -> App {
    let app = fixtures::app(tenant, number);
    assert_eq!(mutate(store, |writes| writes.insert_app(&app)), Inserted::Inserted);
    app
}

pub(super) fn secret(store: &dyn Store, app: &App, number: u32) -> StoredSecret {
    let secret = fixtures::stored_secret(app, number);
    mutate(store, |writes| writes.insert_secret(app.tenant_id, &secret));
    secret
}

pub(super) fn region(store: &dyn Store, instance: &Instance, number: u32) -> Region {
    let region = fixtures::region(instance, number);
    assert_eq!(mutate(store, |writes| writes.insert_region(&region)), Inserted::Inserted);
    region
}

pub(super) fn region_database(store: &dyn Store, region: &Region, number: u32) -> RegionDatabase {
    let database = fixtures::region_database(region, number);
    let inserted = mutate(store, |writes| writes.insert_region_database(region.instance_id, &database));
    assert_eq!(inserted, Inserted::Inserted);
    database
}

pub(super) fn plan(store: &dyn Store, instance: &Instance, number: u32) -> Plan {
    let plan = fixtures::plan(instance, number);
    assert_eq!(mutate(store, |writes| writes.insert_plan(&plan)), Inserted::Inserted);
    plan
}

pub(super) fn resource(store: &dyn Store, instance: &Instance, number: u32) -> Resource {
    let resource = fixtures::resource(instance, number);
    assert_eq!(mutate(store, |writes| writes.insert_resource(&resource)), Inserted::Inserted);
    resource
}

pub(super) fn scope(store: &dyn Store, resource: &Resource, name: &str) -> Scope {
    let scope = fixtures::scope(resource, name);
    let inserted = mutate(store, |writes| writes.insert_scope(resource.instance_id, &scope));
    assert_eq!(inserted, Inserted::Inserted);
    scope
}

pub(super) fn system_user(store: &dyn Store, instance: &Instance, number: u32) -> User {
    let user = fixtures::system_user(instance, number);
    assert_eq!(mutate(store, |writes| writes.insert_user(&user)), Inserted::Inserted);
    user
}

pub(super) fn user(store: &dyn Store, instance: &Instance, number: u32) -> User {
    let user = fixtures::user(instance, number);
    assert_eq!(mutate(store, |writes| writes.insert_user(&user)), Inserted::Inserted);
    user
}

/// Its handle has the same number.
pub(super) fn session(store: &dyn Store, user: &User, number: u32) -> Session {
    let session = fixtures::session(user, number);
    let inserted = admit(store, |admits| admits.insert_session(&session, &fixtures::hash(number)));
    assert_eq!(inserted, Inserted::Inserted);
    session
}

/// Its code and its refresh token have the same number.
pub(super) fn person_grant(store: &dyn Store, app: &App, session: &Session, number: u32) -> PersonGrant {
    let grant = fixtures::person_grant(app, session, number);
    let (code, hash) = (fixtures::authorization_code(&grant), fixtures::hash(number));
    admit(store, |admits| {
        assert_eq!(admits.insert_grant(&grant, &code, &hash)?, Inserted::Inserted);
        let inserted =
            admits.insert_refresh_token(app.instance_id, &fixtures::refresh_token(&grant), &hash)?;
        assert_eq!(inserted, Inserted::Inserted);
        Ok(())
    });
    grant
}

pub(super) fn management_token(store: &dyn Store, user: &User, number: u32) -> ManagementToken {
    let token = fixtures::management_token(user, number);
    let handle = fixtures::hash(number);
    let inserted = mutate(store, |writes| writes.insert_management_token(&token, &handle));
    assert_eq!(inserted, Inserted::Inserted);
    token
}

pub(super) fn storage_config(store: &dyn Store, app: &App, number: u32) -> StoredStorageConfig {
    let stored = fixtures::storage_config(app, number);
    let inserted = mutate(store, |writes| writes.insert_storage_config(app.instance_id, &stored));
    assert_eq!(inserted, Inserted::Inserted);
    stored
}
