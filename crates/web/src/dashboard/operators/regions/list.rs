//! `GET /dashboard/regions`: the regions with their databases and how full they are.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::list_page::{ListPage, ListedTable, Nothing};
use turnkeep_console::render::Render;
use turnkeep_domain::id::RegionId;
use turnkeep_domain::region::{Availability, Region, RegionDatabase};
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::manage_region::{list_region_databases, list_regions};

use super::availability::in_words;
use super::region_path;
use super::shown_databases::table;
use crate::account::error_page::PageError;
use crate::account::paths::PagePaths;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::listing::{cut, keep_after, next_path};
use crate::dashboard::place::{OperatorPlace, Place, crumb};

type RegionWithDatabases = (Region, Vec<RegionDatabase>);

/// The list.
pub(crate) async fn show_regions(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let after: Option<RegionId> = dashboard.query()?.take("after").and_then(|id| id.parse().ok());
    let (regions, last) = dashboard.read(move |context| regions_after(context, after)).await?;
    let (paths, path) = (dashboard.paths(), dashboard.paths().operator_place(OperatorPlace::Regions));
    let view = ListPage {
        chrome: dashboard.chrome(Place::Operator(OperatorPlace::Regions), Vec::new()),
        title: "Regions".to_owned(),
        lead: "Each app lives in a database of a region, which is chosen when it is made and stays.",
        links: vec![("new-region-link", crumb("New region", paths.to("/dashboard/regions/new")))],
        filter: None,
        nothing: regions.is_empty().then_some(NONE_YET),
        tables: regions.iter().map(|region| listed(paths, region)).collect(),
        next_path: last.map(|last| next_path(&path, &[], &last)),
    };
    dashboard.page(StatusCode::OK, view.render())
}

const NONE_YET: Nothing = Nothing::Yet {
    title: "No region yet",
    text: "Apps can be made as soon as there is a region with a database that has room. Make the region first.",
};

/// Those of a page, and the id of the last one if there are more.
fn regions_after(
    context: &RegistryContext<'_>,
    after: Option<RegionId>,
) -> RegistryResult<(Vec<RegionWithDatabases>, Option<RegionId>)> {
    let mut regions = list_regions(context)?;
    keep_after(&mut regions, after, |region| region.id);
    let last = cut(&mut regions).map(|region| region.id);
    let with_databases = |region: Region| -> RegistryResult<RegionWithDatabases> {
        let databases = list_region_databases(context, region.id)?;
        Ok((region, databases))
    };
    Ok((regions.into_iter().map(with_databases).collect::<RegistryResult<_>>()?, last))
}

fn listed(paths: &PagePaths, (region, databases): &RegionWithDatabases) -> ListedTable {
    let table = table(paths, region, databases);
    let name = format!("{} ({})", region.name, region.code);
    ListedTable {
        heading: Some(crumb(name, region_path(paths, region.id, ""))),
        state: Some((in_words(region.availability).to_owned(), region.availability == Availability::Active)),
        hint: table.is_none().then_some("It has no database yet, so no app can be made in it."),
        table,
    }
}
