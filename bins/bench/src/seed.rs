//! Fills a database: the catalogue through the registry's use cases, the apps in large batches beside them, since
//! 100,000 real scrypt hashes would take three quarters of an hour and no token request ever looks at them.

use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use anyhow::{Context, anyhow, ensure};
use turnkeep_domain::app::AppState;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::ResourceId;
use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::placement::Placement;
use turnkeep_domain::plan::{Plan, PlanPrice};
use turnkeep_domain::region::DbCode;
use turnkeep_domain::resource::{Audience, LimitsClaims, ScopeGrant};
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::tenant::{AppLimit, Tenant};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_requests::TokenRequestLimits;
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
use turnkeep_service::registry::manage_resource::add_resource_server;
use turnkeep_service::registry::manage_tenant::{TenantStep, step_tenant};
use turnkeep_service::storage_settings::probe::NoStorageProbe;
use turnkeep_service::tokens::authenticate_bearer::Caller;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::{Store, Writes};

use crate::Extent;
use crate::data_folder::DataFolder;
use crate::fleet::{ALGORITHMS, Fleet, NewApp, plan_limits, scope_name};
use turnkeep_embed::system::{SystemClock, SystemRandom};

/// How many apps go into one transaction.
const APPS_PER_BATCH: u32 = 20_000;
/// Neighbours in the database are that far from each other among the request bodies, so that those of the first apps
/// are spread over all of it. It is prime.
const STRIDE: usize = 7_919;

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
        mail: Arc::new(turnkeep_service::sign_in::mail::NoMail),
        logout_delivery: Arc::new(turnkeep_service::logout::deliver_logout::NoLogoutDelivery),
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
    let resources = create_resources(&context)?;
    let tenants = create_tenants(&context, extent)?;
    let fleet = Fleet { mac_keys: &mac_keys, placement: &placement, plan: &plan };
    let mut times = times_until(authority.now(), apps);
    let tenants_per_batch = usize::try_from((APPS_PER_BATCH / extent.apps_per_tenant).max(1))?;
    let mut numbers = 0..apps;
    let mut bodies = Vec::new();
    let mut first = None;
    for batch in tenants.chunks(tenants_per_batch) {
        let made = make_apps(&fleet, batch, extent, &mut numbers, &mut times)?;
        insert(&*store, &made, authority.now())?;
        bodies.extend(made.iter().map(NewApp::request_body));
        first = first.or(made.first().map(|new| new.app.id));
    }
    // The one that may introspect everybody's tokens; its body stays the first.
    for resource_id in resources {
        done(add_resource_server(&context, resource_id, first.context("there is no app")?))?;
    }
    let stride = if extent.in_order { 1 } else { STRIDE };
    write_bodies(&mut folder.new_bodies()?, &bodies, stride)
}

/// A millisecond after the other, as if the apps had been made one by one: their ids begin with it, and a database
/// that had to put them in at random places would take far longer.
fn times_until(end: Timestamp, apps: u32) -> impl Iterator<Item = Timestamp> {
    let millis = i64::from(apps);
    (0..millis).map(move |number| Timestamp::from_micros(end.as_micros() - (millis - number) * 1_000))
}

/// One so far behind the other, as long as that reaches all of them.
fn write_bodies(file: &mut impl Write, bodies: &[String], stride: usize) -> anyhow::Result<()> {
    let stride = if bodies.len().is_multiple_of(stride) { 1 } else { stride };
    let scattered = (0..bodies.len()).filter_map(|place| bodies.get(place * stride % bodies.len()));
    for body in scattered {
        writeln!(file, "{body}")?;
    }
    Ok(file.flush()?)
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
        token_requests: TokenRequestLimits::default(),
    };
    let plan = done(create_plan(context, &command))?;
    done(step_plan(context, plan.id, PlanStep::Activate, None))
}

fn create_resources(context: &RegistryContext<'_>) -> anyhow::Result<Vec<ResourceId>> {
    let mut created = Vec::new();
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
        created.push(resource.id);
    }
    Ok(created)
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
    times: &mut impl Iterator<Item = Timestamp>,
) -> anyhow::Result<Vec<NewApp>> {
    let share = usize::try_from(extent.apps_per_tenant)?;
    let mut made = Vec::new();
    for tenant in tenants {
        for number in numbers.by_ref().take(share) {
            let is_disabled = number.checked_rem(extent.disable_each) == Some(0);
            let state = if is_disabled { AppState::Disabled } else { AppState::Enabled };
            let made_at = times.next().context("there are more apps than times")?;
            made.push(fleet.make_app(tenant, number, state, made_at)?);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_body_is_written_once_and_the_first_stays_the_first() {
        for count in [1, 5, STRIDE, 20_000] {
            let bodies: Vec<_> = (0..count).map(|number| number.to_string()).collect();
            let mut file = Vec::new();
            write_bodies(&mut file, &bodies, STRIDE).unwrap();
            let text = String::from_utf8(file).unwrap();
            let mut written: Vec<_> = text.lines().map(|line| line.parse::<usize>().unwrap()).collect();
            assert_eq!(written.first(), Some(&0));
            written.sort_unstable();
            assert!(written.into_iter().eq(0..count), "{count}");
            let mut in_order = Vec::new();
            write_bodies(&mut in_order, &bodies, 1).unwrap();
            assert!(String::from_utf8(in_order).unwrap().lines().eq(&bodies), "{count}");
        }
    }
}
