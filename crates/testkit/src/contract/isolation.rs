//! What belongs to one tenant, or to one instance, is as good as absent for every other.

use turnkeep_audit::chain::ChainedEntry;
use turnkeep_domain::app::{App, AppState};
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::filter::{AppFilter, AuditFilter, Search, TenantFilter, UserFilter};
use turnkeep_domain::id::{InstanceId, TenantId};
use turnkeep_domain::instance::Instance;
use turnkeep_domain::invitation::Invitation;
use turnkeep_domain::management_token::ManagementToken;
use turnkeep_domain::membership::{Membership, Role};
use turnkeep_domain::page::{AuditPage, Direction, Page};
use turnkeep_domain::plan::{Plan, PlanPrice};
use turnkeep_domain::region::{Region, RegionDatabase};
use turnkeep_domain::resource::{Resource, Scope};
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::signing_key::SigningKeyState;
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::user::User;
use turnkeep_storage::bookkeeping::SecretUse;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::idempotency::{IdempotencyKey, IdempotentRequest};
use turnkeep_storage::outcome::{Deleted, Inserted, Updated};
use turnkeep_storage::revoked_token::RevokedToken;
use turnkeep_storage::secret::StoredSecret;
use turnkeep_storage::signing_key::StoredSigningKey;
use turnkeep_storage::single_use::{Consumption, SingleUse};
use turnkeep_storage::storage_config::StoredStorageConfig;
use turnkeep_storage::store::{Reads, Store};

use super::given;
use crate::fixtures;

/// How many looks at a [`Victim`] show something to those who may see it.
const ALL_SEEN: usize = 31 + 17;

/// Of the invitation and of the management token.
const HANDLE: [u8; 32] = fixtures::hash(1);
const AUDIT_PAGE: AuditPage = AuditPage { after: None, direction: Direction::Ascending, limit: 10 };

/// One record of each kind, all of one tenant.
struct Victim {
    instance: Instance,
    region: Region,
    database: RegionDatabase,
    plan: Plan,
    resource: Resource,
    scope: Scope,
    user: User,
    tenant: Tenant,
    app: App,
    secret: StoredSecret,
    key: StoredSigningKey,
    token: RevokedToken,
    single_use: SingleUse,
    entry: ChainedEntry,
    member: Membership,
    invitation: Invitation,
    management_token: ManagementToken,
    storage: StoredStorageConfig,
    request: IdempotentRequest,
}

impl Victim {
    fn stored(store: &dyn Store) -> Self {
        let instance = given::instance(store, 1);
        let region = given::region(store, &instance, 1);
        let mut database = fixtures::region_database(&region, 1);
        database.app_count = 1;
        let plan = Plan { price: PlanPrice::Free, ..fixtures::plan(&instance, 1) };
        let resource = given::resource(store, &instance, 1);
        let user = given::system_user(store, &instance, 1);
        let tenant = given::tenant(store, &instance, 1);
        let mut app = fixtures::app(&tenant, 1);
        app.placement = fixtures::placement(&region, &database);
        app.plan = Some(fixtures::plan_assignment(&plan));
        app.settings.service_access = ServiceAccess::AsUser(user.id);
        let (key, token) = (fixtures::signing_key(&instance, 1), fixtures::revoked_token(&app, 1));
        let single_use = fixtures::single_use(&instance, 1);
        let request = fixtures::idempotent_request(&instance, 1);
        let member = fixtures::membership(&tenant, &user, Role::Auditor);
        let invitation = fixtures::invitation(&tenant, 1);
        let entry = given::mutate(store, |writes| {
            assert_eq!(writes.insert_region_database(instance.id, &database)?, Inserted::Inserted);
            assert_eq!(writes.insert_plan(&plan)?, Inserted::Inserted);
            assert_eq!(writes.insert_app(&app)?, Inserted::Inserted);
            assert_eq!(writes.insert_resource_server(instance.id, resource.id, app.id)?, Inserted::Inserted);
            assert_eq!(writes.insert_single_use(&single_use)?, Inserted::Inserted);
            writes.insert_signing_key(&key)?;
            writes.revoke_token(&token)?;
            assert_eq!(writes.insert_membership(instance.id, &member)?, Inserted::Inserted);
            assert_eq!(writes.insert_operator(instance.id, user.id, fixtures::START)?, Inserted::Inserted);
            assert_eq!(writes.insert_invitation(&invitation, &HANDLE)?, Inserted::Inserted);
            assert_eq!(writes.insert_idempotent_request(&request)?, Inserted::Inserted);
            let event = fixtures::audit_event(&tenant, 1);
            Ok(fixtures::append_events(writes, instance.id, &[event])?.remove(0))
        });
        let management_token = given::management_token(store, &user, 1);
        let storage = given::storage_config(store, &app, 1);
        let scope = given::scope(store, &resource, "read");
        let secret = given::secret(store, &app, 1);
        Self {
            instance,
            region,
            database,
            plan,
            resource,
            scope,
            user,
            tenant,
            app,
            secret,
            key,
            token,
            single_use,
            entry,
            member,
            invitation,
            management_token,
            storage,
            request,
        }
    }

    /// How many of its records can be seen by somebody who gives these ids.
    fn seen(
        &self,
        reads: &mut dyn Reads,
        instance_id: InstanceId,
        tenant_id: TenantId,
    ) -> StoreResult<usize> {
        Ok(self.seen_in_instance(reads, instance_id)?
            + self.seen_of_people(reads, instance_id)?
            + self.seen_in_tenant(reads, instance_id, tenant_id)?)
    }

    fn seen_in_instance(&self, reads: &mut dyn Reads, instance_id: InstanceId) -> StoreResult<usize> {
        let audience = &self.resource.audience;
        let seen = [
            reads.find_tenant(instance_id, self.tenant.id)?.is_some(),
            reads
                .list_tenants(instance_id, &TenantFilter::default(), &Page::first(10))?
                .contains(&self.tenant),
            reads.find_region(instance_id, self.region.id)?.is_some(),
            reads.find_region_by_code(instance_id, &self.region.code)?.is_some(),
            !reads.list_regions(instance_id)?.is_empty(),
            reads.find_region_database(instance_id, self.database.id)?.is_some(),
            !reads.list_region_databases(instance_id, self.region.id)?.is_empty(),
            reads.find_plan(instance_id, self.plan.id)?.is_some(),
            !reads.list_plans(instance_id)?.is_empty(),
            reads.find_resource(instance_id, self.resource.id)?.is_some(),
            !reads.list_resources(instance_id)?.is_empty(),
            !reads.list_scopes(instance_id)?.is_empty(),
            !reads.list_resource_servers(instance_id, self.resource.id)?.is_empty(),
            reads.is_resource_server(instance_id, audience, self.app.id)?,
            reads.find_user(instance_id, self.user.id)?.is_some(),
            !reads.list_users(instance_id, &UserFilter::default(), &Page::first(10))?.is_empty(),
            reads.find_app_by_client_id(instance_id, &self.app.client_id)?.is_some(),
            reads.find_live_app(instance_id, &self.app.client_id)?.found.is_some(),
            reads.find_tenant_of_app(instance_id, self.app.id)?.is_some(),
            !reads.list_apps_of_instance(instance_id, &AppFilter::default(), &Page::first(10))?.is_empty(),
            !reads.count_apps_on_plan(instance_id, self.plan.id)?.is_empty(),
            !reads.list_published_signing_keys(instance_id)?.is_empty(),
            reads.is_token_revoked(instance_id, self.token.token_id)?,
            !reads.list_audit_trail(instance_id, &AuditFilter::default(), AUDIT_PAGE)?.is_empty(),
        ];
        Ok(seen.into_iter().filter(|seen| *seen).count())
    }

    fn seen_of_people(&self, reads: &mut dyn Reads, instance_id: InstanceId) -> StoreResult<usize> {
        let key = IdempotencyKey { instance_id, ..self.request.key.clone() };
        let seen = [
            reads.find_user_by_name(instance_id, &self.user.name)?.is_some(),
            reads.is_operator(instance_id, self.user.id)?,
            !reads.list_operators(instance_id)?.is_empty(),
            !reads.list_memberships_of_user(instance_id, self.user.id)?.is_empty(),
            reads.find_invitation_by_handle(instance_id, &HANDLE)?.is_some(),
            !reads.search_open_invitations(instance_id, None, &self.invited(), 10)?.is_empty(),
            reads.find_management_token(instance_id, &HANDLE)?.is_some(),
            !reads.list_management_tokens(instance_id, self.user.id)?.is_empty(),
            !reads.list_storage_configs(instance_id, None, 10)?.is_empty(),
            reads.find_audit_entry(instance_id, self.entry.entry.id)?.is_some(),
            reads.find_idempotent_request(&key, fixtures::START)?.is_some(),
        ];
        Ok(seen.into_iter().filter(|seen| *seen).count())
    }

    fn seen_in_tenant(
        &self,
        reads: &mut dyn Reads,
        instance_id: InstanceId,
        tenant_id: TenantId,
    ) -> StoreResult<usize> {
        let key = self.app.settings.name.uniqueness_key();
        let of_tenant = AuditFilter { tenant_id: Some(tenant_id), ..AuditFilter::default() };
        let seen = [
            reads.find_app(instance_id, tenant_id, self.app.id)?.is_some(),
            !reads.list_apps(instance_id, tenant_id, &AppFilter::default(), &Page::first(10))?.is_empty(),
            reads.count_apps(instance_id, tenant_id)? != 0,
            reads.count_apps_on_free_plans(instance_id, tenant_id, None)? != 0,
            !reads.list_plans_of_apps(instance_id, tenant_id)?.is_empty(),
            reads.app_name_taken(instance_id, tenant_id, &key, None)?,
            !reads.list_audit_trail(instance_id, &of_tenant, AUDIT_PAGE)?.is_empty(),
            reads.find_membership(instance_id, tenant_id, self.user.id)?.is_some(),
            !reads.list_members(instance_id, tenant_id)?.is_empty(),
            reads.find_invitation(instance_id, tenant_id, self.invitation.id)?.is_some(),
            !reads.list_invitations(instance_id, tenant_id)?.is_empty(),
            !reads.search_open_invitations(instance_id, Some(tenant_id), &self.invited(), 10)?.is_empty(),
            reads.find_storage_config(instance_id, tenant_id, self.app.id)?.is_some(),
        ];
        Ok(seen.into_iter().filter(|seen| *seen).count())
    }

    /// What finds the invitation.
    fn invited(&self) -> Search {
        Search::parse(self.invitation.user_name.as_str()).unwrap()
    }

    /// Nothing about it has changed.
    fn assert_untouched(&self, store: &dyn Store) {
        let instance_id = self.instance.id;
        given::mutate(store, |writes| {
            assert_eq!(self.seen(writes_as_reads(writes), instance_id, self.tenant.id)?, ALL_SEEN);
            assert_eq!(writes.find_tenant(instance_id, self.tenant.id)?.as_ref(), Some(&self.tenant));
            assert_eq!(writes.find_region(instance_id, self.region.id)?.as_ref(), Some(&self.region));
            let database = writes.find_region_database(instance_id, self.database.id)?;
            assert_eq!(database.as_ref(), Some(&self.database));
            assert_eq!(writes.list_region_databases(instance_id, self.region.id)?.len(), 1);
            assert_eq!(writes.find_plan(instance_id, self.plan.id)?.as_ref(), Some(&self.plan));
            assert_eq!(writes.list_resources(instance_id)?, std::slice::from_ref(&self.resource));
            assert_eq!(writes.list_scopes(instance_id)?, std::slice::from_ref(&self.scope));
            assert_eq!(writes.list_resource_servers(instance_id, self.resource.id)?, [self.app.id]);
            assert_eq!(writes.find_user(instance_id, self.user.id)?.as_ref(), Some(&self.user));
            let app = writes.find_app(instance_id, self.tenant.id, self.app.id)?;
            assert_eq!(app.as_ref(), Some(&self.app));
            let secrets = writes.list_secrets(self.tenant.id, self.app.id)?;
            let secret = secrets.first().unwrap();
            assert_eq!((secrets.len(), secret.secret), (1, self.secret.secret));
            assert_eq!(secret.digest, self.secret.digest);
            assert_eq!(writes.list_published_signing_keys(instance_id)?, std::slice::from_ref(&self.key));
            let consumption =
                writes.consume_single_use(instance_id, &self.single_use.handle_hash, fixtures::START)?;
            assert_eq!(consumption, Consumption::Consumed);
            assert_eq!(writes.list_members(instance_id, self.tenant.id)?, [self.member]);
            let invitations = writes.list_invitations(instance_id, self.tenant.id)?;
            assert_eq!(invitations, std::slice::from_ref(&self.invitation));
            let tokens = writes.list_management_tokens(instance_id, self.user.id)?;
            assert_eq!(tokens, [self.management_token]);
            let storage = writes.find_storage_config(instance_id, self.tenant.id, self.app.id)?;
            assert_eq!(storage.as_ref(), Some(&self.storage));
            let request = writes.find_idempotent_request(&self.request.key, fixtures::START)?;
            assert_eq!(request.as_ref(), Some(&self.request));
            Ok(())
        });
    }
}

fn writes_as_reads(writes: &mut dyn turnkeep_storage::store::Writes) -> &mut dyn Reads {
    writes
}

/// Neither by id, nor by code or name, nor in a list.
pub fn another_instance_sees_nothing(store: &dyn Store) {
    let victim = Victim::stored(store);
    let other = given::instance(store, 2);
    let name_key = victim.tenant.name.uniqueness_key();
    given::mutate(store, |writes| {
        assert!(writes.tenant_name_taken(victim.instance.id, &name_key, None)?);
        assert!(!writes.tenant_name_taken(other.id, &name_key, None)?);
        let reads = writes_as_reads(writes);
        assert_eq!(victim.seen(reads, victim.instance.id, victim.tenant.id)?, ALL_SEEN);
        assert_eq!(victim.seen(reads, other.id, victim.tenant.id)?, 0);
        Ok(())
    });
}

/// Every change is refused as if the record did not exist, or fails.
pub fn another_instance_changes_nothing(store: &dyn Store) {
    let victim = Victim::stored(store);
    let other = given::instance(store, 2);
    let bare = given::app(store, &given::tenant(store, &victim.instance, 7), 7);
    let (tenant, app) = (victim.tenant.id, victim.app.id);
    let mark = ChangeSequence::from_number(99);
    given::mutate(store, |writes| {
        let stale = [
            writes.update_tenant(
                &Tenant { instance_id: other.id, ..victim.tenant.clone() },
                victim.tenant.version,
            )?,
            writes.update_region(
                &Region { instance_id: other.id, ..victim.region.clone() },
                victim.region.version,
            )?,
            writes.update_region_database(other.id, &victim.database, victim.database.version)?,
            writes.take_room(other.id, victim.database.id)?,
            writes.release_room(other.id, victim.database.id)?,
            writes
                .update_plan(&Plan { instance_id: other.id, ..victim.plan.clone() }, victim.plan.version)?,
            writes.update_resource(
                &Resource { instance_id: other.id, ..victim.resource.clone() },
                victim.resource.version,
            )?,
            writes
                .update_user(&User { instance_id: other.id, ..victim.user.clone() }, victim.user.version)?,
            writes.update_app(&App { instance_id: other.id, ..victim.app.clone() }, victim.app.version)?,
            writes.update_membership(other.id, &victim.member, victim.member.version)?,
            writes.update_invitation(
                &Invitation { instance_id: other.id, ..victim.invitation.clone() },
                Some(&fixtures::hash(2)),
                victim.invitation.version,
            )?,
            writes.revoke_management_token(
                other.id,
                victim.user.id,
                victim.management_token.id,
                fixtures::START,
            )?,
            writes.update_storage_config(other.id, &victim.storage, victim.storage.config.version)?,
        ];
        assert_eq!(stale, [Updated::Stale; 13]);
        let unknown = [
            writes.delete_app(other.id, tenant, app)?,
            writes.delete_scope(other.id, victim.resource.id, &victim.scope.name)?,
            writes.delete_resource_server(other.id, victim.resource.id, app)?,
            writes.delete_membership(other.id, tenant, victim.user.id)?,
            writes.delete_operator(other.id, victim.user.id)?,
            writes.delete_storage_config(other.id, tenant, app)?,
        ];
        assert_eq!(unknown, [Deleted::Unknown; 6]);
        assert_eq!(writes.kill_tokens_of_system_user(other.id, victim.user.id, mark)?, 0);
        let handle_hash = &victim.single_use.handle_hash;
        let consumption = writes.consume_single_use(other.id, handle_hash, fixtures::START)?;
        assert_eq!(consumption, Consumption::Unknown);
        Ok(())
    });
    let gone = SigningKeyState::Gone { since: fixtures::START };
    let scope = fixtures::scope(&victim.resource, "write");
    let database = fixtures::region_database(&victim.region, 2);
    let app_of_tenant = App { instance_id: other.id, ..fixtures::app(&victim.tenant, 2) };
    let invitation = Invitation { instance_id: other.id, ..fixtures::invitation(&victim.tenant, 2) };
    let token = ManagementToken { instance_id: other.id, ..fixtures::management_token(&victim.user, 2) };
    let storage = fixtures::storage_config(&bare, 2);
    let faults = [
        store.mutate(|writes| writes.update_signing_key_state(other.id, victim.key.key.id, gone)).is_err(),
        store.mutate(|writes| writes.reseal_signing_key(other.id, victim.key.key.id, b"x")).is_err(),
        store.mutate(|writes| writes.insert_scope(other.id, &scope)).is_err(),
        store.mutate(|writes| writes.insert_region_database(other.id, &database)).is_err(),
        store.mutate(|writes| writes.insert_app(&app_of_tenant)).is_err(),
        store.mutate(|writes| writes.insert_resource_server(other.id, victim.resource.id, app)).is_err(),
        store.mutate(|writes| writes.insert_membership(other.id, &victim.member)).is_err(),
        store.mutate(|writes| writes.insert_operator(other.id, victim.user.id, fixtures::START)).is_err(),
        store.mutate(|writes| writes.insert_invitation(&invitation, &fixtures::hash(2))).is_err(),
        store.mutate(|writes| writes.insert_management_token(&token, &fixtures::hash(2))).is_err(),
        store.mutate(|writes| writes.insert_storage_config(other.id, &storage)).is_err(),
    ];
    assert_eq!(faults, [true; 11]);
    victim.assert_untouched(store);
}

/// Neither its apps and their secrets, nor its events.
pub fn another_tenant_sees_nothing(store: &dyn Store) {
    let victim = Victim::stored(store);
    let other = given::tenant(store, &victim.instance, 2);
    given::read(store, |reads| {
        assert_eq!(victim.seen_in_tenant(reads, victim.instance.id, victim.tenant.id)?, 7 + 6);
        assert_eq!(victim.seen_in_tenant(reads, victim.instance.id, other.id)?, 0);
        assert_eq!(reads.list_secrets(victim.tenant.id, victim.app.id)?.len(), 1);
        assert!(reads.list_secrets(other.id, victim.app.id)?.is_empty());
        Ok(())
    });
}

/// Every change is refused as if the record did not exist, or fails; so do notes that name another app.
pub fn another_tenant_changes_nothing(store: &dyn Store) {
    let victim = Victim::stored(store);
    let other = given::tenant(store, &victim.instance, 2);
    let other_app = given::app(store, &other, 2);
    let (app_id, secret_id) = (victim.app.id, victim.secret.secret.id);
    let at = fixtures::later(1);
    let planted = fixtures::stored_secret(&victim.app, 2);
    let stolen = App { tenant_id: other.id, state: AppState::Disabled, ..victim.app.clone() };
    given::mutate(store, |writes| {
        assert_eq!(writes.update_app(&stolen, victim.app.version)?, Updated::Stale);
        assert_eq!(writes.delete_app(victim.instance.id, other.id, app_id)?, Deleted::Unknown);
        assert_eq!(writes.revoke_all_secrets(other.id, app_id, at)?, 0);
        assert_eq!(writes.revoke_secret(other.id, app_id, secret_id, at)?, 0);
        assert_eq!(writes.revoke_secret(other.id, other_app.id, secret_id, at)?, 0);
        assert_eq!(writes.revoke_other_secrets(other.id, app_id, planted.secret.id, at)?, 0);
        assert_eq!(writes.limit_secret_lifetime(other.id, app_id, secret_id, at)?, 0);
        assert_eq!(writes.limit_secret_lifetime(other.id, other_app.id, secret_id, at)?, 0);
        assert_eq!(writes.limit_secret_lifetimes(other.id, app_id, at)?, 0);
        let user_id = victim.user.id;
        let instance_id = victim.instance.id;
        let member = Membership { tenant_id: other.id, ..victim.member };
        assert_eq!(writes.update_membership(instance_id, &member, member.version)?, Updated::Stale);
        assert_eq!(writes.delete_membership(instance_id, other.id, user_id)?, Deleted::Unknown);
        let invitation = Invitation { tenant_id: other.id, ..victim.invitation.clone() };
        let hash = fixtures::hash(2);
        let updated = writes.update_invitation(&invitation, Some(&hash), invitation.version)?;
        assert_eq!(updated, Updated::Stale);
        let storage = StoredStorageConfig { tenant_id: other.id, ..victim.storage.clone() };
        let version = storage.config.version;
        assert_eq!(writes.update_storage_config(instance_id, &storage, version)?, Updated::Stale);
        assert_eq!(writes.delete_storage_config(instance_id, other.id, app_id)?, Deleted::Unknown);
        Ok(())
    });
    assert!(store.mutate(|writes| writes.insert_secret(other.id, &planted)).is_err());
    let app_of_another = fixtures::app(&victim.tenant, 8);
    let storage = StoredStorageConfig { tenant_id: other.id, ..fixtures::storage_config(&app_of_another, 8) };
    let inserted = given::mutate(store, |writes| writes.insert_app(&app_of_another));
    assert_eq!(inserted, Inserted::Inserted);
    assert!(store.mutate(|writes| writes.insert_storage_config(victim.instance.id, &storage)).is_err());
    given::keep_books(store, |books| {
        books.record_secret_uses(&[SecretUse { secret_id, app_id: other_app.id, at }])?;
        let (present, digest) = (&victim.secret.digest.record, fixtures::secret_digest(9));
        books.replace_secret_digest(other_app.id, secret_id, present, &digest)
    });
    let deleted = given::mutate(store, |writes| {
        writes.delete_app(other_app.instance_id, other_app.tenant_id, other_app.id)
    });
    assert_eq!(deleted, Deleted::Deleted);
    victim.assert_untouched(store);
}
