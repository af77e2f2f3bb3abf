//! `GET` and `POST /dashboard/regions/{region}/databases/new`.

use actix_web::{HttpResponse, web};
use turnkeep_console::parts::form_panel::{FormField, FormPanel};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_domain::region::Region;
use turnkeep_protocol::management::region::CreateRegionDatabaseRequest;
use turnkeep_service::registry::create_region::create_region_database;

use super::region::find;
use super::{crumbs_below, region_path};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::operators::new_record::NewRecordPage;
use crate::dashboard::operators::refusal::attempt;
use crate::dashboard::place::OperatorPlace;
use crate::management::field_errors::FieldErrors;
use crate::management::regions::databases::command_of;

/// The empty form.
pub(crate) async fn show_new_database(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    answer(&dashboard, &find(&dashboard).await?, &FilledForm::default())
}

/// Makes the database.
pub(crate) async fn submit_new_database(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let filled = FilledForm::read(&mut form, &["db_code", "capacity"]);
    let region = find(&dashboard).await?;
    let mut errors = FieldErrors::default();
    let capacity = filled.number(&mut errors, "capacity");
    let request = CreateRegionDatabaseRequest {
        db_code: filled.text("db_code"),
        // What is no number is noted, and nothing is made.
        capacity: capacity.unwrap_or_default(),
    };
    let command = command_of(&mut errors, region.id, &request);
    match attempt(&dashboard, errors.finish_fields(command), create_region_database).await? {
        Ok(_) => Ok(dashboard.done(&region_path(dashboard.paths(), region.id, ""), "database-made")),
        Err(refusal) => answer(&dashboard, &region, &filled.refused(refusal)),
    }
}

fn answer(
    dashboard: &DashboardRequest,
    region: &Region,
    filled: &FilledForm,
) -> Result<HttpResponse, PageError> {
    let paths = dashboard.paths();
    let code = TextField {
        required: true,
        max_length: Some(40),
        hint: Some(
            "It travels in tokens, so that the API finds the data of an app. It stays as it is.".into(),
        ),
        ..filled.line("db_code", "Code")
    };
    let capacity = TextField {
        required: true,
        hint: Some("How many apps it takes. You can change it later.".into()),
        ..filled.number_field("capacity", "Capacity")
    };
    let form = FormPanel {
        id: "new-database-form".into(),
        title: "The database".into(),
        action: region_path(paths, region.id, "/databases/new"),
        fields: vec![FormField::Text(code), FormField::Text(capacity)],
        button_id: "make-database-button".into(),
        button: "Make the database".into(),
        ..FormPanel::default()
    };
    let page = NewRecordPage {
        place: OperatorPlace::Regions,
        crumbs: crumbs_below(paths, region),
        title: "New database",
        lead: Some("Apps that are made in this region get one of its databases."),
        form,
    };
    page.answer(dashboard, filled)
}
