//! `GET` and `POST /dashboard/tenants/new`.

use actix_web::{HttpResponse, web};
use turnkeep_console::parts::form_panel::{FormField, FormPanel};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_domain::tenant::AppLimit;
use turnkeep_protocol::management::tenant::CreateTenantRequest;
use turnkeep_service::registry::create_tenant::create_tenant;

use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::operators::new_record::NewRecordPage;
use crate::dashboard::operators::refusal::attempt;
use crate::dashboard::place::{OperatorPlace, crumb_to_place};
use crate::management::field_errors::FieldErrors;
use crate::management::tenants::create::command_of;

/// The empty form.
pub(crate) async fn show_new_tenant(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let limit = AppLimit::DEFAULT.apps().to_string();
    answer(&dashboard, &FilledForm::of([("name", String::new()), ("app_limit", limit)]))
}

/// Makes the tenant.
pub(crate) async fn submit_new_tenant(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let filled = FilledForm::read(&mut form, &["name", "app_limit"]);
    let mut errors = FieldErrors::default();
    let app_limit = filled.optional_number(&mut errors, "app_limit");
    let command = command_of(&mut errors, CreateTenantRequest { name: filled.text("name"), app_limit });
    match attempt(&dashboard, errors.finish_fields(command), create_tenant).await? {
        Ok(tenant) => Ok(dashboard.done(&dashboard.paths().tenant(tenant.id, "/edit"), "made")),
        Err(refusal) => answer(&dashboard, &filled.refused(refusal)),
    }
}

fn answer(dashboard: &DashboardRequest, filled: &FilledForm) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let paths = dashboard.paths();
    let crumbs = vec![crumb_to_place(paths, OperatorPlace::Tenants)];
    let form = FormPanel {
        id: "new-tenant-form".into(),
        title: "The tenant".into(),
        action: paths.to("/dashboard/tenants/new"),
        fields: vec![
            FormField::Text(TextField {
                hint: Some("What people call it; no other tenant has this name.".into()),
                ..filled.display_name("name", "Name")
            }),
            FormField::Text(TextField {
                hint: Some("How many apps it may have. You can change it at any time.".into()),
                ..filled.number_field("app_limit", "App limit")
            }),
        ],
        button_id: "make-tenant-button".into(),
        button: "Make the tenant".into(),
        ..FormPanel::default()
    };
    let page = NewRecordPage {
        place: OperatorPlace::Tenants,
        crumbs,
        title: "New tenant",
        lead: Some("It waits until you activate it, on the next page."),
        form,
    };
    page.answer(dashboard, filled)
}
