//! Exporting records: an instance for operators, a tenant with its apps for its members.
//!
//! Never in an export: secrets in the clear, secret keys of storage, signing keys, and what belongs to the platform
//! itself (the operator's app, the management API's own resource), which every server makes for itself.

use std::collections::{BTreeMap, HashMap};

use turnkeep_domain::app::{App, AppOrigin};
use turnkeep_domain::client_secret::SecretState;
use turnkeep_domain::filter::{AppFilter, TenantFilter, UserFilter};
use turnkeep_domain::id::{AppId, InstanceId, PlanId, TenantId, UserId};
use turnkeep_domain::page::Page;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::{User, UserName};
use turnkeep_exchange::document::Document;
use turnkeep_exchange::document::app::{AppRecord, AppReferences, StorageRecord};
use turnkeep_exchange::document::app_secret::AppSecretRecord;
use turnkeep_exchange::document::instance::InstanceRecord;
use turnkeep_exchange::document::plan::PlanRecord;
use turnkeep_exchange::document::region::RegionRecord;
use turnkeep_exchange::document::resource::ResourceRecord;
use turnkeep_exchange::document::tenant::{MemberRecord, TenantRecord};
use turnkeep_exchange::document::user::UserRecord;
use turnkeep_exchange::import_set::{MAX_INPUT_BYTES, MAX_RECORDS};
use turnkeep_policy::permission::Permission;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;

use crate::failure::Fault;
use crate::registry::context::{Extent, RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Done, mutate};
use crate::tokens::authenticate_bearer::MANAGEMENT_AUDIENCE;

/// Whether hashes of secrets go with the apps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hashes {
    /// No. Apps then cannot be made anew from the export, as they would have no secret.
    Withheld,
    /// Yes. For operators only, and recorded.
    Included,
}

/// How much an export can have: it is made in memory, and has to fit into an import.
#[derive(Debug, Clone, Copy)]
pub struct ExportLimits {
    /// Records, their parts not counted.
    pub records: usize,
    /// Bytes of JSON.
    pub bytes: usize,
}

impl Default for ExportLimits {
    fn default() -> Self {
        Self { records: MAX_RECORDS, bytes: MAX_INPUT_BYTES }
    }
}

/// The records as JSON of our own format, the same bytes for the same records. Without a tenant, operators get the
/// whole instance; members of a tenant get that tenant.
pub fn export_records(
    context: &RegistryContext<'_>,
    tenant_id: Option<TenantId>,
    hashes: Hashes,
) -> RegistryResult<String> {
    context.require_read("export.read", None, Permission::Export)?;
    let extent = match (tenant_id, context.extent()?) {
        (Some(tenant_id), _) => Extent::Tenant(context.reachable(tenant_id)?),
        (None, extent) => extent,
    };
    if hashes == Hashes::Included {
        record_export_of_hashes(context, extent)?;
    }
    let export = Export {
        instance_id: context.instance_id,
        hashes,
        knows_servers: context.require_operator().is_ok(),
        now: context.authority.now(),
        max_records: context.authority.settings.export.records,
    };
    let document = context.read(|reads| export.read(reads, extent))?;
    let text = document.into_json().map_err(Fault::Document)?;
    if context.authority.settings.export.bytes < text.len() {
        return Err(RegistryDenial::ExportTooLarge.into());
    }
    Ok(text)
}

/// Before anything is handed out.
fn record_export_of_hashes(context: &RegistryContext<'_>, extent: Extent) -> RegistryResult<()> {
    const ACTION: &str = "export.hashes";
    context.audited(ACTION, None, context.require_operator())?;
    mutate(context, ACTION, None, |change| {
        let done = Done::of(context.instance_id, ());
        match extent {
            Extent::Instance => Ok(done),
            Extent::Tenant(tenant_id) => {
                change.writes.find_tenant(context.instance_id, tenant_id)?.ok_or(RegistryDenial::NotFound)?;
                Ok(done.in_tenant(tenant_id))
            }
        }
    })
}

struct Export {
    instance_id: InstanceId,
    hashes: Hashes,
    /// Whether to say which app serves which resource.
    knows_servers: bool,
    now: Timestamp,
    max_records: usize,
}

/// What apps and tenants refer to, by id.
#[derive(Default)]
struct Names {
    plans: HashMap<PlanId, String>,
    users: HashMap<UserId, UserName>,
    audiences: BTreeMap<AppId, Vec<String>>,
}

impl Export {
    fn read(&self, reads: &mut dyn Reads, extent: Extent) -> RegistryResult<Document> {
        let mut document = Document::default();
        let mut names = self.names(reads)?;
        let tenants = match extent {
            Extent::Tenant(id) => {
                vec![reads.find_tenant(self.instance_id, id)?.ok_or(RegistryDenial::NotFound)?]
            }
            Extent::Instance => {
                self.add_definitions(reads, &mut document, &mut names)?;
                self.all_tenants(reads)?
            }
        };
        for tenant in tenants {
            let members = self.members(reads, &tenant, &mut names)?;
            document.tenants.push(TenantRecord::new(&tenant, members));
            self.add_apps(reads, &tenant, &mut names, &mut document)?;
            if self.max_records < document.len() {
                return Err(RegistryDenial::ExportTooLarge.into());
            }
        }
        Ok(document)
    }

    fn names(&self, reads: &mut dyn Reads) -> StoreResult<Names> {
        let mut names = Names::default();
        for plan in reads.list_plans(self.instance_id)? {
            names.plans.insert(plan.id, plan.code.to_string());
        }
        if self.knows_servers {
            for resource in reads.list_resources(self.instance_id)? {
                for app_id in reads.list_resource_servers(self.instance_id, resource.id)? {
                    names.audiences.entry(app_id).or_default().push(resource.audience.to_string());
                }
            }
        }
        Ok(names)
    }

    /// Everything but tenants and apps.
    fn add_definitions(
        &self,
        reads: &mut dyn Reads,
        document: &mut Document,
        names: &mut Names,
    ) -> StoreResult<()> {
        let instance = reads.find_instance(self.instance_id)?;
        document.instance = instance.as_ref().map(InstanceRecord::from);
        let scopes = reads.list_scopes(self.instance_id)?;
        for resource in reads.list_resources(self.instance_id)? {
            if resource.audience.as_str() != MANAGEMENT_AUDIENCE {
                let own = scopes.iter().filter(|scope| scope.resource_id == resource.id);
                document.resources.push(ResourceRecord::new(&resource, own));
            }
        }
        for region in reads.list_regions(self.instance_id)? {
            let databases = reads.list_region_databases(self.instance_id, region.id)?;
            document.regions.push(RegionRecord::new(&region, &databases));
        }
        document.plans.extend(reads.list_plans(self.instance_id)?.iter().map(PlanRecord::from));
        for user in self.all_users(reads)? {
            document.users.push(UserRecord::from(&user));
            names.users.insert(user.id, user.name);
        }
        for (user_id, _) in reads.list_operators(self.instance_id)? {
            document.operators.extend(names.users.get(&user_id).map(ToString::to_string));
        }
        Ok(())
    }

    fn all_users(&self, reads: &mut dyn Reads) -> StoreResult<Vec<User>> {
        let mut users: Vec<User> = Vec::new();
        let mut page = Page::first(Page::<UserId>::MAX_LIMIT);
        // One more than an export can have is enough to know that it is too many.
        while users.len() <= self.max_records {
            let some = reads.list_users(self.instance_id, &UserFilter::default(), &page)?;
            let Some(last) = some.last() else { break };
            page = Page::after(last.id, Page::<UserId>::MAX_LIMIT);
            users.extend(some);
        }
        Ok(users)
    }

    fn all_tenants(&self, reads: &mut dyn Reads) -> RegistryResult<Vec<Tenant>> {
        let mut tenants: Vec<Tenant> = Vec::new();
        let mut page = Page::first(Page::<TenantId>::MAX_LIMIT);
        loop {
            let some = reads.list_tenants(self.instance_id, &TenantFilter::default(), &page)?;
            let Some(last) = some.last() else { return Ok(tenants) };
            page = Page::after(last.id, Page::<TenantId>::MAX_LIMIT);
            tenants.extend(some);
            if self.max_records < tenants.len() {
                return Err(RegistryDenial::ExportTooLarge.into());
            }
        }
    }

    fn members(
        &self,
        reads: &mut dyn Reads,
        tenant: &Tenant,
        names: &mut Names,
    ) -> StoreResult<Vec<MemberRecord>> {
        let mut members = Vec::new();
        for member in reads.list_members(self.instance_id, tenant.id)? {
            if let Some(name) = self.user_name(reads, member.user_id, names)? {
                members.push(MemberRecord::new(&name, member.role));
            }
        }
        Ok(members)
    }

    fn user_name(
        &self,
        reads: &mut dyn Reads,
        id: UserId,
        names: &mut Names,
    ) -> StoreResult<Option<UserName>> {
        if let Some(name) = names.users.get(&id) {
            return Ok(Some(name.clone()));
        }
        let found = reads.find_user(self.instance_id, id)?;
        names.users.extend(found.iter().map(|user| (id, user.name.clone())));
        Ok(found.map(|user| user.name))
    }

    fn add_apps(
        &self,
        reads: &mut dyn Reads,
        tenant: &Tenant,
        names: &mut Names,
        document: &mut Document,
    ) -> StoreResult<()> {
        let mut page = Page::first(Page::<AppId>::MAX_LIMIT);
        // The rest is of no use once there are too many.
        while document.len() <= self.max_records {
            let apps = reads.list_apps(self.instance_id, tenant.id, &AppFilter::default(), &page)?;
            let Some(last) = apps.last() else { break };
            page = Page::after(last.id, Page::<AppId>::MAX_LIMIT);
            for app in apps.iter().filter(|app| app.origin == AppOrigin::External) {
                document.apps.push(self.app(reads, tenant, app, names)?);
            }
        }
        Ok(())
    }

    fn app(
        &self,
        reads: &mut dyn Reads,
        tenant: &Tenant,
        app: &App,
        names: &mut Names,
    ) -> StoreResult<AppRecord> {
        let service_user = match app.settings.service_access {
            ServiceAccess::AsUser(id) => self.user_name(reads, id, names)?,
            ServiceAccess::AsApp | ServiceAccess::Disabled => None,
        };
        let references = AppReferences {
            tenant: tenant.name.to_string(),
            plan_code: app.plan.and_then(|plan| names.plans.get(&plan.plan_id).cloned()),
            service_user: service_user.map(|name| name.to_string()),
            resource_server_of: names.audiences.get(&app.id).cloned().unwrap_or_default(),
        };
        let storage = reads.find_storage_config(self.instance_id, tenant.id, app.id)?;
        let storage = storage.map(|stored| StorageRecord::from(&stored.config.settings));
        Ok(AppRecord::new(app, references, storage, self.secrets(reads, app)?))
    }

    /// The live ones.
    fn secrets(&self, reads: &mut dyn Reads, app: &App) -> StoreResult<Vec<AppSecretRecord>> {
        let stored = reads.list_secrets(app.tenant_id, app.id)?;
        let live = stored.iter().filter(|stored| stored.secret.state(self.now) == SecretState::Live);
        let record = |stored: &turnkeep_storage::secret::StoredSecret| {
            let hash = match self.hashes {
                Hashes::Included => Some(&stored.digest.record),
                Hashes::Withheld => None,
            };
            AppSecretRecord::new(&stored.secret, hash)
        };
        Ok(live.map(record).collect())
    }
}
