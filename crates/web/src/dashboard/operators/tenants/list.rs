//! `GET /dashboard/tenants`.

use actix_web::HttpResponse;
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::list_page::{ListFilter, ListPage, ListedTable, Nothing};
use turnkeep_console::parts::amount::grouped;
use turnkeep_console::parts::data_table::{Cell, DataTable};
use turnkeep_console::parts::form_panel::FormField;
use turnkeep_console::render::Render;
use turnkeep_domain::filter::TenantFilter;
use turnkeep_domain::id::TenantId;
use turnkeep_domain::tenant::{Tenant, TenantState};
use turnkeep_service::registry::manage_tenant::list_tenants;

use crate::account::error_page::PageError;
use crate::account::paths::PagePaths;
use crate::dashboard::dashboard_request::{Announcements, DashboardRequest};
use crate::dashboard::listing::{cut, next_path, page_after};
use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::place::{OperatorPlace, Place, crumb};
use crate::dashboard::shown::moment;
use crate::management::tenants::STATES;

/// What the page says after something was done.
const CHANGES: Announcements =
    &[("closed", "The tenant is closed for good, and every token of its apps is dead.")];

const STATE_CHOICES: [(&str, &str); 5] = [
    ("", "Every state"),
    ("pending_activation", "Pending activation"),
    ("active", "Active"),
    ("suspended", "Suspended"),
    ("closed", "Closed"),
];

/// The list.
pub(crate) async fn show_tenants(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut query = dashboard.query()?;
    let filled = FilledForm::read(&mut query, &["search", "state"]);
    let after: Option<TenantId> = query.take("after").and_then(|id| id.parse().ok());
    let (filled, filter) = filled.filter_by(|filled, errors| TenantFilter {
        search: filled.searched(errors),
        state: filled.chosen(errors, "state", &STATES),
    });
    let (search, state) = (filled.text("search"), filled.text("state"));
    let is_filtered = filter != Some(TenantFilter::default());
    let mut tenants = match filter {
        Some(filter) => {
            dashboard.read(move |context| list_tenants(context, &filter, &page_after(after))).await?
        }
        None => Vec::new(),
    };
    let (paths, path) = (dashboard.paths(), dashboard.paths().operator_place(OperatorPlace::Tenants));
    let kept = [("search", search.as_str()), ("state", state.as_str())];
    let next = cut(&mut tenants).map(|last| next_path(&path, &kept, &last.id));
    let nothing = if is_filtered { Nothing::Found } else { NONE_YET };
    let status = filled.status();
    let chrome = dashboard.chrome(Place::Operator(OperatorPlace::Tenants), Vec::new());
    let view = ListPage {
        chrome: Chrome { notice: dashboard.announced(CHANGES), ..chrome },
        title: "Tenants".to_owned(),
        lead: "A tenant owns apps. Only the apps of an active one get tokens.",
        links: vec![("new-tenant-link", crumb("New tenant", paths.to("/dashboard/tenants/new")))],
        filter: Some(ListFilter {
            action: path,
            fields: vec![
                FormField::Text(filled.search("In the name")),
                FormField::Choice(filled.choice("state", "State", &STATE_CHOICES)),
            ],
        }),
        nothing: (tenants.is_empty() && status.is_success()).then_some(nothing),
        tables: (!tenants.is_empty()).then(|| table(paths, &tenants)).into_iter().collect(),
        next_path: next,
    };
    dashboard.page(status, view.render())
}

const NONE_YET: Nothing = Nothing::Yet {
    title: "No tenant yet",
    text: "A tenant is a customer or a team: it has members, apps, and a limit of apps. Make the first one, then \
           activate it.",
};

fn table(paths: &PagePaths, tenants: &[Tenant]) -> ListedTable {
    let row = |tenant: &Tenant| {
        let manage = format!("Manage {}", tenant.name);
        vec![
            Cell::Link { path: paths.tenant(tenant.id, ""), text: tenant.name.to_string() },
            Cell::State { word: tenant.state.to_string(), is_on: tenant.state == TenantState::Active },
            Cell::Text(grouped(tenant.app_limit.apps())),
            Cell::Moment(moment(tenant.created_at)),
            Cell::Code(tenant.id.to_string()),
            Cell::Link { path: paths.tenant(tenant.id, "/edit"), text: manage },
        ]
    };
    ListedTable::alone(DataTable {
        id: "tenants".into(),
        label: "Tenants".into(),
        headings: vec!["Name", "State", "App limit", "Made", "Id", "Manage"],
        rows: tenants.iter().map(row).collect(),
    })
}
