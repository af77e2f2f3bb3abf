//! `GET` and `POST /dashboard/regions/{region}`, and `POST …/activate`, `…/deactivate`.

use actix_web::{HttpResponse, web};
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::record_page::{FactValue, Panel, RecordFact, RecordPage, TablePanel};
use turnkeep_console::parts::form_panel::{FormField, FormPanel};
use turnkeep_console::render::Render;
use turnkeep_domain::id::RegionId;
use turnkeep_domain::region::{Availability, Region, RegionDatabase};
use turnkeep_protocol::management::region::UpdateRegionRequest;
use turnkeep_protocol::patch::Patch;
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::manage_region::{
    RegionChanges, find_region, list_region_databases, update_region,
};

use super::availability::{in_words, switch_panel};
use super::region_path;
use super::shown_databases::table;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::{Announcements, DashboardRequest};
use crate::dashboard::form_version::form_version;
use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::operators::refusal::attempt;
use crate::dashboard::place::{OperatorPlace, Place, crumb, crumb_to_place};
use crate::management::field_errors::FieldErrors;
use crate::management::regions::update::changes_of;

/// What the page says after something was done.
const CHANGES: Announcements = &[
    ("made", "The region is there. Give it a database, so that apps can be made in it."),
    ("database-made", "The database is there, and apps can be made in it."),
    ("saved", "The region is changed."),
    ("activated", "The region takes new apps."),
    ("deactivated", "The region takes no new apps. Those in it go on."),
];

/// The region as it is.
pub(crate) async fn show_region(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    answer(&dashboard, None).await
}

/// Renames it.
pub(crate) async fn submit_region(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let (id, version) = (dashboard.path_id::<RegionId>("region")?, form_version(&mut form)?);
    let filled = FilledForm::read(&mut form, &["name"]);
    let mut errors = FieldErrors::default();
    let request = UpdateRegionRequest { name: Patch::Set(filled.text("name")) };
    let changes = changes_of(&mut errors, request);
    let ended = attempt(&dashboard, errors.finish_fields(changes), move |context, changes| {
        update_region(context, id, changes, Some(version))
    });
    match ended.await? {
        Ok(_) => Ok(dashboard.done(&region_path(dashboard.paths(), id, ""), "saved")),
        Err(refusal) => answer(&dashboard, Some(filled.refused(refusal))).await,
    }
}

/// Lets it take new apps.
pub(crate) async fn submit_activation(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    switch(dashboard, payload, (Availability::Active, "activated")).await
}

/// Lets it take no new apps.
pub(crate) async fn submit_deactivation(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    switch(dashboard, payload, (Availability::Inactive, "deactivated")).await
}

async fn switch(
    dashboard: DashboardRequest,
    payload: web::Payload,
    (availability, word): (Availability, &'static str),
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    dashboard.read_form(payload).await?;
    let id: RegionId = dashboard.path_id("region")?;
    let changes = RegionChanges { availability: Some(availability), ..RegionChanges::default() };
    let ended =
        attempt(&dashboard, Ok(changes), move |context, changes| update_region(context, id, changes, None));
    match ended.await? {
        Ok(_) => Ok(dashboard.done(&region_path(dashboard.paths(), id, ""), word)),
        Err(refusal) => answer(&dashboard, Some(FilledForm::default().refused(refusal))).await,
    }
}

/// The region of the address.
pub(super) async fn find(dashboard: &DashboardRequest) -> Result<Region, PageError> {
    let id: RegionId = dashboard.path_id("region")?;
    dashboard.read(move |context| find_region(context, id)).await
}

fn with_databases(
    context: &RegistryContext<'_>,
    id: RegionId,
) -> RegistryResult<(Region, Vec<RegionDatabase>)> {
    Ok((find_region(context, id)?, list_region_databases(context, id)?))
}

async fn answer(dashboard: &DashboardRequest, filled: Option<FilledForm>) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let id: RegionId = dashboard.path_id("region")?;
    let (region, databases) = dashboard.read(move |context| with_databases(context, id)).await?;
    let filled = filled.unwrap_or_else(|| FilledForm::of([("name", region.name.to_string())]));
    let paths = dashboard.paths();
    let crumbs = vec![crumb_to_place(paths, OperatorPlace::Regions)];
    let chrome = dashboard.chrome(Place::Operator(OperatorPlace::Regions), crumbs);
    let csrf = chrome.csrf.clone();
    let databases = TablePanel {
        id: "region-databases",
        title: "Databases".to_owned(),
        hint: Some("A new app gets the active one that is least full.".to_owned()),
        table: table(paths, &region, &databases),
        link: Some(("new-database-link", crumb("New database", region_path(paths, id, "/databases/new")))),
    };
    let view = RecordPage {
        chrome: Chrome { notice: filled.notice().or_else(|| dashboard.announced(CHANGES)), ..chrome },
        title: region.name.to_string(),
        lead: None,
        state: Some((in_words(region.availability).to_owned(), region.availability == Availability::Active)),
        facts: vec![RecordFact {
            id: "region-code",
            label: "Code",
            value: FactValue::Code(region.code.to_string()),
        }],
        panels: vec![
            Panel::Table(databases),
            Panel::Form(name_form(dashboard, &region, &filled, csrf.clone())),
            Panel::Steps(switch_panel(region.availability, &region_path(paths, id, ""), csrf)),
        ],
    };
    dashboard.page(filled.status(), view.render())
}

fn name_form(dashboard: &DashboardRequest, region: &Region, filled: &FilledForm, csrf: String) -> FormPanel {
    FormPanel {
        id: "region-form".into(),
        title: "Name".into(),
        action: region_path(dashboard.paths(), region.id, ""),
        csrf: Some(csrf),
        version: Some(region.version.as_number()),
        fields: vec![FormField::Text(filled.display_name("name", "Name"))],
        button_id: "save-button".into(),
        button: "Save".into(),
        ..FormPanel::default()
    }
}
