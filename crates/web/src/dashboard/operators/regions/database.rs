//! `GET` and `POST /dashboard/regions/{region}/databases/{database}`, and `POST …/activate`, `…/deactivate`.

use actix_web::{HttpResponse, web};
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::record_page::{FactValue, Panel, RecordFact, RecordPage};
use turnkeep_console::parts::amount::grouped;
use turnkeep_console::parts::form_panel::{FormField, FormPanel};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_console::render::Render;
use turnkeep_domain::id::{RegionDatabaseId, RegionId};
use turnkeep_domain::region::{Availability, Region, RegionDatabase};
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::manage_region::{
    RegionDatabaseChanges, find_region, find_region_database, update_region_database,
};

use super::availability::{in_words, switch_panel};
use super::{crumbs_below, database_path};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::{Announcements, DashboardRequest};
use crate::dashboard::form_version::form_version;
use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::operators::refusal::attempt;
use crate::dashboard::place::{OperatorPlace, Place};
use crate::management::field_errors::FieldErrors;

/// What the page says after something was done.
const CHANGES: Announcements = &[
    ("saved", "The capacity is changed."),
    ("activated", "The database takes new apps."),
    ("deactivated", "The database takes no new apps. Those in it go on."),
];

/// The database as it is.
pub(crate) async fn show_database(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    answer(&dashboard, None).await
}

/// Changes its capacity.
pub(crate) async fn submit_database(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let ((region_id, id), version) = (path_of(&dashboard)?, form_version(&mut form)?);
    let filled = FilledForm::read(&mut form, &["capacity"]);
    let mut errors = FieldErrors::default();
    let changes = filled
        .number(&mut errors, "capacity")
        .map(|capacity| RegionDatabaseChanges { capacity: Some(capacity), availability: None });
    let ended = attempt(&dashboard, errors.finish_fields(changes), move |context, changes| {
        update_region_database(context, region_id, id, changes, Some(version))
    });
    match ended.await? {
        Ok(_) => Ok(dashboard.done(&database_path(dashboard.paths(), region_id, id, ""), "saved")),
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
    let (region_id, id) = path_of(&dashboard)?;
    let changes = RegionDatabaseChanges { capacity: None, availability: Some(availability) };
    let ended = attempt(&dashboard, Ok(changes), move |context, changes| {
        update_region_database(context, region_id, id, changes, None)
    });
    match ended.await? {
        Ok(_) => Ok(dashboard.done(&database_path(dashboard.paths(), region_id, id, ""), word)),
        Err(refusal) => answer(&dashboard, Some(FilledForm::default().refused(refusal))).await,
    }
}

fn path_of(dashboard: &DashboardRequest) -> Result<(RegionId, RegionDatabaseId), PageError> {
    Ok((dashboard.path_id("region")?, dashboard.path_id("database")?))
}

fn find(
    context: &RegistryContext<'_>,
    (region_id, id): (RegionId, RegionDatabaseId),
) -> RegistryResult<(Region, RegionDatabase)> {
    Ok((find_region(context, region_id)?, find_region_database(context, region_id, id)?))
}

async fn answer(dashboard: &DashboardRequest, filled: Option<FilledForm>) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let path = path_of(dashboard)?;
    let (region, database) = dashboard.read(move |context| find(context, path)).await?;
    let filled = filled.unwrap_or_else(|| FilledForm::of([("capacity", database.capacity.to_string())]));
    let paths = dashboard.paths();
    let chrome = dashboard.chrome(Place::Operator(OperatorPlace::Regions), crumbs_below(paths, &region));
    let csrf = chrome.csrf.clone();
    let is_active = database.availability == Availability::Active;
    let view = RecordPage {
        chrome: Chrome { notice: filled.notice().or_else(|| dashboard.announced(CHANGES)), ..chrome },
        title: database.db_code.to_string(),
        lead: None,
        state: Some((in_words(database.availability).to_owned(), is_active)),
        facts: vec![RecordFact {
            id: "app-count",
            label: "Apps in it",
            value: FactValue::Text(format!(
                "{} of {}",
                grouped(database.app_count),
                grouped(database.capacity)
            )),
        }],
        panels: vec![
            Panel::Form(capacity_form(dashboard, &database, &filled, csrf.clone())),
            Panel::Steps(switch_panel(
                database.availability,
                &database_path(paths, region.id, database.id, ""),
                csrf,
            )),
        ],
    };
    dashboard.page(filled.status(), view.render())
}

fn capacity_form(
    dashboard: &DashboardRequest,
    database: &RegionDatabase,
    filled: &FilledForm,
    csrf: String,
) -> FormPanel {
    let capacity = TextField {
        required: true,
        hint: Some("How many apps it takes; never fewer than are in it.".into()),
        ..filled.number_field("capacity", "Capacity")
    };
    FormPanel {
        id: "database-form".into(),
        title: "Capacity".into(),
        action: database_path(dashboard.paths(), database.region_id, database.id, ""),
        csrf: Some(csrf),
        version: Some(database.version.as_number()),
        fields: vec![FormField::Text(capacity)],
        button_id: "save-button".into(),
        button: "Save".into(),
        ..FormPanel::default()
    }
}
