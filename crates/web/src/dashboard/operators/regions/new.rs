//! `GET` and `POST /dashboard/regions/new`.

use actix_web::{HttpResponse, web};
use turnkeep_console::parts::form_panel::{FormField, FormPanel};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_protocol::management::region::CreateRegionRequest;
use turnkeep_service::registry::create_region::create_region;

use super::region_path;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::operators::new_record::NewRecordPage;
use crate::dashboard::operators::refusal::attempt;
use crate::dashboard::place::{OperatorPlace, crumb_to_place};
use crate::management::field_errors::FieldErrors;
use crate::management::regions::create::command_of;

/// The empty form.
pub(crate) async fn show_new_region(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    answer(&dashboard, &FilledForm::default())
}

/// Makes the region.
pub(crate) async fn submit_new_region(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let filled = FilledForm::read(&mut form, &["code", "name"]);
    let mut errors = FieldErrors::default();
    let request = CreateRegionRequest { code: filled.text("code"), name: filled.text("name") };
    let command = command_of(&mut errors, &request);
    match attempt(&dashboard, errors.finish_fields(command), create_region).await? {
        Ok(region) => Ok(dashboard.done(&region_path(dashboard.paths(), region.id, ""), "made")),
        Err(refusal) => answer(&dashboard, &filled.refused(refusal)),
    }
}

fn answer(dashboard: &DashboardRequest, filled: &FilledForm) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let paths = dashboard.paths();
    let crumbs = vec![crumb_to_place(paths, OperatorPlace::Regions)];
    let code = TextField {
        required: true,
        max_length: Some(40),
        hint: Some("For programs, such as eu-west. It travels in tokens and stays as it is.".into()),
        ..filled.line("code", "Code")
    };
    let form = FormPanel {
        id: "new-region-form".into(),
        title: "The region".into(),
        action: paths.to("/dashboard/regions/new"),
        fields: vec![FormField::Text(code), FormField::Text(filled.display_name("name", "Name"))],
        button_id: "make-region-button".into(),
        button: "Make the region".into(),
        ..FormPanel::default()
    };
    let page = NewRecordPage {
        place: OperatorPlace::Regions,
        crumbs,
        title: "New region",
        lead: Some("It needs a database before apps can be made in it."),
        form,
    };
    page.answer(dashboard, filled)
}
