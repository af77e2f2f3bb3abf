//! `GET /dashboard/plans`.

use actix_web::HttpResponse;
use turnkeep_console::dashboard::list_page::{ListFilter, ListPage, ListedTable, Nothing};
use turnkeep_console::parts::data_table::{Cell, DataTable};
use turnkeep_console::parts::form_panel::FormField;
use turnkeep_console::render::Render;
use turnkeep_domain::filter::PlanFilter;
use turnkeep_domain::id::PlanId;
use turnkeep_domain::plan::{Plan, PlanPrice, PlanState};
use turnkeep_service::registry::manage_plan::list_plans;

use crate::account::error_page::PageError;
use crate::account::paths::PagePaths;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::listing::{cut, keep_after, next_path};
use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::place::{OperatorPlace, Place, crumb};
use crate::dashboard::shown::moment;
use crate::management::plans::STATES;

const STATE_CHOICES: [(&str, &str); 5] = [
    ("", "Every state"),
    ("draft", "Draft"),
    ("active", "Active"),
    ("archived", "Archived"),
    ("retired", "Retired"),
];

/// The list.
pub(crate) async fn show_plans(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut query = dashboard.query()?;
    let filled = FilledForm::read(&mut query, &["search", "state"]);
    let after: Option<PlanId> = query.take("after").and_then(|id| id.parse().ok());
    let (filled, filter) = filled.filter_by(|filled, errors| PlanFilter {
        search: filled.searched(errors),
        state: filled.chosen(errors, "state", &STATES),
        price: None,
    });
    let (search, state) = (filled.text("search"), filled.text("state"));
    let mut plans = dashboard.read(list_plans).await?;
    plans.retain(|plan| filter.as_ref().is_some_and(|filter| filter.wants(plan)));
    keep_after(&mut plans, after, |plan| plan.id);
    let (paths, path) = (dashboard.paths(), dashboard.paths().operator_place(OperatorPlace::Plans));
    let kept = [("search", search.as_str()), ("state", state.as_str())];
    let next = cut(&mut plans).map(|last| next_path(&path, &kept, &last.id));
    let is_filtered = filter != Some(PlanFilter::default());
    let nothing = if is_filtered { Nothing::Found } else { NONE_YET };
    let status = filled.status();
    let view = ListPage {
        chrome: dashboard.chrome(Place::Operator(OperatorPlace::Plans), Vec::new()),
        title: "Plans".to_owned(),
        lead: "A plan says what an app may use. Its limits travel in the tokens of the apps that are on it.",
        links: vec![("new-plan-link", crumb("New plan", paths.to("/dashboard/plans/new")))],
        filter: Some(ListFilter {
            action: path,
            fields: vec![
                FormField::Text(filled.search("In the code or name")),
                FormField::Choice(filled.choice("state", "State", &STATE_CHOICES)),
            ],
        }),
        tables: (!plans.is_empty()).then(|| table(paths, &plans)).into_iter().collect(),
        nothing: (plans.is_empty() && status.is_success()).then_some(nothing),
        next_path: next,
    };
    dashboard.page(status, view.render())
}

const NONE_YET: Nothing = Nothing::Yet {
    title: "No plan yet",
    text: "Apps without a plan get tokens that say nothing about limits. Make a plan to limit what they use.",
};

/// The path of a plan; `rest` is empty or begins with a slash.
pub(super) fn plan_path(paths: &PagePaths, id: PlanId, rest: &str) -> String {
    paths.operator_record(OperatorPlace::Plans, id, rest)
}

fn table(paths: &PagePaths, plans: &[Plan]) -> ListedTable {
    let row = |plan: &Plan| {
        vec![
            Cell::Link { path: plan_path(paths, plan.id, ""), text: plan.name.to_string() },
            Cell::Code(plan.code.to_string()),
            Cell::State { word: plan.state.to_string(), is_on: plan.state == PlanState::Active },
            Cell::Text(price_in_words(plan.price).to_owned()),
            Cell::Moment(moment(plan.state_since)),
        ]
    };
    ListedTable::alone(DataTable {
        id: "plans".into(),
        label: "Plans".into(),
        headings: vec!["Name", "Code", "State", "Price", "In this state since"],
        rows: plans.iter().map(row).collect(),
    })
}

/// What a plan costs.
pub(super) fn price_in_words(price: PlanPrice) -> &'static str {
    match price {
        PlanPrice::Free => "free",
        PlanPrice::Paid => "paid",
    }
}
