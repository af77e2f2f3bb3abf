//! Queries of apps.

use std::collections::{BTreeMap, HashMap};

use diesel::dsl::{count_star, exists};
use diesel::prelude::*;
use diesel::select;
use turnkeep_domain::app::{App, AppOrigin};
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::filter::AppFilter;
use turnkeep_domain::id::{AppId, InstanceId, PlanId, TenantId, UserId};
use turnkeep_domain::page::Page;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::app::{AppReads, AppWrites};
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::{Deleted, Inserted, Updated};

use crate::connection::MultiBackend;
use crate::per_backend::{count, deleted, insert_unless_conflict, inserted, updated};
use crate::queries::keyset::{containing, other_than, page};
use crate::records::app::AppRow;
use crate::records::word::Word;
use crate::schema::{apps, plans};
use crate::session::Session;

impl AppReads for Session<'_> {
    fn find_app(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        id: AppId,
    ) -> StoreResult<Option<App>> {
        let query = apps::table
            .filter(apps::instance_id.eq(instance_id.as_bytes()))
            .filter(apps::tenant_id.eq(tenant_id.as_bytes()))
            .filter(apps::id.eq(id.as_bytes()))
            .select(AppRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(AppRow::into_domain).transpose()
    }

    fn find_app_by_client_id(
        &mut self,
        instance_id: InstanceId,
        client_id: &ClientId,
    ) -> StoreResult<Option<App>> {
        let query = apps::table
            .filter(apps::instance_id.eq(instance_id.as_bytes()))
            .filter(apps::client_id.eq(client_id.as_str()))
            .select(AppRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(AppRow::into_domain).transpose()
    }

    fn find_tenant_of_app(&mut self, instance_id: InstanceId, id: AppId) -> StoreResult<Option<TenantId>> {
        let query = apps::table
            .filter(apps::instance_id.eq(instance_id.as_bytes()))
            .filter(apps::id.eq(id.as_bytes()))
            .select(apps::tenant_id);
        let tenant_id = self.run(|c| query.get_result::<Vec<u8>>(c).optional())?;
        tenant_id.map(|tenant_id| AppRow::read_tenant_id(&tenant_id)).transpose()
    }

    fn find_platform_app(&mut self, instance_id: InstanceId) -> StoreResult<Option<App>> {
        let query = apps::table
            .filter(apps::instance_id.eq(instance_id.as_bytes()))
            .filter(apps::origin.eq(AppOrigin::Platform.word()))
            .order(apps::id.asc())
            .select(AppRow::as_select());
        self.run(|c| query.first(c).optional())?.map(AppRow::into_domain).transpose()
    }

    fn list_apps(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        filter: &AppFilter,
        page: &Page<AppId>,
    ) -> StoreResult<Vec<App>> {
        let of_tenant = apps::table
            .filter(apps::instance_id.eq(instance_id.as_bytes().to_vec()))
            .filter(apps::tenant_id.eq(tenant_id.as_bytes().to_vec()))
            .into_boxed();
        self.list_filtered_apps(instance_id, of_tenant, filter, page)
    }

    fn list_apps_of_instance(
        &mut self,
        instance_id: InstanceId,
        filter: &AppFilter,
        page: &Page<AppId>,
    ) -> StoreResult<Vec<App>> {
        let of_instance =
            apps::table.filter(apps::instance_id.eq(instance_id.as_bytes().to_vec())).into_boxed();
        self.list_filtered_apps(instance_id, of_instance, filter, page)
    }

    fn count_apps(&mut self, instance_id: InstanceId, tenant_id: TenantId) -> StoreResult<u32> {
        let query = apps::table
            .filter(apps::instance_id.eq(instance_id.as_bytes()))
            .filter(apps::tenant_id.eq(tenant_id.as_bytes()))
            .count();
        self.run(|c| query.get_result::<i64>(c).and_then(count))
    }

    fn count_apps_on_free_plans(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        except: Option<AppId>,
    ) -> StoreResult<u32> {
        let plan = plans::table
            .on(plans::instance_id.eq(apps::instance_id).and(plans::id.nullable().eq(apps::plan_id)));
        let query = apps::table
            .inner_join(plan)
            .filter(apps::instance_id.eq(instance_id.as_bytes()))
            .filter(apps::tenant_id.eq(tenant_id.as_bytes()))
            .filter(apps::id.ne(other_than(except.as_ref().map(AppId::as_bytes))))
            .filter(plans::price.eq(PlanPrice::Free.word()))
            .count();
        self.run(|c| query.get_result::<i64>(c).and_then(count))
    }

    fn count_apps_on_plan(
        &mut self,
        instance_id: InstanceId,
        plan_id: PlanId,
    ) -> StoreResult<BTreeMap<TenantId, u32>> {
        let query = apps::table
            .filter(apps::instance_id.eq(instance_id.as_bytes()))
            .filter(apps::plan_id.eq(plan_id.as_bytes()))
            .group_by(apps::tenant_id)
            .select((apps::tenant_id, count_star()));
        let counted: Vec<(Vec<u8>, i64)> = self.run(|c| query.load(c))?;
        let read = |(tenant_id, apps): (Vec<u8>, i64)| {
            // No tenant has more apps than fit.
            Ok((AppRow::read_tenant_id(&tenant_id)?, u32::try_from(apps).unwrap_or(u32::MAX)))
        };
        counted.into_iter().map(read).collect()
    }

    fn list_plans_of_apps(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
    ) -> StoreResult<HashMap<AppId, PlanId>> {
        let query = apps::table
            .filter(apps::instance_id.eq(instance_id.as_bytes()))
            .filter(apps::tenant_id.eq(tenant_id.as_bytes()))
            .select((apps::id, apps::plan_id));
        let listed: Vec<(Vec<u8>, Option<Vec<u8>>)> = self.run(|c| query.load(c))?;
        let on_plan = listed.into_iter().filter_map(|(id, plan_id)| Some((id, plan_id?)));
        on_plan.map(|(id, plan_id)| Ok((AppRow::read_id(&id)?, AppRow::read_plan_id(&plan_id)?))).collect()
    }

    fn app_name_taken(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        name_key: &str,
        except: Option<AppId>,
    ) -> StoreResult<bool> {
        let others = apps::table
            .filter(apps::instance_id.eq(instance_id.as_bytes()))
            .filter(apps::tenant_id.eq(tenant_id.as_bytes()))
            .filter(apps::name_key.eq(name_key))
            .filter(apps::id.ne(other_than(except.as_ref().map(AppId::as_bytes))));
        self.run(|c| select(exists(others)).get_result(c))
    }
}

type AppQuery = apps::BoxedQuery<'static, MultiBackend>;

impl Session<'_> {
    fn list_filtered_apps(
        &mut self,
        instance_id: InstanceId,
        query: AppQuery,
        filter: &AppFilter,
        page: &Page<AppId>,
    ) -> StoreResult<Vec<App>> {
        let query = page!(filtered(query, filter), apps::id, apps::name_key, page);
        let rows: Vec<AppRow> = if filter.search.is_some() {
            // An index has all that is looked at; only the rows that are found are read.
            let ids: Vec<Vec<u8>> = self.run(|c| query.select(apps::id).load(c))?;
            let found = apps::table
                .filter(apps::instance_id.eq(instance_id.as_bytes()))
                .filter(apps::id.eq_any(ids))
                .select(AppRow::as_select())
                .into_boxed();
            let found = page!(found, apps::id, apps::name_key, page);
            self.run(|c| found.load(c))?
        } else {
            self.run(|c| query.select(AppRow::as_select()).load(c))?
        };
        rows.into_iter().map(AppRow::into_domain).collect()
    }
}

fn filtered(mut query: AppQuery, filter: &AppFilter) -> AppQuery {
    if let Some(search) = &filter.search {
        query = query.filter(containing!(apps::name_key, search.key().to_owned()));
    }
    if let Some(client_id) = &filter.client_id {
        query = query.filter(apps::client_id.eq(client_id.as_str().to_owned()));
    }
    if let Some(state) = filter.state {
        query = query.filter(apps::state.eq(state.word()));
    }
    if let Some(client_type) = filter.client_type {
        query = query.filter(apps::client_type.eq(client_type.word()));
    }
    if let Some(plan_id) = filter.plan_id {
        query = query.filter(apps::plan_id.eq(plan_id.as_bytes().to_vec()));
    }
    if let Some(region_code) = &filter.region_code {
        query = query.filter(apps::region_code.eq(region_code.as_str().to_owned()));
    }
    if let Some(user_id) = filter.system_user_id {
        query = query.filter(apps::system_user_id.eq(user_id.as_bytes().to_vec()));
    }
    if let Some(scope) = &filter.scope {
        query = granted(query, scope);
    }
    if let Some(policy) = filter.reference_tokens {
        query = query.filter(apps::reference_tokens.eq(policy.word()));
    }
    if let Some(basic) = filter.basic_authentication {
        query = query.filter(apps::basic_authentication.eq(basic.word()));
    }
    query
}

/// The names are quoted in the stored list, and no name has a quote in it. The comma between two names stands
/// between quotes as well, so a scope with that name is looked for together with its neighbours.
fn granted(query: AppQuery, scope: &ScopeName) -> AppQuery {
    if scope.as_str() == "," {
        let first_or_last = apps::scopes.like("[\",\"%").or(apps::scopes.like("%\",\"]"));
        return query.filter(containing!(apps::scopes, "\",\",\",\"").or(first_or_last));
    }
    query.filter(containing!(apps::scopes, format!("\"{}\"", scope.as_str())))
}

impl AppWrites for Session<'_> {
    fn insert_app(&mut self, app: &App) -> StoreResult<Inserted> {
        let row = AppRow::from(app);
        self.run(|c| insert_unless_conflict!(c, apps::table, &row)).map(inserted)
    }

    fn update_app(&mut self, app: &App, replacing: RecordVersion) -> StoreResult<Updated> {
        let stored = apps::table
            .filter(apps::instance_id.eq(app.instance_id.as_bytes()))
            .filter(apps::tenant_id.eq(app.tenant_id.as_bytes()))
            .filter(apps::id.eq(app.id.as_bytes()))
            .filter(apps::version.eq(replacing.as_number()));
        let changes = AppRow::from(app).changes;
        self.run(|c| diesel::update(stored).set(&changes).execute(c)).map(updated)
    }

    fn delete_app(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        id: AppId,
    ) -> StoreResult<Deleted> {
        let stored = apps::table
            .filter(apps::instance_id.eq(instance_id.as_bytes()))
            .filter(apps::tenant_id.eq(tenant_id.as_bytes()))
            .filter(apps::id.eq(id.as_bytes()));
        self.run(|c| diesel::delete(stored).execute(c)).map(deleted)
    }

    fn kill_tokens_of_system_user(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        dead_below: ChangeSequence,
    ) -> StoreResult<u32> {
        let acting_as_user = apps::table
            .filter(apps::instance_id.eq(instance_id.as_bytes()))
            .filter(apps::system_user_id.eq(user_id.as_bytes()));
        let mark = apps::tokens_dead_below.eq(dead_below.as_number());
        self.run(|c| diesel::update(acting_as_user).set(mark).execute(c).and_then(count))
    }
}
