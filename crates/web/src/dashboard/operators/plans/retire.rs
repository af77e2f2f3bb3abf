//! `GET` and `POST /dashboard/plans/{plan}/retire`: shows who is hit, and retires.

use actix_web::{HttpResponse, web};
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::record_page::{Panel, RecordPage, TablePanel};
use turnkeep_console::parts::choice_field::{Choice, ChoiceField};
use turnkeep_console::parts::data_table::{Cell, DataTable};
use turnkeep_console::parts::form_panel::{FormField, FormPanel};
use turnkeep_console::render::Render;
use turnkeep_domain::id::PlanId;
use turnkeep_domain::plan::{Plan, PlanState};
use turnkeep_policy::decide_plan_retirement::AppFate;
use turnkeep_service::registry::manage_plan::list_plans;
use turnkeep_service::registry::retire_plan::{PlanRetirement, RetiredApp, foresee_retirement, retire_plan};

use super::edit::find;
use super::list::plan_path;
use crate::account::error_page::PageError;
use crate::account::paths::PagePaths;
use crate::dashboard::dashboard_request::{DashboardRequest, UrgentDashboardRequest};
use crate::dashboard::form_version::form_version;
use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::operators::refusal::{Refusal, attempt};
use crate::dashboard::place::{OperatorPlace, Place, crumb, crumb_to_place};
use crate::management::field_errors::FieldErrors;

/// The name of the only field.
const SUCCESSOR: &str = "successor_plan_id";

/// How many of the apps are listed; all of them are counted.
const LISTED: usize = 200;

/// What retiring would do.
pub(crate) async fn show_retirement(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let filled = FilledForm::read(&mut dashboard.query()?, &[SUCCESSOR]);
    answer(&dashboard, filled).await
}

/// Retires the plan.
pub(crate) async fn submit_retirement(
    dashboard: UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let dashboard = dashboard.0;
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let (id, version) = (dashboard.path_id::<PlanId>("plan")?, form_version(&mut form)?);
    let filled = FilledForm::read(&mut form, &[SUCCESSOR]);
    let (errors, successor) = successor_of(&filled);
    let ended = attempt(&dashboard, errors.finish_fields(successor), move |context, successor| {
        retire_plan(context, id, *successor, Some(version))
    });
    match ended.await? {
        Ok(_) => Ok(dashboard.done(&plan_path(dashboard.paths(), id, ""), "retired")),
        Err(refusal) => answer(&dashboard, filled.refused(refusal)).await,
    }
}

fn successor_of(filled: &FilledForm) -> (FieldErrors, Option<Option<PlanId>>) {
    let mut errors = FieldErrors::default();
    let successor = errors.check_optional(SUCCESSOR, filled.filled(SUCCESSOR), |text| text.parse::<PlanId>());
    (errors, successor)
}

/// The page. What cannot be foreseen is refused before there is a button for it.
async fn answer(dashboard: &DashboardRequest, filled: FilledForm) -> Result<HttpResponse, PageError> {
    let plan = find(dashboard).await?;
    let (errors, successor) = successor_of(&filled);
    let id = plan.id;
    let foreseen = attempt(dashboard, errors.finish_fields(successor), move |context, successor| {
        foresee_retirement(context, id, *successor, LISTED)
    });
    let (retirement, filled) = match foreseen.await? {
        Ok(retirement) => (Some(retirement), filled),
        Err(refusal) => (None, with_first(filled, refusal)),
    };
    let plans = dashboard.read(list_plans).await?;
    let paths = dashboard.paths();
    let crumbs = vec![
        crumb_to_place(paths, OperatorPlace::Plans),
        crumb(plan.name.to_string(), plan_path(paths, plan.id, "")),
    ];
    let chrome = dashboard.chrome(Place::Operator(OperatorPlace::Plans), crumbs);
    let csrf = chrome.csrf.clone();
    let mut panels = vec![Panel::Form(question(paths, &plan, &plans, &filled))];
    if let Some(retirement) = retirement {
        panels.push(Panel::Table(who_is_hit(paths, &retirement)));
        panels.push(Panel::Form(confirmation(paths, &plan, &filled, csrf)));
    }
    let view = RecordPage {
        chrome: Chrome { notice: filled.notice(), ..chrome },
        title: format!("Retire {}", plan.name),
        lead: Some("A plan that is retired takes no apps any more. This cannot be undone."),
        state: None,
        facts: Vec::new(),
        panels,
    };
    dashboard.page(filled.status(), view.render())
}

/// What was refused before stays what the page says.
fn with_first(filled: FilledForm, refusal: Refusal) -> FilledForm {
    if filled.status().is_success() { filled.refused(refusal) } else { filled }
}

fn question(paths: &PagePaths, plan: &Plan, plans: &[Plan], filled: &FilledForm) -> FormPanel {
    let none = Choice::of("", "None: its apps stop");
    let others = plans.iter().filter(|other| other.id != plan.id && other.state == PlanState::Active);
    let choice = |other: &Plan| Choice::of(other.id.to_string(), format!("{} ({})", other.name, other.code));
    let successor = ChoiceField {
        choices: [none].into_iter().chain(others.map(choice)).collect(),
        ..filled.choice(SUCCESSOR, "Where its apps go", &[])
    };
    FormPanel {
        id: "foresee-form".into(),
        title: "Successor".into(),
        hint: Some("Looking changes nothing.".into()),
        action: plan_path(paths, plan.id, "/retire"),
        fields: vec![FormField::Choice(successor)],
        button_id: "foresee-button".into(),
        button: "See who is hit".into(),
        ..FormPanel::default()
    }
}

fn who_is_hit(paths: &PagePaths, retirement: &PlanRetirement) -> TablePanel {
    let PlanRetirement { fates, affected, .. } = retirement;
    let mut hint = format!("{} move, {} stop.", fates.move_on, fates.stop);
    if 0 < fates.free_plan_taken {
        hint.push_str(&format!(
            " {} cannot move, since their tenants have an app on a free plan. As long as that is so, the plan \
             is not retired with this successor.",
            fates.free_plan_taken
        ));
    }
    let hit = fates.all();
    let more = hit.saturating_sub(affected.len());
    if 0 < more {
        hint.push_str(&format!(" The first {} are listed, {more} more are not.", affected.len()));
    }
    let table = DataTable {
        id: "affected-apps".into(),
        label: "Apps that are hit".into(),
        headings: vec!["App", "Tenant", "Client id", "What happens"],
        rows: affected.iter().map(|app| row(paths, app)).collect(),
    };
    TablePanel {
        id: "who-is-hit",
        title: match hit {
            0 => "No app is hit".to_owned(),
            1 => "1 app is hit".to_owned(),
            count => format!("{count} apps are hit"),
        },
        hint: (0 < hit).then_some(hint),
        table: (0 < hit).then_some(table),
        link: None,
    }
}

fn row(paths: &PagePaths, app: &RetiredApp) -> Vec<Cell> {
    let (word, is_on) = match app.fate {
        AppFate::Moves(_) => ("moves", true),
        AppFate::Stops => ("stops", false),
        AppFate::FreePlanTaken => ("cannot move", false),
    };
    vec![
        Cell::Link { path: paths.app(app.tenant_id, app.app_id, ""), text: app.name.to_string() },
        Cell::Text(app.tenant_name.to_string()),
        Cell::Code(app.client_id.to_string()),
        Cell::State { word: word.to_owned(), is_on },
    ]
}

fn confirmation(paths: &PagePaths, plan: &Plan, filled: &FilledForm, csrf: String) -> FormPanel {
    FormPanel {
        id: "retire-form".into(),
        title: "Retire it".into(),
        hint: Some("What stops has no token left that works, before the page answers.".into()),
        action: plan_path(paths, plan.id, "/retire"),
        csrf: Some(csrf),
        version: Some(plan.version.as_number()),
        fields: vec![FormField::Hidden(SUCCESSOR, filled.text(SUCCESSOR))],
        button_id: "retire-button".into(),
        button: "Retire the plan".into(),
        is_danger: true,
        keep_path: Some(plan_path(paths, plan.id, "")),
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_policy::decide_plan_retirement::AppFates;
    use turnkeep_service::issuer::BaseUrl;
    use turnkeep_testkit::fixtures;

    use super::*;

    #[test]
    fn all_apps_are_counted_and_the_page_says_how_many_it_leaves_out() {
        let instance = fixtures::instance(1);
        let tenant = fixtures::tenant(&instance, 1);
        let app = fixtures::app(&tenant, 1);
        let first = RetiredApp {
            app_id: app.id,
            client_id: app.client_id,
            name: app.settings.name,
            tenant_id: tenant.id,
            tenant_name: tenant.name,
            fate: AppFate::Stops,
        };
        let paths = PagePaths::of_default(&BaseUrl::parse("https://id.example.com").unwrap());
        for (stop, affected, title, hint) in [
            (0, vec![], "No app is hit", None),
            (1, vec![first.clone()], "1 app is hit", Some("0 move, 1 stop.")),
            (
                3,
                vec![first],
                "3 apps are hit",
                Some("0 move, 3 stop. The first 1 are listed, 2 more are not."),
            ),
        ] {
            let fates = AppFates { stop, ..AppFates::default() };
            let retirement = PlanRetirement { plan: fixtures::plan(&instance, 1), fates, affected };
            let panel = who_is_hit(&paths, &retirement);
            assert_eq!((panel.title.as_str(), panel.hint.as_deref()), (title, hint));
            assert_eq!(panel.table.is_some(), 0 < stop);
        }
    }
}
