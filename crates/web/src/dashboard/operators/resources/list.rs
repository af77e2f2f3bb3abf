//! `GET /dashboard/resources`.

use actix_web::HttpResponse;
use turnkeep_console::dashboard::list_page::{ListFilter, ListPage, ListedTable, Nothing};
use turnkeep_console::parts::data_table::{Cell, DataTable};
use turnkeep_console::parts::form_panel::FormField;
use turnkeep_console::render::Render;
use turnkeep_domain::filter::ResourceFilter;
use turnkeep_domain::id::ResourceId;
use turnkeep_domain::resource::Resource;
use turnkeep_service::registry::manage_resource::list_resources;

use super::resource_path;
use crate::account::error_page::PageError;
use crate::account::paths::PagePaths;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::listing::{cut, keep_after, next_path};
use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::place::{OperatorPlace, Place, crumb};
use crate::dashboard::shown::moment;

/// The list.
pub(crate) async fn show_resources(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut query = dashboard.query()?;
    let filled = FilledForm::read(&mut query, &["search"]);
    let after: Option<ResourceId> = query.take("after").and_then(|id| id.parse().ok());
    let (filled, filter) = filled.filter_by(|filled, errors| ResourceFilter {
        search: filled.searched(errors),
        signing_algorithm: None,
    });
    let search = filled.text("search");
    let mut resources = dashboard.read(list_resources).await?;
    resources.retain(|resource| filter.as_ref().is_some_and(|filter| filter.wants(resource)));
    keep_after(&mut resources, after, |resource| resource.id);
    let (paths, path) = (dashboard.paths(), dashboard.paths().operator_place(OperatorPlace::Resources));
    let next = cut(&mut resources).map(|last| next_path(&path, &[("search", &search)], &last.id));
    let is_filtered = filter != Some(ResourceFilter::default());
    let nothing = if is_filtered { Nothing::Found } else { NONE_YET };
    let status = filled.status();
    let view = ListPage {
        chrome: dashboard.chrome(Place::Operator(OperatorPlace::Resources), Vec::new()),
        title: "Resources".to_owned(),
        lead: "A resource is an API that takes tokens: the audience they are for, and its scopes.",
        links: vec![("new-resource-link", crumb("New resource", paths.to("/dashboard/resources/new")))],
        filter: Some(ListFilter {
            action: path,
            fields: vec![FormField::Text(filled.search("In the audience or name"))],
        }),
        tables: (!resources.is_empty()).then(|| table(paths, &resources)).into_iter().collect(),
        nothing: (resources.is_empty() && status.is_success()).then_some(nothing),
        next_path: next,
    };
    dashboard.page(status, view.render())
}

const NONE_YET: Nothing = Nothing::Yet {
    title: "No resource yet",
    text: "Tokens are for a resource and its scopes. Make the first one for the API that your apps call.",
};

fn table(paths: &PagePaths, resources: &[Resource]) -> ListedTable {
    let row = |resource: &Resource| {
        vec![
            Cell::Link { path: resource_path(paths, resource.id, ""), text: resource.name.to_string() },
            Cell::Code(resource.audience.to_string()),
            Cell::Text(resource.signing_algorithm.to_string()),
            Cell::Moment(moment(resource.created_at)),
        ]
    };
    ListedTable::alone(DataTable {
        id: "resources".into(),
        label: "Resources".into(),
        headings: vec!["Name", "Audience", "Signature", "Made"],
        rows: resources.iter().map(row).collect(),
    })
}
