//! `GET /dashboard/tenants/{tenant}/apps/{app}`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::app_overview::{AppOverviewPage, PlanForms};
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::parts::choice_field::{Choice, ChoiceField};
use turnkeep_console::parts::notice::Notice;
use turnkeep_console::render::Render;
use turnkeep_domain::app::AppState;
use turnkeep_domain::plan::Plan;
use turnkeep_policy::permission::Permission;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::explain_app::explain_app;
use turnkeep_service::registry::manage_plan::list_plans;

use super::explained::{checks_of, verdict_of};
use super::facts::{facts_of, settings_in_words};
use super::plan_words::plan_of_app;
use super::warned::warning_text;
use crate::account::error_page::PageError;
use crate::dashboard::apps::app_page::{AppPage, AppTab};
use crate::dashboard::apps::plan::PLAN_CHANGES;
use crate::dashboard::apps::switch::{has_reference_tokens, switch_notice};
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::denial::{notice_of, page_status};
use crate::dashboard::form_errors::FormErrors;
use crate::dashboard::shown::moment;

/// The page.
pub(crate) async fn show_overview(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let page = AppPage::open(dashboard).await?;
    let notice = switch_notice(&page)?.or_else(|| page.dashboard.announced(PLAN_CHANGES));
    answer(&page, StatusCode::OK, notice, &FormErrors::default()).await
}

/// The page again, after a refusal.
pub(in crate::dashboard::apps) async fn show_refused(
    page: &AppPage,
    denial: &RegistryDenial,
) -> Result<HttpResponse, PageError> {
    answer(page, page_status(denial), Some(notice_of(denial)), &FormErrors::of_denial(denial)).await
}

async fn answer(
    page: &AppPage,
    status: StatusCode,
    notice: Option<Notice>,
    errors: &FormErrors,
) -> Result<HttpResponse, PageError> {
    let (dashboard, app) = (&page.dashboard, page.app());
    let id = app.id;
    let look = move |context: &RegistryContext<'_>| Ok((explain_app(context, id)?, list_plans(context)?));
    let (explanation, plans) = dashboard.read(look).await?;
    let assigned = app.plan.and_then(|assignment| {
        let plan = plans.iter().find(|plan| plan.id == assignment.plan_id)?;
        Some(plan_of_app(plan, assignment))
    });
    let manages = dashboard.may(Permission::ManageApps);
    let switch_path = match app.state {
        AppState::Enabled => page.path("/disable"),
        AppState::Disabled => page.path("/enable"),
    };
    let view = AppOverviewPage {
        chrome: Chrome { notice, ..page.chrome() },
        head: page.head(AppTab::Overview),
        verdict: verdict_of(&explanation, app.settings.sign_in),
        checks: checks_of(&explanation, app.settings.sign_in),
        state_since: moment(app.state_since),
        switch_action: manages.then_some(switch_path),
        reference_tokens_path: has_reference_tokens(app).then(|| page.path("/tokens")),
        client_id: app.client_id.to_string(),
        facts: facts_of(app),
        created_at: moment(app.created_at),
        settings: settings_in_words(&app.settings),
        settings_path: manages.then(|| page.path("/settings")),
        warnings: page.view.warnings.iter().map(|warning| warning_text(*warning).to_owned()).collect(),
        plan: assigned,
        plan_forms: dashboard.may(Permission::Operate).then(|| plan_forms(page, &plans, errors)),
        delete_path: manages.then(|| page.path("/delete")),
    };
    dashboard.page(status, view.render())
}

fn plan_forms(page: &AppPage, plans: &[Plan], errors: &FormErrors) -> PlanForms {
    let takes_apps = plans.iter().filter(|plan| plan.state.is_assignable());
    let choice = |plan: &Plan| Choice::of(plan.id.to_string(), format!("{} ({})", plan.name, plan.code));
    let choices: Vec<_> = takes_apps.map(choice).collect();
    let hint = if choices.is_empty() {
        "No plan takes apps at the moment: make one, or activate a draft."
    } else {
        "It shows in the next token."
    };
    PlanForms {
        action: page.path("/plan"),
        version: page.app().version.as_number(),
        plans: ChoiceField {
            id: "plan-id".into(),
            name: "plan_id".into(),
            label: "Plan".into(),
            chosen: page.app().plan.map(|assignment| assignment.plan_id.to_string()).unwrap_or_default(),
            choices,
            hint: Some(hint.into()),
            error: errors.of("plan_id"),
            ..ChoiceField::default()
        },
    }
}
