//! A request for a page: which instance it is for, what its pages look like, and how use cases are run for it. That it
//! exists means that there is room for it and that the instance answers.

use std::cell::OnceCell;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use turnkeep_console::frame::{Accent, Frame, Theme};
use turnkeep_console::render::RenderError;
use turnkeep_domain::slug::Slug;
use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::resource::priority::Priority;
use turnkeep_protocol::form::FormParameters;
use turnkeep_service::authority::Authority;
use turnkeep_service::failure::{Failure, Fault};
use turnkeep_service::sign_in::issuer_name::issuer_name;
use turnkeep_service::sign_in::passkeys::are_passkeys_available;
use turnkeep_service::sign_in::session::{SignedIn, find_signed_in};

use crate::account::cookies::{CookieKind, session_handle};
use crate::account::error_page::{PageError, PageTheme};
use crate::account::form_guard::{bound_to, check_form};
use crate::account::page::{PageResponse, see_other};
use crate::account::paths::PagePaths;
use crate::admission::request_admission::RequestAdmission;
use crate::blocking::{NotRun, Urgency, run};
use crate::error::fault::{FaultKind, log_fault, log_not_run};
use crate::from_memory::run_from_memory;
use crate::issuer::AddressedIssuer;
use crate::request_context::RequestContext;
use crate::state::WebState;

/// The request.
pub(crate) struct PageRequest {
    pub(crate) state: web::Data<WebState>,
    pub(crate) request: HttpRequest,
    pub(crate) context: RequestContext,
    pub(crate) issuer: Slug,
    pub(crate) paths: PagePaths,
    urgency: Urgency,
    theme: Theme,
    assets: String,
    /// What the forms of this browser are bound to from now on, if it had no cookie for it.
    new_form_cookie: OnceCell<String>,
}

impl FromRequest for PageRequest {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move { Self::begin(request, Priority::Dashboard).await }.boxed_local()
    }
}

/// The same for what takes access away, which has to get through.
pub(crate) struct UrgentPage(pub(crate) PageRequest);

impl FromRequest for UrgentPage {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move { PageRequest::begin(request, Priority::AlwaysPass).await.map(Self) }.boxed_local()
    }
}

impl PageRequest {
    /// A request of this importance.
    pub(super) async fn begin(request: HttpRequest, priority: Priority) -> Result<Self, PageError> {
        let internal = PageError::Fault(FaultKind::Internal);
        let state = request.app_data::<web::Data<WebState>>().cloned().ok_or(internal)?;
        let context = RequestContext::extract(&request).await.map_err(|_| internal)?;
        let kind = (Endpoint::SignIn, priority);
        let admission = RequestAdmission::arrive(&state, &request, kind, context.address)?;
        admission.wait_for_room().await?;
        let AddressedIssuer(issuer) =
            AddressedIssuer::extract(&request).await.map_err(|_| PageError::NotFound)?;
        let theme = find_theme(&state, context, &issuer).await?;
        request.extensions_mut().insert(PageTheme(theme.clone()));
        let paths = PagePaths::of(state.authority.base_url(), &issuer);
        let assets = paths.assets();
        let new_form_cookie = OnceCell::new();
        let urgency = Urgency::of(priority);
        Ok(Self { state, request, context, issuer, paths, urgency, theme, assets, new_form_cookie })
    }

    /// What surrounds the pages of the instance.
    pub(crate) fn frame(&self) -> Frame<'_> {
        Frame { theme: &self.theme, assets: &self.assets }
    }

    /// The value of the hidden field `csrf` of all forms.
    pub(crate) fn form_token(&self) -> String {
        let authority = &self.state.authority;
        match bound_to(&self.request, &self.issuer) {
            Some(cookie) => authority.form_token(&cookie),
            None => authority.form_token(self.new_form_cookie.get_or_init(|| authority.new_form_cookie())),
        }
    }

    /// Whether a form was made for this browser; takes its token out.
    pub(crate) fn check_form(&self, form: &mut FormParameters) -> Result<(), PageError> {
        let token = form.take("csrf");
        check_form(&self.state, &self.request, &self.issuer, token.as_deref())
    }

    /// The answer with a page whose forms lead to this server only.
    pub(crate) fn page(
        &self,
        status: StatusCode,
        html: Result<String, RenderError>,
    ) -> Result<HttpResponse, PageError> {
        self.page_towards(status, html, None)
    }

    /// The answer with a page whose forms may lead on to the origin of an app.
    pub(crate) fn page_towards(
        &self,
        status: StatusCode,
        html: Result<String, RenderError>,
        origin: Option<&str>,
    ) -> Result<HttpResponse, PageError> {
        let html = html.map_err(|error| {
            let error: &dyn std::error::Error = &error;
            tracing::error!(request.id = %self.context.request_id, error, "a page was not rendered");
            PageError::Fault(FaultKind::Internal)
        })?;
        let page = PageResponse::new(status, html).form_action(origin);
        let mut response = page.into_response(self.state.authority.base_url());
        if let Some(cookie) = self.new_form_cookie.get() {
            set_cookie(&mut response, CookieKind::Form.set(&self.issuer, cookie));
        }
        Ok(response)
    }

    /// Whether this server can have passkeys at all.
    pub(crate) fn offers_passkeys(&self) -> bool {
        are_passkeys_available(&self.state.authority)
    }

    /// Sends the browser elsewhere: to one of [`PagePaths`], or to a registered redirect URI.
    pub(crate) fn see_other(&self, location: &str) -> HttpResponse {
        see_other(location, self.state.authority.base_url())
    }

    /// Runs a use case that may deny.
    pub(crate) async fn ask<T, D>(
        &self,
        use_case: impl FnOnce(&Authority) -> Result<T, Failure<D>> + Send + 'static,
    ) -> Result<Result<T, D>, PageError>
    where
        T: Send + 'static,
        D: Send + 'static,
    {
        let ended = run(&self.state, self.urgency, use_case).await;
        match ended.map_err(|not_run| self.not_run(&not_run))? {
            Ok(done) => Ok(Ok(done)),
            Err(Failure::Denied(denial)) => Ok(Err(denial)),
            Err(Failure::Fault(fault)) => Err(self.fault(&fault)),
        }
    }

    /// Runs a use case that can only fail by a fault of ours.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        use_case: impl FnOnce(&Authority) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, PageError> {
        let ended = run(&self.state, self.urgency, use_case).await;
        ended.map_err(|not_run| self.not_run(&not_run))?.map_err(|fault| self.fault(&fault))
    }

    /// Who is signed in, if anybody is: looked at anew with each request, so that whoever was disabled is out.
    pub(crate) async fn signed_in(&self) -> Result<Option<SignedIn>, PageError> {
        let Some(handle) = session_handle(&self.request, &self.issuer) else { return Ok(None) };
        let issuer = self.issuer.clone();
        self.run(move |authority| find_signed_in(authority, &issuer, &handle)).await
    }

    fn not_run(&self, not_run: &NotRun) -> PageError {
        PageError::Fault(log_not_run(not_run, self.context.request_id))
    }

    /// Logs a fault.
    pub(crate) fn fault(&self, fault: &Fault) -> PageError {
        PageError::Fault(log_fault(fault, self.context.request_id))
    }
}

/// Adds a cookie to an answer.
pub(crate) fn set_cookie(response: &mut HttpResponse, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

async fn find_theme(
    state: &web::Data<WebState>,
    context: RequestContext,
    issuer: &Slug,
) -> Result<Theme, PageError> {
    let slug = issuer.clone();
    let found = run_from_memory(state, Urgency::Usual, move |authority, look_up| {
        issuer_name(authority, &slug, look_up)
    });
    match found.await.map_err(|not_run| PageError::Fault(log_not_run(&not_run, context.request_id)))? {
        Ok(name) => Ok(Theme { name: name.to_string(), accent: Accent::default() }),
        Err(Failure::Denied(_)) => Err(PageError::NotFound),
        Err(Failure::Fault(fault)) => Err(PageError::Fault(log_fault(&fault, context.request_id))),
    }
}
