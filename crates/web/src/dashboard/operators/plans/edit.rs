//! `GET` and `POST /dashboard/plans/{plan}`.

use actix_web::{HttpResponse, web};
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::record_page::{FactValue, Panel, RecordFact, RecordPage};
use turnkeep_console::parts::form_panel::FormPanel;
use turnkeep_console::parts::step_panel::{Step, StepPanel, StepWay};
use turnkeep_console::render::Render;
use turnkeep_domain::id::PlanId;
use turnkeep_domain::plan::{Plan, PlanState};
use turnkeep_protocol::management::plan::UpdatePlanRequest;
use turnkeep_protocol::patch::Patch;
use turnkeep_service::registry::manage_plan::{find_plan, update_plan};

use super::fields::{self, NAMES, as_it_is};
use super::list::{plan_path, price_in_words};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::{Announcements, DashboardRequest};
use crate::dashboard::form_version::form_version;
use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::operators::refusal::{Refusal, attempt};
use crate::dashboard::place::{OperatorPlace, Place, crumb_to_place};
use crate::dashboard::shown::moment;
use crate::management::field_errors::FieldErrors;
use crate::management::plans::update::changes_of;

/// What the page says after something was done.
const CHANGES: Announcements = &[
    ("made", "The plan is there as a draft. Activate it, so that apps can be put on it."),
    ("saved", "The plan is changed. New limits show in the next tokens."),
    ("activated", "The plan is active, and apps can be put on it."),
    ("archived", "The plan takes no further apps. Those on it go on."),
    ("retired", "The plan is retired."),
];

/// The plan as it is.
pub(crate) async fn show_plan(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let plan = find(&dashboard).await?;
    let filled = as_it_is(&plan);
    answer(&dashboard, &plan, &filled)
}

/// Changes it.
pub(crate) async fn submit_plan(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let (plan, version) = (find(&dashboard).await?, form_version(&mut form)?);
    let filled = FilledForm::read(&mut form, &NAMES);
    let mut errors = FieldErrors::default();
    let request = UpdatePlanRequest {
        name: Patch::Set(filled.text("name")),
        limits: Patch::Set(fields::limits(&mut errors, &filled)),
        token_requests: Patch::Set(fields::token_requests(&mut errors, &filled)),
    };
    let changes = changes_of(&mut errors, request);
    let id = plan.id;
    let ended = attempt(&dashboard, errors.finish_fields(changes), move |context, changes| {
        update_plan(context, id, changes, Some(version))
    });
    match ended.await? {
        Ok(_) => Ok(dashboard.done(&plan_path(dashboard.paths(), id, ""), "saved")),
        Err(refusal) => answer(&dashboard, &plan, &filled.refused(refusal)),
    }
}

/// The plan of the address.
pub(super) async fn find(dashboard: &DashboardRequest) -> Result<Plan, PageError> {
    let id: PlanId = dashboard.path_id("plan")?;
    dashboard.read(move |context| find_plan(context, id)).await
}

/// The page after a step was refused.
pub(super) async fn show_refused(
    dashboard: &DashboardRequest,
    refusal: Refusal,
) -> Result<HttpResponse, PageError> {
    let plan = find(dashboard).await?;
    answer(dashboard, &plan, &as_it_is(&plan).refused(refusal))
}

fn answer(dashboard: &DashboardRequest, plan: &Plan, filled: &FilledForm) -> Result<HttpResponse, PageError> {
    let paths = dashboard.paths();
    let crumbs = vec![crumb_to_place(paths, OperatorPlace::Plans)];
    let chrome = dashboard.chrome(Place::Operator(OperatorPlace::Plans), crumbs);
    let mut all = vec![fields::name(filled)];
    all.extend(fields::of_limits(filled));
    let form = FormPanel {
        id: "plan-form".into(),
        title: "Name and limits".into(),
        action: plan_path(paths, plan.id, ""),
        csrf: Some(chrome.csrf.clone()),
        version: Some(plan.version.as_number()),
        fields: all,
        button_id: "save-button".into(),
        button: "Save".into(),
        ..FormPanel::default()
    };
    let fact = |id, label, value| RecordFact { id, label, value };
    let life = life(dashboard, plan, chrome.csrf.clone());
    let view = RecordPage {
        chrome: Chrome { notice: filled.notice().or_else(|| dashboard.announced(CHANGES)), ..chrome },
        title: plan.name.to_string(),
        lead: None,
        state: Some((plan.state.to_string(), plan.state == PlanState::Active)),
        facts: vec![
            fact("plan-code", "Code", FactValue::Code(plan.code.to_string())),
            fact("plan-price", "Price", FactValue::Text(price_in_words(plan.price).to_owned())),
            fact("state-since", "In this state since", FactValue::Moment(moment(plan.state_since))),
        ],
        panels: life.map(Panel::Steps).into_iter().chain([Panel::Form(form)]).collect(),
    };
    dashboard.page(filled.status(), view.render())
}

/// What can become of it; nothing of what is retired.
fn life(dashboard: &DashboardRequest, plan: &Plan, csrf: String) -> Option<StepPanel> {
    let path = |rest| plan_path(dashboard.paths(), plan.id, rest);
    let activate = || Step {
        id: "activate",
        name: "Activate".into(),
        hint: "Apps can be put on it from then on.".into(),
        way: StepWay::Sent { action: path("/activate"), is_danger: false },
        button: "Activate".into(),
    };
    let archive = || Step {
        id: "archive",
        name: "Archive".into(),
        hint: "It takes no further apps. Those on it go on.".into(),
        way: StepWay::Sent { action: path("/archive"), is_danger: false },
        button: "Archive".into(),
    };
    let retire = || Step {
        id: "retire",
        name: "Retire".into(),
        hint: "Its apps stop, or move to another plan. You see first who is hit.".into(),
        way: StepWay::Page(path("/retire")),
        button: "See who is hit…".into(),
    };
    let steps = match plan.state {
        PlanState::Draft => vec![activate()],
        PlanState::Active => vec![archive(), retire()],
        PlanState::Archived => vec![retire()],
        PlanState::Retired => return None,
    };
    Some(StepPanel { id: "life".into(), title: "Its life".into(), csrf, steps })
}
