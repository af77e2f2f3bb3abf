//! A request for a page: which instance it is for, what its pages look like, and how use cases are run for it. That it
//! exists means that there is room for it and that the instance answers.

use std::cell::OnceCell;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use turnkeep_console::frame::{Frame, Theme};
use turnkeep_console::render::RenderError;
use turnkeep_domain::slug::Slug;
use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::resource::priority::Priority;
use turnkeep_protocol::form::FormParameters;
use turnkeep_service::authority::Authority;
use turnkeep_service::authorization::browser_mark::BrowserMark;
use turnkeep_service::cluster::propagation::Propagation;
use turnkeep_service::failure::{Failure, Fault};
use turnkeep_service::sign_in::issuer_look::{IssuerLook, issuer_look};
use turnkeep_service::sign_in::passkeys::are_passkeys_available;
use turnkeep_service::sign_in::session::{SignedIn, find_signed_in};

use crate::account::cookies::{CookieKind, session_handle};
use crate::account::error_page::{PageError, PageTheme};
use crate::account::form_guard::{bound_to, check_form};
use crate::account::page::{PageResponse, see_other};
use crate::account::paths::PagePaths;
use crate::admission::request_admission::RequestAdmission;
use crate::blocking::{NotRun, Urgency, run, run_hashing, run_observed};
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
    /// What this browser is told by from now on, and its forms are bound to, if it had no cookie for it.
    new_form_cookie: OnceCell<String>,
}

impl FromRequest for PageRequest {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move { Self::begin(request, (Endpoint::SignIn, Priority::Dashboard)).await }.boxed_local()
    }
}

/// The same for what takes access away, which has to get through.
pub(crate) struct UrgentPage(pub(crate) PageRequest);

impl FromRequest for UrgentPage {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move { PageRequest::begin(request, (Endpoint::SignIn, Priority::AlwaysPass)).await.map(Self) }
            .boxed_local()
    }
}

impl PageRequest {
    /// A request that counts as one of these, and of this importance.
    pub(super) async fn begin(request: HttpRequest, kind: (Endpoint, Priority)) -> Result<Self, PageError> {
        let internal = PageError::Fault(FaultKind::Internal);
        let state = request.app_data::<web::Data<WebState>>().cloned().ok_or(internal)?;
        let context = RequestContext::extract(&request).await.map_err(|_| internal)?;
        let admission = RequestAdmission::arrive(&state, &request, kind, context.address)?;
        admission.wait_for_room().await?;
        let AddressedIssuer(issuer) =
            AddressedIssuer::extract(&request).await.map_err(|_| PageError::NotFound)?;
        let theme = find_theme(&state, context, &issuer).await?;
        request.extensions_mut().insert(PageTheme(theme.clone()));
        let paths = PagePaths::of(state.authority.base_url(), &issuer);
        let assets = paths.assets();
        let new_form_cookie = OnceCell::new();
        let urgency = Urgency::of_anybody(kind.1);
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

    /// Which browser this is, whoever is signed in with it. One that has no cookie for that gets it with the answer.
    pub(crate) fn browser(&self) -> BrowserMark {
        self.known_browser().unwrap_or_else(|| {
            BrowserMark::of(self.new_form_cookie.get_or_init(|| self.state.authority.new_form_cookie()))
        })
    }

    /// Which browser this is, if it has shown that.
    pub(crate) fn known_browser(&self) -> Option<BrowserMark> {
        CookieKind::Form.read(&self.request, &self.issuer).map(|cookie| BrowserMark::of(&cookie))
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
        self.set_form_cookie(&mut response);
        Ok(response)
    }

    /// Whether this server can have passkeys at all.
    pub(crate) fn offers_passkeys(&self) -> bool {
        are_passkeys_available(&self.state.authority)
    }

    /// Sends the browser elsewhere: to one of [`PagePaths`], or to a registered redirect URI.
    pub(crate) fn see_other(&self, location: &str) -> HttpResponse {
        let mut response = see_other(location, self.state.authority.base_url());
        self.set_form_cookie(&mut response);
        response
    }

    fn set_form_cookie(&self, response: &mut HttpResponse) {
        if let Some(cookie) = self.new_form_cookie.get() {
            set_cookie(response, CookieKind::Form.set(&self.issuer, cookie));
        }
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
        self.answered(run(&self.state, self.urgency, use_case).await)
    }

    /// The same for one that changes something; with its result comes what the change waited for.
    pub(crate) async fn ask_observed<T, D>(
        &self,
        use_case: impl FnOnce(&Authority) -> Result<T, Failure<D>> + Send + 'static,
    ) -> Result<(Result<T, D>, Option<Propagation>), PageError>
    where
        T: Send + 'static,
        D: Send + 'static,
    {
        let ran = run_observed(&self.state, self.urgency, use_case).await;
        let (ended, propagation) = ran.map_err(|not_run| self.not_run(&not_run))?;
        Ok((self.answered(Ok(ended))?, propagation))
    }

    /// The same for one that may hash passwords, which waits for its turn at that.
    pub(crate) async fn ask_hashing<T, D>(
        &self,
        use_case: impl Fn(&Authority) -> Result<T, Failure<D>> + Send + 'static,
    ) -> Result<Result<T, D>, PageError>
    where
        T: Send + 'static,
        D: Send + 'static,
    {
        self.answered(run_hashing(&self.state, self.urgency, use_case).await)
    }

    fn answered<T, D>(
        &self,
        ended: Result<Result<T, Failure<D>>, NotRun>,
    ) -> Result<Result<T, D>, PageError> {
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
        self.run_as(self.urgency, use_case).await
    }

    async fn run_as<T: Send + 'static>(
        &self,
        urgency: Urgency,
        use_case: impl FnOnce(&Authority) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, PageError> {
        let ended = run(&self.state, urgency, use_case).await;
        ended.map_err(|not_run| self.not_run(&not_run))?.map_err(|fault| self.fault(&fault))
    }

    /// Who is signed in, if anybody is: looked at anew with each request, so that whoever was disabled is out.
    pub(crate) async fn signed_in(&self) -> Result<Option<SignedIn>, PageError> {
        let Some(handle) = session_handle(&self.request, &self.issuer) else { return Ok(None) };
        let issuer = self.issuer.clone();
        self.find_caller(move |authority| find_signed_in(authority, &issuer, &handle)).await
    }

    /// Whether the browser has a session to show, which may be over.
    pub(crate) fn presents_session(&self) -> bool {
        session_handle(&self.request, &self.issuer).is_some()
    }

    /// Whether it is more than a look.
    pub(crate) fn sends_something(&self) -> bool {
        !self.request.method().is_safe()
    }

    /// Runs a use case that finds out who asks, which does not wait for what others stop.
    pub(crate) async fn find_caller<T: Send + 'static>(
        &self,
        use_case: impl FnOnce(&Authority) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, PageError> {
        let urgency = match self.urgency {
            Urgency::Revocation => Urgency::UrgentCaller,
            urgency => urgency,
        };
        self.run_as(urgency, use_case).await
    }

    /// Whoever asks turned out to be somebody who looks after apps: what they stop waits for nobody.
    pub(crate) fn recognise_caller(&mut self, priority: Priority) {
        self.urgency = Urgency::of(priority);
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

/// What a view has to know of the look.
pub(super) fn theme_of(look: &IssuerLook) -> Theme {
    Theme { name: look.name.to_string(), accent: look.accent }
}

async fn find_theme(
    state: &web::Data<WebState>,
    context: RequestContext,
    issuer: &Slug,
) -> Result<Theme, PageError> {
    let slug = issuer.clone();
    let found = run_from_memory(state, Urgency::Usual, move |authority, look_up| {
        issuer_look(authority, &slug, look_up)
    });
    match found.await.map_err(|not_run| PageError::Fault(log_not_run(&not_run, context.request_id)))? {
        Ok(look) => Ok(theme_of(&look)),
        Err(Failure::Denied(_)) => Err(PageError::NotFound),
        Err(Failure::Fault(fault)) => Err(PageError::Fault(log_fault(&fault, context.request_id))),
    }
}
