//! Apps with what surrounds them, read at once.

use turnkeep_domain::app::{App, AppState};
use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::tenant::{Tenant, TenantState};
use turnkeep_domain::user::{User, UserState};
use turnkeep_storage::live_app::{LiveApp, LiveAppAsOf};
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::secret::StoredSecret;
use turnkeep_storage::store::Store;

use super::{apps, given};
use crate::fixtures;

fn find(store: &dyn Store, instance_id: InstanceId, client_id: &ClientId) -> LiveAppAsOf {
    given::read(store, |reads| reads.find_live_app(instance_id, client_id))
}

fn found(store: &dyn Store, app: &App) -> LiveApp {
    find(store, app.instance_id, &app.client_id).found.unwrap()
}

fn assert_same_secrets(found: &[StoredSecret], expected: &[StoredSecret]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found.secret, expected.secret);
        assert_eq!(found.digest, expected.digest);
    }
}

/// It is what the reads of each of its parts say.
fn assert_same_parts(store: &dyn Store, app: &App) {
    let live = found(store, app);
    given::read(store, |reads| {
        assert_eq!(reads.find_app(app.instance_id, app.tenant_id, app.id)?.as_ref(), Some(&live.app));
        assert_eq!(reads.find_tenant(app.instance_id, app.tenant_id)?.as_ref(), Some(&live.tenant));
        let system_user = match &app.settings.service_access {
            ServiceAccess::AsUser(id) => reads.find_user(app.instance_id, *id)?,
            ServiceAccess::AsApp | ServiceAccess::Disabled => None,
        };
        assert_eq!(live.system_user, system_user);
        assert_same_secrets(&live.secrets, &reads.list_secrets(app.tenant_id, app.id)?);
        Ok(())
    });
}

fn acting_as(app: App, user: &User) -> App {
    let mut app = app;
    app.settings.service_access = ServiceAccess::AsUser(user.id);
    app
}

/// In every form that an app can have, each with two secrets of its own.
pub fn a_live_app_is_the_sum_of_its_parts(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let forms = apps::every_form(store, &tenant);
    for (app, number) in forms.iter().zip(1..) {
        assert_eq!(given::mutate(store, |writes| writes.insert_app(app)), Inserted::Inserted);
        given::secret(store, app, number);
        given::secret(store, app, 100 + number);
    }
    for app in &forms {
        assert_same_parts(store, app);
        assert_eq!(&found(store, app).app, app);
    }
}

/// The newest first, also those that have ended, with and without a system user.
pub fn a_live_app_has_all_its_secrets(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let user = given::system_user(store, &instance, 1);
    let mut number = 0;
    for count in [0_u32, 1, 3] {
        for system_user in [None, Some(&user)] {
            number += 10;
            let app = fixtures::app(&tenant, number);
            let app = system_user.map_or_else(|| app.clone(), |user| acting_as(app.clone(), user));
            assert_eq!(given::mutate(store, |writes| writes.insert_app(&app)), Inserted::Inserted);
            // Not in the order of their making.
            let order = [2, 3, 1].into_iter().filter(|secret| *secret <= count);
            let mut secrets: Vec<_> = order
                .map(|secret| {
                    let mut secret = fixtures::stored_secret(&app, number + secret);
                    secret.secret.expires_at = (count == 3).then_some(fixtures::START);
                    secret.secret.revoked_at = (count == 3).then_some(fixtures::START);
                    given::mutate(store, |writes| writes.insert_secret(tenant.id, &secret));
                    secret
                })
                .collect();
            secrets.sort_by_key(|secret| std::cmp::Reverse(secret.secret.created_at));
            let live = found(store, &app);
            assert_eq!((&live.app, &live.tenant), (&app, &tenant));
            assert_eq!(live.system_user.as_ref(), system_user);
            assert_same_secrets(&live.secrets, &secrets);
            assert_same_parts(store, &app);
        }
    }
}

/// The live one is there however many were revoked after it was made.
pub fn of_many_revoked_secrets_the_oldest_are_left_out(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let app = given::app(store, &given::tenant(store, &instance, 1), 1);
    let live = given::secret(store, &app, 1);
    for number in 2..=80 {
        let mut secret = fixtures::stored_secret(&app, number);
        secret.secret.revoked_at = Some(fixtures::START);
        given::mutate(store, |writes| writes.insert_secret(app.tenant_id, &secret));
    }
    let secrets = found(store, &app).secrets;
    assert_eq!(secrets.len(), 64);
    assert_eq!(secrets.last().unwrap().secret.id, live.secret.id);
    assert!(secrets.is_sorted_by_key(|stored| std::cmp::Reverse(stored.secret.created_at)));
}

/// Neither a disabled app, nor a closed tenant, nor a user that may do nothing is left out: that is for those who
/// decide.
pub fn a_live_app_is_found_in_every_state(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = Tenant { state: TenantState::Closed, ..fixtures::tenant(&instance, 1) };
    let user = User { state: UserState::Disabled, ..fixtures::system_user(&instance, 1) };
    let app = acting_as(App { state: AppState::Disabled, ..fixtures::app(&tenant, 1) }, &user);
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_tenant(&tenant)?, Inserted::Inserted);
        assert_eq!(writes.insert_user(&user)?, Inserted::Inserted);
        assert_eq!(writes.insert_app(&app)?, Inserted::Inserted);
        Ok(())
    });
    let live = found(store, &app);
    assert_eq!((live.app, live.tenant, live.system_user), (app, tenant, Some(user)));
}

/// Whether there is such an app or not; also within the mutation that makes the change.
pub fn a_live_app_says_as_of_which_change(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let app = given::app(store, &given::tenant(store, &instance, 1), 1);
    let unknown = ClientId::parse("com.example/unknown").unwrap();
    let scope = ChangeScope::App(instance.id, app.tenant_id, app.id);
    let mut expected = ChangeSequence::ZERO;
    for version in 0..3 {
        for (client_id, is_there) in [(&app.client_id, true), (&unknown, false)] {
            let outcome = find(store, instance.id, client_id);
            assert_eq!((outcome.as_of, outcome.found.is_some()), (expected, is_there), "{version}");
        }
        given::mutate(store, |writes| {
            expected = writes.record_change(scope, TokensBefore::Live, fixtures::START)?;
            let present = writes.find_live_app(instance.id, &app.client_id)?;
            assert_eq!(present.as_of, expected);
            let present = present.found.unwrap().app;
            let changed = App { version: present.version.next(), ..present.clone() };
            assert_eq!(writes.update_app(&changed, present.version)?, Updated::Updated);
            let after = writes.find_live_app(instance.id, &app.client_id)?;
            assert_eq!(after.found.unwrap().app, changed);
            Ok(())
        });
    }
}

/// Neither its app nor anything around it, even where the client id is the same.
pub fn another_instances_app_is_not_found(store: &dyn Store) {
    let (here, there, nowhere) =
        (given::instance(store, 1), given::instance(store, 2), given::instance(store, 3));
    let owners = [given::tenant(store, &here, 1), given::tenant(store, &there, 2)];
    let users = [given::system_user(store, &here, 1), given::system_user(store, &there, 2)];
    let client_id = ClientId::parse("com.example/everywhere").unwrap();
    for ((tenant, user), number) in owners.iter().zip(&users).zip(1..) {
        let app = App { client_id: client_id.clone(), ..fixtures::app(tenant, number) };
        let app = acting_as(app, user);
        assert_eq!(given::mutate(store, |writes| writes.insert_app(&app)), Inserted::Inserted);
        let secret = given::secret(store, &app, number);
        // Another app of the same tenant has secrets too.
        given::secret(store, &given::app(store, tenant, 10 + number), 10 + number);
        let live = found(store, &app);
        assert_eq!((&live.app, &live.tenant, live.system_user.as_ref()), (&app, tenant, Some(user)));
        assert_same_secrets(&live.secrets, &[secret]);
    }
    assert!(find(store, nowhere.id, &client_id).found.is_none());
    let only_there = ClientId::parse("com.example/app-12").unwrap();
    assert!(find(store, here.id, &only_there).found.is_none());
    assert!(find(store, there.id, &only_there).found.is_some());
}

/// Client ids are compared byte for byte.
pub fn a_live_app_is_found_by_its_exact_client_id(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let spellings =
        ["com.vendor/app", "COM.vendor/app", "com.vendor/APP", "com.vendor/app/", "com.vendor/ap_"];
    for (text, number) in spellings.into_iter().zip(1..) {
        let client_id = ClientId::parse(text).unwrap();
        assert!(find(store, instance.id, &client_id).found.is_none(), "{text}");
        let app = App { client_id, ..fixtures::app(&tenant, number) };
        assert_eq!(given::mutate(store, |writes| writes.insert_app(&app)), Inserted::Inserted, "{text}");
        assert_eq!(found(store, &app).app, app, "{text}");
    }
}
