//! `GET /dashboard/tenants/{tenant}/apps`.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::apps::{AppItem, AppsPage};
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::parts::amount::grouped;
use turnkeep_console::render::Render;
use turnkeep_domain::app::AppState;
use turnkeep_domain::filter::{AppFilter, Search};
use turnkeep_domain::id::{AppId, PlanId};
use turnkeep_domain::slug::Slug;
use turnkeep_policy::permission::Permission;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::find_app::{AppView, count_apps, list_apps};
use turnkeep_service::registry::manage_plan::list_plans;

use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::{Announcements, DashboardRequest};
use crate::dashboard::denial::sentence;
use crate::dashboard::listing::{cut, next_path, page_after};
use crate::dashboard::place::{Place, TenantPlace, crumb_to_tenant};
use crate::dashboard::shown::moment;
use crate::dashboard::tenant_standing::{obstacle, takes_apps};

/// The word that stands for an app that is gone.
pub(super) const DELETED: &str = "deleted";

/// What the page says about it.
const CHANGES: Announcements = &[(DELETED, "The app is deleted, and every token it had is dead.")];

/// The list.
pub(crate) async fn show_apps(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let (tenant, mut query) = (dashboard.tenant()?.clone(), dashboard.query()?);
    let searched = query.take("search").unwrap_or_default();
    let after: Option<AppId> = query.take("after").and_then(|id| id.parse().ok());
    let search = match searched.trim() {
        "" => Ok(None),
        text => Search::parse(text).map(Some),
    };
    let search_error = search.as_ref().err().map(|error| sentence(&error.to_string()));
    let status = if search.is_ok() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = page_after(after);
    let tenant_id = tenant.id;
    let list = move |context: &RegistryContext<'_>| {
        let apps = match search {
            Ok(search) => {
                list_apps(context, Some(tenant_id), &AppFilter { search, ..AppFilter::default() }, &page)?
            }
            Err(_) => Vec::new(),
        };
        Ok((apps, count_apps(context, tenant_id)?, list_plans(context)?))
    };
    let (mut apps, count, plans) = dashboard.read(list).await?;
    let plan_codes: HashMap<PlanId, Slug> = plans.into_iter().map(|plan| (plan.id, plan.code)).collect();
    let (paths, path) = (dashboard.paths(), dashboard.paths().tenant(tenant_id, "/apps"));
    let next = cut(&mut apps).map(|last| next_path(&path, &[("search", &searched)], &last.app.id));
    let item = |AppView { app, .. }: &AppView| AppItem {
        name: app.settings.name.to_string(),
        path: paths.app(tenant_id, app.id, ""),
        client_id: app.client_id.to_string(),
        region: app.placement.region_code().map_or_else(|| "–".to_owned(), ToString::to_string),
        plan: app.plan.and_then(|assigned| plan_codes.get(&assigned.plan_id)).map(ToString::to_string),
        is_enabled: app.state == AppState::Enabled,
        created_at: moment(app.created_at),
    };
    let makes_apps = dashboard.may(Permission::ManageApps) && takes_apps(tenant.state);
    let here = Place::Tenant(TenantPlace::Apps);
    let crumbs = vec![crumb_to_tenant(paths, &tenant)];
    let page = AppsPage {
        chrome: Chrome { notice: dashboard.announced(CHANGES), ..dashboard.chrome(here, crumbs) },
        searched,
        search_error,
        count: format!("{} of {}", grouped(count), grouped(tenant.app_limit.apps())),
        apps: apps.iter().map(item).collect(),
        next_path: next,
        new_path: makes_apps.then(|| paths.tenant(tenant_id, "/apps/new")),
        obstacle: obstacle(tenant.state).map(|found| found.text),
        path,
    };
    dashboard.page(status, page.render())
}
