//! Apps.

use std::collections::{BTreeMap, HashMap};

use turnkeep_domain::app::App;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::filter::AppFilter;
use turnkeep_domain::id::{AppId, InstanceId, PlanId, TenantId, UserId};
use turnkeep_domain::version::RecordVersion;

use crate::error::StoreResult;
use crate::outcome::{Deleted, Inserted, Updated};
use turnkeep_domain::page::Page;

/// Reads of apps.
pub trait AppReads {
    /// By instance, tenant and id.
    fn find_app(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        id: AppId,
    ) -> StoreResult<Option<App>>;
    /// By what a client presents; compared byte for byte on every database.
    fn find_app_by_client_id(
        &mut self,
        instance_id: InstanceId,
        client_id: &ClientId,
    ) -> StoreResult<Option<App>>;
    /// Which tenant an app belongs to, for operators, who may reach all of them.
    fn find_tenant_of_app(&mut self, instance_id: InstanceId, id: AppId) -> StoreResult<Option<TenantId>>;
    /// The oldest of the platform's own ([`AppOrigin::Platform`](turnkeep_domain::app::AppOrigin::Platform)).
    fn find_platform_app(&mut self, instance_id: InstanceId) -> StoreResult<Option<App>>;
    /// Those of one tenant. Their sort name is the uniqueness key of the app's name.
    fn list_apps(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        filter: &AppFilter,
        page: &Page<AppId>,
    ) -> StoreResult<Vec<App>>;
    /// Those of every tenant, for operators.
    fn list_apps_of_instance(
        &mut self,
        instance_id: InstanceId,
        filter: &AppFilter,
        page: &Page<AppId>,
    ) -> StoreResult<Vec<App>>;
    /// How many apps a tenant has.
    fn count_apps(&mut self, instance_id: InstanceId, tenant_id: TenantId) -> StoreResult<u32>;
    /// How many of them, other than `except`, are on a free plan.
    fn count_apps_on_free_plans(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        except: Option<AppId>,
    ) -> StoreResult<u32>;
    /// How many apps each tenant has on a plan; those without any are left out.
    fn count_apps_on_plan(
        &mut self,
        instance_id: InstanceId,
        plan_id: PlanId,
    ) -> StoreResult<BTreeMap<TenantId, u32>>;
    /// Which plan each app of a tenant is on; those on none are left out.
    fn list_plans_of_apps(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
    ) -> StoreResult<HashMap<AppId, PlanId>>;
    /// Whether another app of the tenant has a name with this uniqueness key.
    fn app_name_taken(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        name_key: &str,
        except: Option<AppId>,
    ) -> StoreResult<bool>;
}

/// Changes of apps.
pub trait AppWrites {
    /// Conflicts on the client id within the instance, or the name within the tenant.
    fn insert_app(&mut self, app: &App) -> StoreResult<Inserted>;
    /// Writes state, settings, plan and kill mark, if the stored version is `replacing`. What never changes
    /// (client id, client type, origin, placement) is not written.
    fn update_app(&mut self, app: &App, replacing: RecordVersion) -> StoreResult<Updated>;
    /// Removes an app with its secrets.
    fn delete_app(&mut self, instance_id: InstanceId, tenant_id: TenantId, id: AppId)
    -> StoreResult<Deleted>;
    /// Kills the tokens of every app that acts as a system user; returns how many apps that are.
    fn kill_tokens_of_system_user(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        dead_below: ChangeSequence,
    ) -> StoreResult<u32>;
}
