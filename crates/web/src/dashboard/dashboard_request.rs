//! A request for a page of the dashboard. That it exists means that somebody is signed in, and that there is the tenant
//! that the address names, for them. What they may do there is decided by the use cases.

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use turnkeep_console::dashboard::chrome::{Chrome, Link};
use turnkeep_console::parts::notice::Notice;
use turnkeep_console::render::RenderError;
use turnkeep_domain::id::TenantId;
use turnkeep_domain::tenant::Tenant;
use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::resource::priority::Priority;
use turnkeep_policy::permission::{Permission, Principal, decide_permission};
use turnkeep_protocol::form::FormParameters;
use turnkeep_service::authority::Authority;
use turnkeep_service::cluster::propagation::Propagation;
use turnkeep_service::people::acting_person::{ActingPerson, find_acting_person};
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::idempotency::IdempotencyClaim;
use turnkeep_service::tokens::authenticate_bearer::Reach;

use super::denial::{done, shown_or_gone};
use super::place::{Place, way_around};
use crate::account::error_page::PageError;
use crate::account::page_form::read_page_query;
use crate::account::paths::PagePaths;
use crate::account::person::PersonRequest;

/// What a redirect can announce on a page: words with the sentences that they stand for. They go through the URL, so the
/// worst that a made-up link can do is to show one of these sentences.
pub(crate) type Announcements = &'static [(&'static str, &'static str)];

/// The request.
pub(crate) struct DashboardRequest {
    pub(crate) person: PersonRequest,
    pub(crate) acting: ActingPerson,
}

/// The same for what takes access away, which has to get through.
pub(crate) struct UrgentDashboardRequest(pub(crate) DashboardRequest);

impl FromRequest for DashboardRequest {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move { Self::begin(request, Priority::Dashboard).await }.boxed_local()
    }
}

impl FromRequest for UrgentDashboardRequest {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move { DashboardRequest::begin(request, Priority::AlwaysPass).await.map(Self) }.boxed_local()
    }
}

impl DashboardRequest {
    async fn begin(request: HttpRequest, priority: Priority) -> Result<Self, PageError> {
        let mut person = PersonRequest::begin(request, (Endpoint::Management, priority)).await?;
        let tenant_id = match person.page.request.match_info().get("tenant") {
            Some(text) => Some(text.parse::<TenantId>().map_err(|_| PageError::NotFound)?),
            None => None,
        };
        let user = person.signed_in.user.clone();
        let find = move |authority: &Authority| find_acting_person(authority, &user, tenant_id);
        let acting = person.page.find_caller(find).await?.ok_or(PageError::NotFound)?;
        if acting.caller.reach != Reach::Nowhere {
            person.page.recognise_caller(priority);
        }
        Ok(Self { person, acting })
    }

    /// Where pages are.
    pub(crate) fn paths(&self) -> &PagePaths {
        &self.person.page.paths
    }

    /// The tenant that the address names.
    pub(crate) fn tenant(&self) -> Result<&Tenant, PageError> {
        self.acting.tenant.as_ref().ok_or(PageError::NotFound)
    }

    /// The same with the way around of a tenant, if there is that tenant for the person: for pages that are in none.
    pub(crate) async fn seen_from(mut self, tenant_id: Option<TenantId>) -> Result<Self, PageError> {
        let Some(tenant_id) = tenant_id else { return Ok(self) };
        let user = self.person.signed_in.user.clone();
        let find = move |authority: &Authority| find_acting_person(authority, &user, Some(tenant_id));
        self.acting.tenant = self.person.page.run(find).await?.and_then(|acting| acting.tenant);
        Ok(self)
    }

    /// A parameter of the path, as an id; what is no id is nothing.
    pub(crate) fn path_id<I: std::str::FromStr>(&self, name: &str) -> Result<I, PageError> {
        let text = self.person.page.request.match_info().get(name).unwrap_or_default();
        text.parse().map_err(|_| PageError::NotFound)
    }

    /// Only for operators of the instance; for everybody else the page does not exist.
    pub(crate) fn require_operator(&self) -> Result<(), PageError> {
        if self.acting.is_operator() { Ok(()) } else { Err(PageError::NotFound) }
    }

    /// Whether the person may do this here; for what a page offers. The use cases decide for themselves.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        let principal = match self.acting.caller.reach {
            Reach::Platform | Reach::Instance => Principal::Operator,
            Reach::Tenant { role, .. } => Principal::Member(role),
            Reach::Nowhere => return false,
        };
        decide_permission(principal, permission).is_ok()
    }

    /// Refuses whom the use case would refuse: what is wrong with a form is told to who may send it.
    pub(crate) fn require(&self, permission: Permission) -> Result<(), PageError> {
        if self.may(permission) { Ok(()) } else { Err(PageError::Forbidden) }
    }

    /// The parameters of the query.
    pub(crate) fn query(&self) -> Result<FormParameters, PageError> {
        read_page_query(&self.person.page.request)
    }

    /// Reads a form that was made for this person's session.
    pub(crate) async fn read_form(&self, payload: web::Payload) -> Result<FormParameters, PageError> {
        self.person.read_form(payload).await
    }

    /// Runs a use case of the registry that a page cannot do without: a refusal is an error page.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        use_case: impl FnOnce(&RegistryContext<'_>) -> RegistryResult<T> + Send + 'static,
    ) -> Result<T, PageError> {
        // What is left after permissions and absence is not refused by reading.
        self.act(use_case).await?.map_err(|_| PageError::NotFound)
    }

    /// Runs a use case of the registry whose refusals the page shows.
    pub(crate) async fn act<T: Send + 'static>(
        &self,
        use_case: impl FnOnce(&RegistryContext<'_>) -> RegistryResult<T> + Send + 'static,
    ) -> Result<Result<T, RegistryDenial>, PageError> {
        self.act_observed(use_case).await.map(|(ended, _)| ended)
    }

    /// The same for a form that is carried out once: sent again, it is refused.
    pub(crate) async fn act_once<T: Send + 'static>(
        &self,
        claim: IdempotencyClaim,
        use_case: impl FnOnce(&RegistryContext<'_>) -> RegistryResult<T> + Send + 'static,
    ) -> Result<Result<T, RegistryDenial>, PageError> {
        self.act(move |context| use_case(&RegistryContext { idempotency: Some(&claim), ..*context })).await
    }

    /// The same; with its result comes what the change waited for, if there was one.
    pub(crate) async fn act_observed<T: Send + 'static>(
        &self,
        use_case: impl FnOnce(&RegistryContext<'_>) -> RegistryResult<T> + Send + 'static,
    ) -> Result<(Result<T, RegistryDenial>, Option<Propagation>), PageError> {
        let (instance_id, caller) = (self.acting.instance.id, self.acting.caller);
        let request_id = Some(self.person.page.context.request_id);
        let run = move |authority: &Authority| {
            use_case(&RegistryContext { authority, instance_id, caller, request_id, idempotency: None })
        };
        let (ended, propagation) = self.person.page.ask_observed(run).await?;
        match ended {
            Ok(done) => Ok((Ok(done), propagation)),
            Err(denial) => Ok((Err(shown_or_gone(denial)?), propagation)),
        }
    }

    /// What surrounds a page.
    pub(crate) fn chrome(&self, here: Place, crumbs: Vec<Link>) -> Chrome<'_> {
        let (page, paths) = (&self.person.page, self.paths());
        Chrome {
            frame: page.frame(),
            csrf: page.form_token(),
            person: self.person.signed_in.user.display_name.to_string(),
            home_path: paths.dashboard(),
            account_path: paths.account(),
            sign_out_action: paths.to("/account/sign-out"),
            search_action: paths.to("/dashboard/search"),
            searched: String::new(),
            search_from: self.acting.tenant.as_ref().map(|tenant| tenant.id.to_string()),
            groups: way_around(paths, here, self.acting.tenant.as_ref(), self.acting.is_operator()),
            crumbs,
            notice: None,
            session_notice: self.person.session_notice(),
        }
    }

    /// The notice that the query asks for, if it is one of these.
    pub(crate) fn announced(&self, announcements: Announcements) -> Option<Notice> {
        let word = self.query().ok()?.take("done")?;
        announcements.iter().find(|(known, _)| *known == word).map(|(_, text)| done(text))
    }

    /// Something was done: on to a page, which says so.
    pub(crate) fn done(&self, path: &str, word: &'static str) -> HttpResponse {
        self.person.page.see_other(&format!("{path}?done={word}"))
    }

    /// On to another page.
    pub(crate) fn see_other(&self, path: &str) -> HttpResponse {
        self.person.page.see_other(path)
    }

    /// The answer with a page.
    pub(crate) fn page(
        &self,
        status: StatusCode,
        html: Result<String, RenderError>,
    ) -> Result<HttpResponse, PageError> {
        self.person.page.page(status, html)
    }
}
