//! `GET /dashboard/search`: over everything that the person may see, in all of their tenants.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::search::SearchPage;
use turnkeep_console::render::Render;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::filter::Search;
use turnkeep_domain::id::{RequestId, TenantId};
use turnkeep_service::authority::Authority;
use turnkeep_service::failure::Failure;
use turnkeep_service::people::acting_person::{ActingPerson, OwnTenant, list_own_tenants};
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::search::{Found, search};
use turnkeep_service::tokens::authenticate_bearer::{Caller, Reach};

use super::dashboard_request::DashboardRequest;
use super::denial::sentence;
use super::found_kinds::kinds;
use super::place::{Place, crumb_to_tenant};
use crate::account::error_page::PageError;

/// In how many tenants of one person is searched.
const MOST_TENANTS: usize = 20;

/// The page. It keeps the way around of the tenant that the person came from.
pub(crate) async fn show_search(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let mut query = dashboard.query()?;
    let searched = query.take("q").unwrap_or_default();
    let from: Option<TenantId> = query.take("tenant").and_then(|id| id.parse().ok());
    let dashboard = dashboard.seen_from(from).await?;
    let found = find(&dashboard, searched.clone()).await?;
    let kinds = kinds(dashboard.paths(), &found);
    let tenant = dashboard.acting.tenant.as_ref();
    let crumbs = tenant.map(|tenant| crumb_to_tenant(dashboard.paths(), tenant)).into_iter().collect();
    let page = SearchPage {
        problem: problem_of(&searched).filter(|_| kinds.is_empty()),
        chrome: Chrome { searched, ..dashboard.chrome(Place::Home, crumbs) },
        kinds,
    };
    dashboard.page(StatusCode::OK, page.render())
}

/// What cannot be a part of any name is said so.
fn problem_of(searched: &str) -> Option<String> {
    let error = Search::parse(searched).err().filter(|_| !searched.trim().is_empty())?;
    Some(sentence(&format!("this cannot be searched for: it {error}")))
}

async fn find(dashboard: &DashboardRequest, text: String) -> Result<Vec<Found>, PageError> {
    let (acting, user) = (dashboard.acting.clone(), dashboard.person.signed_in.user.clone());
    let request_id = dashboard.person.page.context.request_id;
    let find = move |authority: &Authority| -> Result<Vec<Found>, Failure<_>> {
        if acting.is_operator() {
            return Ok(vec![search(&context(authority, &acting, acting.caller, request_id), &text)?]);
        }
        let mut own = list_own_tenants(authority, &user)?;
        own.truncate(MOST_TENANTS);
        let in_tenant = |OwnTenant { tenant, role }: &OwnTenant| {
            let reach = Reach::Tenant { tenant_id: tenant.id, role: *role };
            let caller = Caller::new(Actor::User(user.id), reach);
            search(&context(authority, &acting, caller, request_id), &text)
        };
        own.iter().map(in_tenant).collect::<RegistryResult<_>>()
    };
    // Whoever may not even look finds nothing.
    Ok(dashboard.person.page.ask(find).await?.unwrap_or_default())
}

fn context<'a>(
    authority: &'a Authority,
    acting: &ActingPerson,
    caller: Caller,
    request_id: RequestId,
) -> RegistryContext<'a> {
    let (instance_id, request_id) = (acting.instance.id, Some(request_id));
    RegistryContext { authority, instance_id, caller, request_id, idempotency: None }
}
