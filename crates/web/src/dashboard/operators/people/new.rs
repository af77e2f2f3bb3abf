//! `GET` and `POST /dashboard/people/new`.

use actix_web::{HttpResponse, web};
use turnkeep_console::parts::form_panel::{FormField, FormPanel};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_domain::user::UserKind;
use turnkeep_protocol::management::user::CreateUserRequest;
use turnkeep_service::registry::manage_user::create_user;

use super::{KIND_CHOICES, person_path};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::operators::new_record::NewRecordPage;
use crate::dashboard::operators::refusal::attempt;
use crate::dashboard::place::{OperatorPlace, crumb_to_place};
use crate::management::field_errors::FieldErrors;
use crate::management::users::KINDS;
use crate::management::users::create::command_of;

/// The empty form.
pub(crate) async fn show_new_person(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    answer(&dashboard, &FilledForm::of([("kind", "internal".to_owned())]))
}

/// Makes the user.
pub(crate) async fn submit_new_person(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let filled = FilledForm::read(&mut form, &["kind", "name", "display_name", "email"]);
    let mut errors = FieldErrors::default();
    let request = CreateUserRequest {
        // What is no kind is noted, and nothing is made.
        kind: filled.chosen(&mut errors, "kind", &KINDS).unwrap_or(UserKind::Internal).into(),
        name: filled.text("name"),
        display_name: filled.text("display_name"),
        email: filled.filled("email"),
    };
    let command = command_of(&mut errors, request);
    match attempt(&dashboard, errors.finish_fields(command), create_user).await? {
        Ok(user) if user.kind == UserKind::System => {
            Ok(dashboard.done(&person_path(dashboard.paths(), user.id, ""), "system-made"))
        }
        Ok(user) => Ok(dashboard.done(&person_path(dashboard.paths(), user.id, ""), "made")),
        Err(refusal) => answer(&dashboard, &filled.refused(refusal)),
    }
}

fn answer(dashboard: &DashboardRequest, filled: &FilledForm) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let paths = dashboard.paths();
    let crumbs = vec![crumb_to_place(paths, OperatorPlace::People)];
    let name = TextField {
        required: true,
        max_length: Some(100),
        hint: Some("What they sign in with. It stays as it is.".into()),
        ..filled.line("name", "User name")
    };
    let display_name = TextField {
        hint: Some("What people call them.".into()),
        ..filled.display_name("display_name", "Name")
    };
    let email = TextField {
        hint: Some("Where the welcome link and links for forgotten passwords go.".into()),
        ..filled.line("email", "E-mail address")
    };
    let form = FormPanel {
        id: "new-person-form".into(),
        title: "The person".into(),
        action: paths.to("/dashboard/people/new"),
        fields: vec![
            FormField::Choice(filled.choice("kind", "Kind", &KIND_CHOICES)),
            FormField::Text(name),
            FormField::Text(display_name),
            FormField::Text(email),
        ],
        button_id: "make-person-button".into(),
        button: "Make the person".into(),
        ..FormPanel::default()
    };
    let page = NewRecordPage {
        place: OperatorPlace::People,
        crumbs,
        title: "New person",
        lead: Some("The next page makes the link with which they choose their password."),
        form,
    };
    page.answer(dashboard, filled)
}
