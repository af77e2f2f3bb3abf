//! `GET` and `POST /dashboard/plans/new`.

use actix_web::{HttpResponse, web};
use turnkeep_console::parts::choice_field::ChoiceField;
use turnkeep_console::parts::form_panel::{FormField, FormPanel};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_protocol::management::plan::CreatePlanRequest;
use turnkeep_service::registry::create_plan::create_plan;

use super::fields::{self, NAMES};
use super::list::plan_path;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::operators::new_record::NewRecordPage;
use crate::dashboard::operators::refusal::attempt;
use crate::dashboard::place::{OperatorPlace, crumb_to_place};
use crate::management::field_errors::FieldErrors;
use crate::management::plans::create::command_of;

const PRICES: [(&str, bool); 2] = [("paid", false), ("free", true)];

/// The empty form.
pub(crate) async fn show_new_plan(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    answer(&dashboard, &FilledForm::of([("price", "paid".to_owned()), ("mode", "enforce".to_owned())]))
}

/// Makes the plan.
pub(crate) async fn submit_new_plan(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let filled = FilledForm::read(&mut form, &NAMES);
    let mut errors = FieldErrors::default();
    let request = CreatePlanRequest {
        code: filled.text("code"),
        name: filled.text("name"),
        free: filled.chosen(&mut errors, "price", &PRICES).unwrap_or_default(),
        limits: fields::limits(&mut errors, &filled),
        token_requests: fields::token_requests(&mut errors, &filled),
    };
    let command = command_of(&mut errors, request);
    match attempt(&dashboard, errors.finish_fields(command), create_plan).await? {
        Ok(plan) => Ok(dashboard.done(&plan_path(dashboard.paths(), plan.id, ""), "made")),
        Err(refusal) => answer(&dashboard, &filled.refused(refusal)),
    }
}

fn answer(dashboard: &DashboardRequest, filled: &FilledForm) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let paths = dashboard.paths();
    let crumbs = vec![crumb_to_place(paths, OperatorPlace::Plans)];
    let code = TextField {
        required: true,
        max_length: Some(40),
        hint: Some("For programs, such as gold-2026. It stays as it is.".into()),
        ..filled.line("code", "Code")
    };
    let price = ChoiceField {
        hint: Some("A tenant may have one app on a free plan. It stays as it is.".into()),
        ..filled.choice("price", "Price", &[("paid", "Paid"), ("free", "Free")])
    };
    let mut all = vec![FormField::Text(code), fields::name(filled), FormField::Choice(price)];
    all.extend(fields::of_limits(filled));
    let form = FormPanel {
        id: "new-plan-form".into(),
        title: "The plan".into(),
        action: paths.to("/dashboard/plans/new"),
        fields: all,
        button_id: "make-plan-button".into(),
        button: "Make the plan".into(),
        ..FormPanel::default()
    };
    let page = NewRecordPage {
        place: OperatorPlace::Plans,
        crumbs,
        title: "New plan",
        lead: Some("It is a draft until you activate it: no app can be on it yet."),
        form,
    };
    page.answer(dashboard, filled)
}
