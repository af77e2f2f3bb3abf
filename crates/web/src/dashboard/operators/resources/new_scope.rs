//! `GET` and `POST /dashboard/resources/{resource}/scopes/new`.

use actix_web::{HttpResponse, web};
use turnkeep_console::parts::form_panel::{FormField, FormPanel};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_domain::resource::Resource;
use turnkeep_protocol::management::resource::{CreateScopeRequest, ScopeGrantName};
use turnkeep_service::registry::create_resource::create_scope;

use super::resource::find;
use super::{crumbs_below, resource_path};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::operators::new_record::NewRecordPage;
use crate::dashboard::operators::refusal::attempt;
use crate::dashboard::place::OperatorPlace;
use crate::management::field_errors::FieldErrors;
use crate::management::resources::scopes::command_of;

const GRANTS: [(&str, ScopeGrantName); 3] = [
    ("any_app", ScopeGrantName::AnyApp),
    ("default", ScopeGrantName::Default),
    ("reserved", ScopeGrantName::Reserved),
];

const GRANT_CHOICES: [(&str, &str); 3] = [
    ("any_app", "Apps whose settings ask for it"),
    ("default", "Every new app"),
    ("reserved", "No app of a tenant"),
];

/// The empty form.
pub(crate) async fn show_new_scope(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    answer(&dashboard, &find(&dashboard).await?, &FilledForm::default())
}

/// Makes the scope.
pub(crate) async fn submit_new_scope(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let filled = FilledForm::read(&mut form, &["name", "description", "grant"]);
    let resource = find(&dashboard).await?;
    let mut errors = FieldErrors::default();
    let request = CreateScopeRequest {
        name: filled.text("name"),
        description: filled.text("description"),
        grant: filled.chosen(&mut errors, "grant", &GRANTS),
    };
    let command = command_of(&mut errors, resource.id, &request);
    match attempt(&dashboard, errors.finish_fields(command), create_scope).await? {
        Ok(_) => Ok(dashboard.done(&resource_path(dashboard.paths(), resource.id, ""), "scope-made")),
        Err(refusal) => answer(&dashboard, &resource, &filled.refused(refusal)),
    }
}

fn answer(
    dashboard: &DashboardRequest,
    resource: &Resource,
    filled: &FilledForm,
) -> Result<HttpResponse, PageError> {
    let paths = dashboard.paths();
    let name = TextField {
        required: true,
        hint: Some("What apps ask for, such as invoices:read. It stays as it is.".into()),
        ..filled.line("name", "Name")
    };
    let description = TextField {
        max_length: Some(100),
        hint: Some("What it allows, for the people who are asked to agree to it.".into()),
        ..filled.line("description", "What it allows")
    };
    let form = FormPanel {
        id: "new-scope-form".into(),
        title: "The scope".into(),
        action: resource_path(paths, resource.id, "/scopes/new"),
        fields: vec![
            FormField::Text(name),
            FormField::Text(description),
            FormField::Choice(filled.choice("grant", "Who gets it", &GRANT_CHOICES)),
        ],
        button_id: "make-scope-button".into(),
        button: "Make the scope".into(),
        ..FormPanel::default()
    };
    let page = NewRecordPage {
        place: OperatorPlace::Resources,
        crumbs: crumbs_below(paths, resource),
        title: "New scope",
        lead: None,
        form,
    };
    page.answer(dashboard, filled)
}
