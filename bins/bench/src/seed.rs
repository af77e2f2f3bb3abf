//! Fills a database: the catalogue through the registry's use cases, the apps in large batches beside them, since
//! 100,000 real scrypt hashes would take three quarters of an hour and no token request ever looks at them.

use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use anyhow::{anyhow, ensure};
use turnkeep_domain::app::AppState;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::placement::Placement;
use turnkeep_domain::plan::{Plan, PlanPrice};
use turnkeep_domain::region::DbCode;
use turnkeep_domain::resource::{Audience, LimitsClaims, ScopeGrant};
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::tenant::{AppLimit, Tenant};
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::mac::MacKeys;
use turnkeep_service::authority::{Authority, AuthorityParts, AuthoritySettings};
use turnkeep_service::failure::Failure;
use turnkeep_service::first_start::ensure_first_start;
use turnkeep_service::issuer::BaseUrl;
use turnkeep_service::registry::context::{RegistryContext, RegistryResult, find_addressed_instance};
use turnkeep_service::registry::create_plan::{CreatePlanCommand, create_plan};
use turnkeep_service::registry::create_region::{
    CreateRegionCommand, CreateRegionDatabaseCommand, create_region, create_region_database,
};
use turnkeep_service::registry::create_resource::{
    CreateResourceCommand, CreateScopeCommand, create_resource, create_scope,
};
use turnkeep_service::registry::create_tenant::{CreateTenantCommand, create_tenant};
use turnkeep_service::registry::manage_plan::{PlanStep, step_plan};
use turnkeep_service::registry::manage_tenant::{TenantStep, step_tenant};
use turnkeep_service::storage_settings::probe::NoStorageProbe;
use turnkeep_service::tokens::authenticate_bearer::Caller;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::{Store, Writes};

use crate::Extent;
use crate::data_folder::DataFolder;
use crate::fleet::{ALGORITHMS, Fleet, NewApp, plan_limits, scope_name};
use crate::system::{SystemClock, SystemRandom};

/// How many apps go into one transaction.
const APPS_PER_BATCH: u32 = 2_000;

/// Fills a new folder's database, and writes the request bodies.
pub(crate) fn run(folder: &DataFolder, extent: &Extent) -> anyhow::Result<()> {
    let apps = extent.apps;
    let store = folder.store()?;
    let master_keys = Arc::new(folder.master_keys()?);
    let mac_keys = MacKeys::new(&master_keys);
    let authority = Authority::new(AuthorityParts {
        store: Arc::clone(&store),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        master_keys,
        base_url: BaseUrl::parse("http://127.0.0.1")?,
        storage_probe: Arc::new(NoStorageProbe),
        settings: AuthoritySettings::default(),
    });
    ensure_first_start(&authority)?;
    let instance = find_addressed_instance(&authority, &Slug::parse(DEFAULT_INSTANCE)?).map_err(explained)?;
    let caller = Caller::COMMAND_LINE;
    let context = RegistryContext {
        authority: &authority,
        instance_id: instance.id,
        caller,
        request_id: None,
        idempotency: None,
    };

    let placement = create_place(&context, apps)?;
    let plan = create_usable_plan(&context)?;
    create_resources(&context)?;
    let tenants = create_tenants(&context, extent)?;
    let fleet = Fleet { mac_keys: &mac_keys, placement: &placement, plan: &plan, made_at: authority.now() };
    let mut bodies = folder.new_bodies()?;
    let tenants_per_batch = usize::try_from((APPS_PER_BATCH / extent.apps_per_tenant).max(1))?;
    let mut numbers = 0..apps;
    for batch in tenants.chunks(tenants_per_batch) {
        let made = make_apps(&fleet, batch, extent, &mut numbers)?;
        insert(&*store, &made, fleet.made_at)?;
        for app in &made {
            writeln!(bodies, "{}", app.request_body())?;
        }
    }
    Ok(bodies.flush()?)
}

fn create_place(context: &RegistryContext<'_>, apps: u32) -> anyhow::Result<Placement> {
    let region = CreateRegionCommand { code: Slug::parse("eu-west")?, name: DisplayName::parse("EU West")? };
    let region = done(create_region(context, &region))?;
    let db_code = DbCode::parse("EU-01")?;
    let database = CreateRegionDatabaseCommand { region_id: region.id, db_code, capacity: apps };
    let database = done(create_region_database(context, &database))?;
    Ok(Placement::Placed {
        region_id: region.id,
        region_code: region.code,
        database_id: database.id,
        db_code: database.db_code,
    })
}

fn create_usable_plan(context: &RegistryContext<'_>) -> anyhow::Result<Plan> {
    let command = CreatePlanCommand {
        code: Slug::parse("pro")?,
        name: DisplayName::parse("Pro")?,
        price: PlanPrice::Paid,
        limits: plan_limits()?,
    };
    let plan = done(create_plan(context, &command))?;
    done(step_plan(context, plan.id, PlanStep::Activate, None))
}

fn create_resources(context: &RegistryContext<'_>) -> anyhow::Result<()> {
    for algorithm in ALGORITHMS {
        let resource = CreateResourceCommand {
            audience: Audience::parse(&format!("Measured.{algorithm}"))?,
            name: DisplayName::parse(&format!("Measured {algorithm}"))?,
            limits_claims: LimitsClaims::default(),
            signing_algorithm: algorithm,
        };
        let resource = done(create_resource(context, &resource))?;
        let scope = CreateScopeCommand {
            resource_id: resource.id,
            name: ScopeName::parse(&scope_name(algorithm))?,
            description: "Being measured".to_owned(),
            grant: ScopeGrant::AnyApp,
        };
        done(create_scope(context, &scope))?;
    }
    Ok(())
}

fn create_tenants(context: &RegistryContext<'_>, extent: &Extent) -> anyhow::Result<Vec<Tenant>> {
    let app_limit = AppLimit::new(extent.apps_per_tenant).unwrap_or(AppLimit::DEFAULT);
    let mut tenants = Vec::new();
    for number in 0..extent.apps.div_ceil(extent.apps_per_tenant) {
        let name = DisplayName::parse(&format!("Measured tenant {number}"))?;
        let tenant = done(create_tenant(context, &CreateTenantCommand { name, app_limit }))?;
        tenants.push(done(step_tenant(context, tenant.id, TenantStep::Activate, None))?);
    }
    Ok(tenants)
}

fn make_apps(
    fleet: &Fleet<'_>,
    tenants: &[Tenant],
    extent: &Extent,
    numbers: &mut Range<u32>,
) -> anyhow::Result<Vec<NewApp>> {
    let share = usize::try_from(extent.apps_per_tenant)?;
    let mut made = Vec::new();
    for tenant in tenants {
        for number in numbers.by_ref().take(share) {
            let is_disabled = number.checked_rem(extent.disable_each) == Some(0);
            let state = if is_disabled { AppState::Disabled } else { AppState::Enabled };
            made.push(fleet.make_app(tenant, number, state)?);
        }
    }
    Ok(made)
}

fn insert(store: &dyn Store, apps: &[NewApp], now: Timestamp) -> anyhow::Result<()> {
    let all_went_in = store.mutate(|writes| {
        let mut all_went_in = true;
        for app in apps {
            all_went_in &= insert_app(writes, app, now)?;
        }
        Ok(all_went_in)
    })?;
    ensure!(all_went_in, "a new app was refused by the database");
    Ok(())
}

fn insert_app(writes: &mut dyn Writes, new: &NewApp, now: Timestamp) -> StoreResult<bool> {
    let app = &new.app;
    let inserted = writes.insert_app(app)? == Inserted::Inserted;
    writes.insert_secret(app.tenant_id, &new.secret)?;
    let has_room = match &app.placement {
        Placement::Placed { database_id, .. } => {
            writes.take_room(app.instance_id, *database_id)? == Updated::Updated
        }
        Placement::Unplaced | Placement::RegionOnly { .. } => false,
    };
    writes.record_change(
        ChangeScope::App(app.instance_id, app.tenant_id, app.id),
        TokensBefore::Live,
        now,
    )?;
    Ok(inserted && has_room)
}

fn done<T>(result: RegistryResult<T>) -> anyhow::Result<T> {
    result.map_err(explained)
}

fn explained<D: std::fmt::Display>(failure: Failure<D>) -> anyhow::Error {
    match failure {
        Failure::Denied(denial) => anyhow!("refused: {denial}"),
        Failure::Fault(fault) => fault.into(),
    }
}
