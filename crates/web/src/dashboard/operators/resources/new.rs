//! `GET` and `POST /dashboard/resources/new`.

use actix_web::{HttpResponse, web};
use turnkeep_console::parts::form_panel::{FormField, FormPanel};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_protocol::management::resource::CreateResourceRequest;
use turnkeep_service::registry::create_resource::create_resource;

use super::fields::{CLAIMS, of_resource};
use super::resource_path;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::operators::new_record::NewRecordPage;
use crate::dashboard::operators::refusal::attempt;
use crate::dashboard::place::{OperatorPlace, crumb_to_place};
use crate::management::field_errors::FieldErrors;
use crate::management::resources::create::command_of;

/// The empty form.
pub(crate) async fn show_new_resource(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    answer(&dashboard, &FilledForm::default())
}

/// Makes the resource.
pub(crate) async fn submit_new_resource(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let filled = FilledForm::read(&mut form, &["audience", "name", "limits_claims", "signing_alg"]);
    let mut errors = FieldErrors::default();
    let request = CreateResourceRequest {
        audience: filled.text("audience"),
        name: filled.text("name"),
        limits_claims: filled.chosen(&mut errors, "limits_claims", &CLAIMS),
        signing_alg: filled.filled("signing_alg"),
    };
    let command = command_of(&mut errors, request);
    match attempt(&dashboard, errors.finish_fields(command), create_resource).await? {
        Ok(resource) => Ok(dashboard.done(&resource_path(dashboard.paths(), resource.id, ""), "made")),
        Err(refusal) => answer(&dashboard, &filled.refused(refusal)),
    }
}

fn answer(dashboard: &DashboardRequest, filled: &FilledForm) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let paths = dashboard.paths();
    let crumbs = vec![crumb_to_place(paths, OperatorPlace::Resources)];
    let audience = TextField {
        required: true,
        max_length: Some(200),
        hint: Some(
            "What tokens for it carry in aud, such as https://api.example.com. It stays as it is.".into(),
        ),
        ..filled.line("audience", "Audience")
    };
    let mut fields = vec![FormField::Text(audience)];
    fields.extend(of_resource(filled));
    let form = FormPanel {
        id: "new-resource-form".into(),
        title: "The resource".into(),
        action: paths.to("/dashboard/resources/new"),
        fields,
        button_id: "make-resource-button".into(),
        button: "Make the resource".into(),
        ..FormPanel::default()
    };
    let page = NewRecordPage {
        place: OperatorPlace::Resources,
        crumbs,
        title: "New resource",
        lead: Some("It needs scopes before apps can get tokens for it."),
        form,
    };
    page.answer(dashboard, filled)
}
