//! `GET` and `POST /dashboard/resources/{resource}`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::record_page::{FactValue, Panel, RecordFact, RecordPage, TablePanel};
use turnkeep_console::parts::data_table::{Cell, DataTable, RowTick};
use turnkeep_console::parts::form_panel::FormPanel;
use turnkeep_console::render::Render;
use turnkeep_domain::id::{AppId, ResourceId};
use turnkeep_domain::resource::{Resource, Scope, ScopeGrant};
use turnkeep_domain::scope::ScopeName;
use turnkeep_protocol::management::resource::UpdateResourceRequest;
use turnkeep_protocol::patch::Patch;
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::find_app::{AppView, find_app};
use turnkeep_service::registry::manage_resource::{
    find_resource, list_resource_servers, list_scopes, update_resource,
};

use super::fields::{CLAIMS, as_it_is, of_resource};
use super::resource_path;
use crate::account::error_page::PageError;
use crate::account::paths::PagePaths;
use crate::account::tick::Tick;
use crate::dashboard::dashboard_request::{Announcements, DashboardRequest};
use crate::dashboard::form_errors::FormErrors;
use crate::dashboard::form_version::form_version;
use crate::dashboard::operators::filled_form::{FilledForm, set_or_clear};
use crate::dashboard::operators::refusal::{Refusal, attempt};
use crate::dashboard::place::{OperatorPlace, Place, crumb, crumb_to_place};
use crate::management::field_errors::FieldErrors;
use crate::management::resources::update::changes_of;

/// What the page says after something was done.
const CHANGES: Announcements = &[
    ("made", "The resource is there. Give it scopes, so that apps can get tokens for it."),
    ("saved", "The resource is changed. The next tokens for it are like this."),
    ("scope-made", "The scope is there."),
    ("scope-deleted", "The scope is gone, from every app, too."),
    ("server-added", "The app may introspect every token for this resource."),
    ("server-removed", "The app may no longer introspect every token for this resource."),
];

/// What is ticked before a scope is deleted, which nothing gives back to the apps that have it.
pub(super) const SCOPE_IS_LOST: Tick = Tick {
    name: "scope_is_lost",
    label: "Every app loses it; I know which ones need it.",
    warning_id: "scope-warning",
};

/// A scope that was to be deleted without the tick, and what is wrong.
type Unticked<'a> = (&'a ScopeName, &'a FormErrors);

/// A resource with what belongs to it.
struct Whole {
    resource: Resource,
    scopes: Vec<Scope>,
    servers: Vec<AppView>,
}

/// The resource as it is.
pub(crate) async fn show_resource(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    answer(&dashboard, as_it_is, None).await
}

/// Changes it.
pub(crate) async fn submit_resource(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let (id, version) = (dashboard.path_id::<ResourceId>("resource")?, form_version(&mut form)?);
    let filled = FilledForm::read(&mut form, &["name", "limits_claims", "signing_alg"]);
    let mut errors = FieldErrors::default();
    let request = UpdateResourceRequest {
        name: Patch::Set(filled.text("name")),
        limits_claims: set_or_clear(filled.chosen(&mut errors, "limits_claims", &CLAIMS)),
        signing_alg: set_or_clear(filled.filled("signing_alg")),
    };
    let changes = changes_of(&mut errors, request);
    let ended = attempt(&dashboard, errors.finish_fields(changes), move |context, changes| {
        update_resource(context, id, changes, Some(version))
    });
    match ended.await? {
        Ok(_) => Ok(dashboard.done(&resource_path(dashboard.paths(), id, ""), "saved")),
        Err(refusal) => answer(&dashboard, |_| filled.refused(refusal), None).await,
    }
}

/// The page after something about a part of it was refused.
pub(super) async fn show_refused(
    dashboard: &DashboardRequest,
    refusal: Refusal,
) -> Result<HttpResponse, PageError> {
    answer(dashboard, |resource| as_it_is(resource).refused(refusal), None).await
}

/// The page after a scope was to be deleted without the tick.
pub(super) async fn show_unticked(
    dashboard: &DashboardRequest,
    unticked: Unticked<'_>,
) -> Result<HttpResponse, PageError> {
    answer(dashboard, as_it_is, Some(unticked)).await
}

/// The resource of the address.
pub(super) async fn find(dashboard: &DashboardRequest) -> Result<Resource, PageError> {
    let id: ResourceId = dashboard.path_id("resource")?;
    dashboard.read(move |context| find_resource(context, id)).await
}

fn whole(context: &RegistryContext<'_>, id: ResourceId) -> RegistryResult<Whole> {
    let app_of = |app_id: AppId| find_app(context, app_id);
    Ok(Whole {
        resource: find_resource(context, id)?,
        scopes: list_scopes(context, id)?,
        servers: list_resource_servers(context, id)?
            .into_iter()
            .map(app_of)
            .collect::<RegistryResult<_>>()?,
    })
}

async fn answer(
    dashboard: &DashboardRequest,
    filled: impl FnOnce(&Resource) -> FilledForm,
    unticked: Option<Unticked<'_>>,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let id: ResourceId = dashboard.path_id("resource")?;
    let Whole { resource, scopes, servers } = dashboard.read(move |context| whole(context, id)).await?;
    let is_there = |(name, _): &Unticked<'_>| scopes.iter().any(|scope| scope.name == **name);
    if unticked.as_ref().is_some_and(|unticked| !is_there(unticked)) {
        return Err(PageError::NotFound);
    }
    let filled = filled(&resource);
    let paths = dashboard.paths();
    let crumbs = vec![crumb_to_place(paths, OperatorPlace::Resources)];
    let chrome = dashboard.chrome(Place::Operator(OperatorPlace::Resources), crumbs);
    let csrf = chrome.csrf.clone();
    let form = FormPanel {
        id: "resource-form".into(),
        title: "Name and tokens".into(),
        action: resource_path(paths, id, ""),
        csrf: Some(csrf.clone()),
        version: Some(resource.version.as_number()),
        fields: of_resource(&filled),
        button_id: "save-button".into(),
        button: "Save".into(),
        ..FormPanel::default()
    };
    let view = RecordPage {
        chrome: Chrome { notice: filled.notice().or_else(|| dashboard.announced(CHANGES)), ..chrome },
        title: resource.name.to_string(),
        lead: None,
        state: None,
        facts: vec![RecordFact {
            id: "audience",
            label: "Audience",
            value: FactValue::Code(resource.audience.to_string()),
        }],
        panels: vec![
            Panel::Table(scopes_panel(paths, id, &scopes, (&csrf, unticked))),
            Panel::Form(form),
            Panel::Table(servers_panel(paths, id, &servers, &csrf)),
        ],
    };
    let status = unticked.map_or_else(|| filled.status(), |_| StatusCode::UNPROCESSABLE_ENTITY);
    dashboard.page(status, view.render())
}

fn scopes_panel(
    paths: &PagePaths,
    id: ResourceId,
    scopes: &[Scope],
    (csrf, unticked): (&str, Option<Unticked<'_>>),
) -> TablePanel {
    let row = |(place, scope): (usize, &Scope)| {
        let errors = unticked.filter(|(name, _)| **name == scope.name).map(|(_, errors)| errors);
        vec![
            Cell::Code(scope.name.to_string()),
            Cell::Text(scope.description.clone()),
            Cell::Text(grant_in_words(scope).to_owned()),
            Cell::Button {
                id: format!("delete-scope-{place}"),
                action: resource_path(paths, id, "/scopes/delete"),
                csrf: csrf.to_owned(),
                field: ("name", scope.name.to_string()),
                label: "Delete",
                about: format!("the scope {}", scope.name),
                tick: Some(Box::new(RowTick {
                    warning: format!(
                        "Every app that has the scope {} loses it for good: making it again gives it back to none.",
                        scope.name
                    ),
                    field: SCOPE_IS_LOST.field_at(place, errors),
                })),
            },
        ]
    };
    let table = DataTable {
        id: "scopes".into(),
        label: "Scopes of the resource".into(),
        headings: vec!["Scope", "What it allows", "Who gets it", "Delete"],
        rows: (1..).zip(scopes).map(row).collect(),
    };
    TablePanel {
        id: "resource-scopes",
        title: "Scopes".to_owned(),
        hint: Some(
            "What an app may do with a token. A scope that is deleted is gone from every app.".to_owned(),
        ),
        table: (!scopes.is_empty()).then_some(table),
        link: Some(("new-scope-link", crumb("New scope", resource_path(paths, id, "/scopes/new")))),
    }
}

fn grant_in_words(scope: &Scope) -> &'static str {
    match (scope.is_reserved(), scope.grant) {
        (true, _) | (false, ScopeGrant::Reserved) => "no app of a tenant",
        (false, ScopeGrant::Default) => "every new app",
        (false, ScopeGrant::AnyApp) => "apps that ask for it",
    }
}

fn servers_panel(paths: &PagePaths, id: ResourceId, servers: &[AppView], csrf: &str) -> TablePanel {
    let row = |(number, AppView { app, .. }): (usize, &AppView)| {
        vec![
            Cell::Link { path: paths.app(app.tenant_id, app.id, ""), text: app.settings.name.to_string() },
            Cell::Code(app.client_id.to_string()),
            Cell::Button {
                id: format!("remove-server-{}", number.saturating_add(1)),
                action: resource_path(paths, id, "/servers/remove"),
                csrf: csrf.to_owned(),
                field: ("app_id", app.id.to_string()),
                label: "Remove",
                about: app.settings.name.to_string(),
                tick: None,
            },
        ]
    };
    let table = DataTable {
        id: "servers".into(),
        label: "Apps of the resource servers".into(),
        headings: vec!["App", "Client id", "Remove"],
        rows: servers.iter().enumerate().map(row).collect(),
    };
    TablePanel {
        id: "resource-servers",
        title: "Resource servers".to_owned(),
        hint: Some(
            "Apps that may introspect every token for this resource: the backends of the API.".to_owned(),
        ),
        table: (!servers.is_empty()).then_some(table),
        link: Some(("new-server-link", crumb("Add an app", resource_path(paths, id, "/servers/new")))),
    }
}
