//! A new app with its first secret (seeds 001 and 002).

use turnkeep_domain::app::{App, AppOrigin, AppSettings, AppState};
use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::id::{AppId, PlanId, RegionId, TenantId};
use turnkeep_domain::placement::Placement;
use turnkeep_domain::plan_assignment::{AssignmentState, PlanAssignment};
use turnkeep_domain::region::{Region, RegionDatabase};
use turnkeep_domain::resource::{Scope, ScopeGrant};
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::choose_region_database::choose_region_database;
use turnkeep_policy::decide_app_settings::AppSettingsWarning;
use turnkeep_policy::permission::Permission;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::Reads;

use crate::audit::attributes::{app_attributes, created, secret_attributes};
use crate::logout::check_logout_uri::check_logout_uri;
use crate::registry::assign_plan::check_assignment;
use crate::registry::context::{Extent, RegistryContext, RegistryResult};
use crate::registry::denial::{RegistryDenial, UniqueAttribute};
use crate::registry::judge_new_app::check_tenant;
use crate::registry::judge_settings::{check_operators_choices, judge_settings};
use crate::registry::new_secret::{aged, make_secret};
use crate::registry::recording::{Change, Done, mutate};

/// How a region is named.
#[derive(Debug, Clone)]
pub enum RegionChoice {
    /// By id.
    Id(RegionId),
    /// By code.
    Code(Slug),
}

/// A new app.
#[derive(Debug, Clone)]
pub struct CreateAppCommand {
    /// The owning tenant; a caller of a tenant may leave it out, an operator has to name it.
    pub tenant_id: Option<TenantId>,
    /// Where it is licensed; never changes.
    pub region: RegionChoice,
    /// What the vendor chose (seed 002: `ApplicationUri`); `None` generates one.
    pub client_id: Option<ClientId>,
    /// Whether it can keep a secret; never changes.
    pub client_type: ClientType,
    /// What may be changed later.
    pub settings: AppSettings,
    /// Whether the caller named the scopes; if not, the app gets the default ones of the instance.
    pub scopes: Option<ScopeSet>,
    /// Its plan.
    pub plan_id: Option<PlanId>,
}

/// An app that was created.
#[derive(Debug)]
pub struct CreatedApp {
    /// The record.
    pub app: App,
    /// What deserves a second thought.
    pub warnings: Vec<AppSettingsWarning>,
    /// The secret of a confidential app: it is not stored, and never shown again.
    pub client_secret: Option<PlaintextSecret>,
}

/// Creates an app in a tenant that the caller reaches.
pub fn create_app(context: &RegistryContext<'_>, command: &CreateAppCommand) -> RegistryResult<CreatedApp> {
    let tenant_id = context.audited("app.create", None, check_caller(context, command))?;
    let authority = context.authority;
    let id = AppId::new(authority.now(), authority.random_bytes());
    let first_secret = match command.client_type {
        ClientType::Confidential => Some(make_secret(authority, id)?),
        ClientType::Public => None,
    };
    let stored_secret = first_secret.as_ref().map(|secret| &secret.stored);
    let (app, warnings) = mutate(context, "app.create", None, |change| {
        let (app, warnings) = prepare(context, change, command, tenant_id, id)?;
        if change.writes.insert_app(&app)? == Inserted::Conflict {
            return Err(RegistryDenial::Taken(UniqueAttribute::ClientId).into());
        }
        let mut of_secret = Vec::new();
        if let Some(stored) = stored_secret {
            let stored = aged(change.writes, context.instance_id, tenant_id, stored, change.now)?;
            change.writes.insert_secret(tenant_id, &stored)?;
            of_secret = secret_attributes(&stored.secret);
        }
        change.record(ChangeScope::NewApp(context.instance_id, tenant_id, id), TokensBefore::Live)?;
        Ok(Done::of(id, (app.clone(), warnings))
            .in_tenant(tenant_id)
            .changes(created(app_attributes(&app)))
            .changes(created(of_secret)))
    })?;
    Ok(CreatedApp { app, warnings, client_secret: first_secret.map(|secret| secret.plaintext) })
}

/// What can be refused before anything is paid for. Returns the owning tenant.
fn check_caller(context: &RegistryContext<'_>, command: &CreateAppCommand) -> RegistryResult<TenantId> {
    context.require(Permission::ManageApps)?;
    // Plans are sold: a tenant cannot help itself to one. A client id of one's choice is unique in the instance, so
    // tenants could take each other's, and learn of them.
    if command.plan_id.is_some() || command.client_id.is_some() {
        context.require_operator()?;
    }
    check_operators_choices(context, None, &command.settings)?;
    check_logout_uri(context.authority, None, &command.settings)?;
    match (command.tenant_id, context.extent()?) {
        (Some(tenant_id), _) => context.reachable(tenant_id),
        (None, Extent::Tenant(own)) => Ok(own),
        (None, Extent::Instance) => Err(RegistryDenial::TenantRequired.into()),
    }
}

/// Every decision about the new app, before anything is written but the room it takes.
fn prepare(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    command: &CreateAppCommand,
    tenant_id: TenantId,
    id: AppId,
) -> RegistryResult<(App, Vec<AppSettingsWarning>)> {
    let instance_id = context.instance_id;
    let known_scopes = change.writes.list_scopes(instance_id)?;
    let mut settings = command.settings.clone();
    settings.scopes = command.scopes.clone().unwrap_or_else(|| default_scopes(&known_scopes));
    check_tenant(context, change.writes, tenant_id, Some(&settings.name))?;
    let warnings = judge_settings(
        context,
        change.writes,
        command.client_type,
        AppOrigin::External,
        &settings,
        &known_scopes,
    )?;
    let plan = command.plan_id.map(|plan_id| assignment(plan_id, change.now));
    if let Some(plan_id) = command.plan_id {
        check_assignment(context, change.writes, tenant_id, plan_id, None)?;
    }
    let client_id = match &command.client_id {
        Some(client_id) if change.writes.find_app_by_client_id(instance_id, client_id)?.is_some() => {
            return Err(RegistryDenial::Taken(UniqueAttribute::ClientId).into());
        }
        Some(client_id) => client_id.clone(),
        None => ClientId::generate(context.authority.random_bytes()),
    };
    let placement = take_place(context, change, &command.region)?;
    let app = App {
        id,
        instance_id,
        tenant_id,
        client_id,
        client_type: command.client_type,
        origin: AppOrigin::External,
        placement,
        state: AppState::Enabled,
        settings,
        plan,
        tokens_dead_below: ChangeSequence::ZERO,
        state_since: change.now,
        created_at: change.now,
        version: RecordVersion::FIRST,
    };
    Ok((app, warnings))
}

fn default_scopes(known_scopes: &[Scope]) -> ScopeSet {
    let names = known_scopes
        .iter()
        .filter(|scope| scope.grant == ScopeGrant::Default && !scope.is_reserved())
        .map(|scope| scope.name.clone())
        .take(ScopeSet::MAX);
    ScopeSet::new(names.collect()).unwrap_or_default()
}

fn assignment(plan_id: PlanId, now: Timestamp) -> PlanAssignment {
    PlanAssignment { plan_id, assigned_at: now, state: AssignmentState::Current }
}

/// Chooses a database and takes room in it. Nothing is refused after this.
fn take_place(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    choice: &RegionChoice,
) -> RegistryResult<Placement> {
    let instance_id = context.instance_id;
    let region = find_region(context, change.writes, choice)?;
    let databases = match &region {
        Some(region) => change.writes.list_region_databases(instance_id, region.id)?,
        None => Vec::new(),
    };
    let database = choose_region_database(region.as_ref(), &databases).map_err(RegistryDenial::Placement)?;
    if change.writes.take_room(instance_id, database.id)? == Updated::Stale {
        return Err(RegistryDenial::StaleVersion.into());
    }
    Ok(placed(region.as_ref(), database))
}

fn find_region<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    choice: &RegionChoice,
) -> RegistryResult<Option<Region>> {
    Ok(match choice {
        RegionChoice::Id(id) => reads.find_region(context.instance_id, *id)?,
        RegionChoice::Code(code) => reads.find_region_by_code(context.instance_id, code)?,
    })
}

fn placed(region: Option<&Region>, database: &RegionDatabase) -> Placement {
    match region {
        Some(region) => Placement::Placed {
            region_id: region.id,
            region_code: region.code.clone(),
            database_id: database.id,
            db_code: database.db_code.clone(),
        },
        None => Placement::Unplaced,
    }
}
