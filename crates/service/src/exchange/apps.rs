//! Apps.

use turnkeep_domain::app::{App, AppOrigin, AppSettings, AppState};
use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::client_id::{ClientId, ClientIdError};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{AppId, TenantId};
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::tenant::{Tenant, TenantState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_exchange::document::app::{AppRecord, StorageRecord};
use turnkeep_exchange::document::values::value;
use turnkeep_policy::decide_app_creation::{AppCreationFacts, decide_app_creation};
use turnkeep_policy::decide_app_settings::AppSettingsViolation;
use turnkeep_storage::outcome::Inserted;

use crate::audit::attributes::{app_attributes, created, secret_attributes};
use crate::exchange::app_place::take_place;
use crate::exchange::app_plan::{new_assignment, plan_actions};
use crate::exchange::app_scopes::leave_out_reserved;
use crate::exchange::app_secrets::new_secrets;
use crate::exchange::import_report::{RecordResult, immutable, of_the_platform, refusal};
use crate::exchange::importing::{Found, Importing};
use crate::exchange::references::{existing_user, find_tenant_by_name};
use crate::exchange::resources::find_resource;
use crate::failure::{Failure, Fault};
use crate::registry::assign_plan::{PlanAction, action_name, change_assignment};
use crate::registry::denial::{RegistryDenial, UniqueAttribute};
use crate::registry::judge_settings::judge_settings;
use crate::registry::manage_resource::insert_server;
use crate::registry::recording::Done;
use crate::registry::switch_app::{action_of, change_state};
use crate::registry::update_app::change_settings;

/// Imports an app, then says for which resources it may introspect tokens.
pub(super) fn import_app(importing: &mut Importing<'_, '_>, record: &AppRecord) -> Result<(), Fault> {
    let is_there = importing.record("app", &record.client_id, |importing| put_app(importing, record))?;
    if is_there {
        for audience in &record.resource_server_of {
            importing.record(
                "resource_server",
                format!("{audience} / {}", record.client_id),
                |importing| put_resource_server(importing, record, audience),
            )?;
        }
    }
    Ok(())
}

fn put_app(importing: &mut Importing<'_, '_>, record: &AppRecord) -> RecordResult<Found> {
    let present = find(importing, record)?;
    let is_platform = present.as_ref().is_some_and(|app| app.origin == AppOrigin::Platform);
    if is_platform || record.origin_value() == AppOrigin::Platform {
        return Err(of_the_platform());
    }
    let tenant = tenant_of(importing, record)?;
    let as_user = match record.system_user() {
        Some(name) => {
            let user = existing_user(
                importing.change.writes,
                importing.context.instance_id,
                "service_access.user",
                name,
            )?;
            Some(ServiceAccess::AsUser(user.id))
        }
        None => None,
    };
    let settings = record.settings(present.as_ref().map(|app| &app.settings), as_user)?;
    let settings = leave_out_reserved(importing, record, present.as_ref(), settings)?;
    match present {
        None => {
            let tenant = tenant.ok_or_else(|| {
                let why = "the document names no tenant, and the import none for all";
                refusal("tenant", "tenant_required", why)
            })?;
            create(importing, record, &tenant, settings)?;
            note_storage(importing, record, None)?;
            Ok(Found::New)
        }
        Some(before) => {
            refuse_other_identity(record, &before, tenant.map(|tenant| tenant.id))?;
            let app = update(importing, record, before, settings)?;
            let has_material = record.secrets.iter().flatten().any(|secret| !secret.is_withheld());
            importing.apps_with_kept_secrets += u32::from(has_material);
            note_storage(importing, record, Some(&app))?;
            Ok(Found::Known)
        }
    }
}

fn find(importing: &mut Importing<'_, '_>, record: &AppRecord) -> RecordResult<Option<App>> {
    let client_id = value("client_id", ClientId::parse(&record.client_id))?;
    Ok(importing.change.writes.find_app_by_client_id(importing.context.instance_id, &client_id)?)
}

/// The tenant that the document names, or else the one that the import is for, by name or id.
fn tenant_of(importing: &mut Importing<'_, '_>, record: &AppRecord) -> RecordResult<Option<Tenant>> {
    let instance_id = importing.context.instance_id;
    let unknown = || refusal("tenant", "tenant_unknown", "the instance has no such tenant");
    let writes = &mut *importing.change.writes;
    let found = match (&record.tenant, &importing.options.default_tenant) {
        (Some(name), _) => {
            find_tenant_by_name(writes, instance_id, &value("tenant", DisplayName::parse(name))?)?
        }
        (None, Some(default)) => match default.parse::<TenantId>() {
            Ok(id) => writes.find_tenant(instance_id, id)?,
            Err(_) => {
                find_tenant_by_name(writes, instance_id, &value("tenant", DisplayName::parse(default))?)?
            }
        },
        (None, None) => return Ok(None),
    };
    found.map(Some).ok_or_else(unknown)
}

/// What never changes is what the document says, as far as it says something.
fn refuse_other_identity(record: &AppRecord, app: &App, tenant: Option<TenantId>) -> RecordResult<()> {
    let region = app.placement.region_code().map(turnkeep_domain::slug::Slug::as_str);
    let database = app.placement.db_code().map(turnkeep_domain::region::DbCode::as_str);
    for (field, differs) in [
        ("client_type", record.client_type_value() != app.client_type),
        ("tenant", tenant.is_some_and(|tenant| tenant != app.tenant_id)),
        ("license_region", record.license_region.is_some() && record.license_region.as_deref() != region),
        ("db_code", record.db_code.is_some() && record.db_code.as_deref() != database),
    ] {
        if differs {
            return Err(immutable(field));
        }
    }
    Ok(())
}

fn create(
    importing: &mut Importing<'_, '_>,
    record: &AppRecord,
    tenant: &Tenant,
    settings: AppSettings,
) -> RecordResult<()> {
    let (context, now) = (importing.context, importing.change.now);
    let id = match importing.prepared.app(&record.client_id) {
        Some(prepared) => prepared.id,
        None => AppId::new(now, context.authority.random_bytes()),
    };
    judge_creation(importing, record, tenant, &settings)?;
    let secrets = new_secrets(importing, record, tenant, id)?;
    let plan = match record.plan_value() {
        Some(Some(plan)) => Some(new_assignment(importing, plan, tenant)?),
        Some(None) | None => None,
    };
    let app = App {
        id,
        instance_id: context.instance_id,
        tenant_id: tenant.id,
        client_id: new_client_id(record)?,
        client_type: record.client_type_value(),
        origin: AppOrigin::External,
        placement: take_place(importing, record)?,
        state: record.state().unwrap_or(AppState::Enabled),
        settings,
        plan,
        tokens_dead_below: ChangeSequence::ZERO,
        state_since: now,
        created_at: now,
        version: RecordVersion::FIRST,
    };
    if importing.change.writes.insert_app(&app)? == Inserted::Conflict {
        return Err(RegistryDenial::Taken(UniqueAttribute::ClientId).into());
    }
    let mut done = Done::of(id, ()).in_tenant(tenant.id).changes(created(app_attributes(&app)));
    for stored in &secrets {
        importing.change.writes.insert_secret(tenant.id, stored)?;
        done = done.changes(created(secret_attributes(&stored.secret)));
    }
    importing.change.record(ChangeScope::NewApp(context.instance_id, tenant.id, id), TokensBefore::Live)?;
    importing.done("app.create", done);
    if secrets.is_empty() && app.client_type == ClientType::Confidential {
        importing.notes.push(format!("app «{}» has no secret: regenerate one", record.client_id));
    }
    Ok(())
}

/// An identifier that a vendor may choose, or one as a server like this makes them.
fn new_client_id(record: &AppRecord) -> RecordResult<ClientId> {
    let id = value("client_id", ClientId::parse(&record.client_id))?;
    let chosen = ClientId::parse_application_uri(&record.client_id);
    let is_generated = record.client_id.strip_prefix(ClientId::GENERATED_PREFIX).is_some_and(|tail| {
        tail.len() == 24 && tail.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
    });
    if chosen == Err(ClientIdError::Reserved) && !is_generated {
        return Err(refusal("client_id", "invalid_fields", &ClientIdError::Reserved));
    }
    Ok(id)
}

/// The rules of creation. That its tenant or its system user was stopped since is no reason to refuse an app: it gets
/// no token, just as where the document comes from.
fn judge_creation(
    importing: &mut Importing<'_, '_>,
    record: &AppRecord,
    tenant: &Tenant,
    settings: &AppSettings,
) -> RecordResult<()> {
    let context = importing.context;
    let writes = &mut *importing.change.writes;
    let name_key = settings.name.uniqueness_key();
    let facts = AppCreationFacts {
        tenant_state: TenantState::Active,
        app_limit: tenant.app_limit,
        app_count: writes.count_apps(context.instance_id, tenant.id)?,
        name_taken: writes.app_name_taken(context.instance_id, tenant.id, &name_key, None)?,
    };
    decide_app_creation(&facts).map_err(RegistryDenial::AppCreation)?;
    let known_scopes = writes.list_scopes(context.instance_id)?;
    let client_type = record.client_type_value();
    match judge_settings(context, writes, client_type, AppOrigin::External, settings, &known_scopes) {
        Ok(_) => Ok(()),
        Err(Failure::Denied(RegistryDenial::AppSettings(mut violations))) => {
            violations.retain(|violation| *violation != AppSettingsViolation::SystemUserDisabled);
            if violations.is_empty() { Ok(()) } else { Err(RegistryDenial::AppSettings(violations).into()) }
        }
        Err(failure) => Err(failure.into()),
    }
}

/// Takes the steps that an operator would take: settings, plan, kill switch.
fn update(
    importing: &mut Importing<'_, '_>,
    record: &AppRecord,
    before: App,
    settings: AppSettings,
) -> RecordResult<App> {
    let context = importing.context;
    let mut app = before;
    if app.settings != settings {
        let done = change_settings(context, &mut importing.change, &app, settings)?;
        app = importing.done("app.update", done).app;
    }
    let actions = match record.plan_value() {
        None => Vec::new(),
        Some(None) => app.plan.map(|_| PlanAction::Remove).into_iter().collect(),
        Some(Some(wanted)) => plan_actions(importing, &app, wanted)?,
    };
    for action in actions {
        let done = change_assignment(context, &mut importing.change, app, action)?;
        app = importing.done(action_name(action), done).app;
    }
    if let Some(state) = record.state().filter(|state| *state != app.state) {
        let done = change_state(context, &mut importing.change, app, state)?;
        app = importing.done(action_of(state).0, done).app;
    }
    Ok(app)
}

/// A document has no secret key, and without one there are no storage settings.
fn note_storage(
    importing: &mut Importing<'_, '_>,
    record: &AppRecord,
    app: Option<&App>,
) -> RecordResult<()> {
    let Some(wanted) = &record.storage else { return Ok(()) };
    let stored = match app {
        Some(app) => importing.change.writes.find_storage_config(
            importing.context.instance_id,
            app.tenant_id,
            app.id,
        )?,
        None => None,
    };
    let is_same = stored.is_some_and(|stored| {
        let present = StorageRecord::from(&stored.config.settings);
        // What the document leaves to be derived is as it was derived.
        let wanted = StorageRecord {
            endpoint: wanted.endpoint.clone().or_else(|| present.endpoint.clone()),
            region: wanted.region.clone().or_else(|| present.region.clone()),
            ..wanted.clone()
        };
        wanted == present
    });
    if !is_same {
        importing.notes.push(format!(
            "app «{}»: its storage settings were left out; enter them with the secret key, which no document has",
            record.client_id
        ));
    }
    Ok(())
}

fn put_resource_server(
    importing: &mut Importing<'_, '_>,
    record: &AppRecord,
    audience: &str,
) -> RecordResult<Found> {
    let app = find(importing, record)?.ok_or(RegistryDenial::NotFound)?;
    let resource = find_resource(importing, audience)?.ok_or_else(|| {
        refusal("resource_server_of", "audience_unknown", "the instance has no such resource")
    })?;
    let instance_id = importing.context.instance_id;
    if importing.change.writes.is_resource_server(instance_id, &resource.audience, app.id)? {
        return Ok(Found::Known);
    }
    let done = insert_server(importing.context, &mut importing.change, resource.id, app.id)?;
    importing.done("resource_server.add", done);
    Ok(Found::New)
}
