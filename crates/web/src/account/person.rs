//! A request for a page of somebody's own account. That it exists means that this person is signed in now.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use turnkeep_console::account::message::AccountMessage;
use turnkeep_console::parts::session_notice::SessionNotice;
use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::resource::priority::Priority;
use turnkeep_protocol::form::FormParameters;
use turnkeep_service::sign_in::session::{SignedIn, idle_limit, is_fresh, seconds_left};

use crate::account::error_page::PageError;
use crate::account::overview::notice::announced;
use crate::account::page_form::read_page_form;
use crate::account::page_request::PageRequest;
use crate::account::return_to::note_return;

/// The request of a person.
pub(crate) struct PersonRequest {
    pub(crate) page: PageRequest,
    pub(crate) signed_in: SignedIn,
}

/// The same for what takes access away, which has to get through.
pub(crate) struct UrgentRequest(pub(crate) PersonRequest);

impl FromRequest for PersonRequest {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move { Self::begin(request, (Endpoint::SignIn, Priority::Dashboard)).await }.boxed_local()
    }
}

impl FromRequest for UrgentRequest {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move { PersonRequest::begin(request, (Endpoint::SignIn, Priority::AlwaysPass)).await.map(Self) }
            .boxed_local()
    }
}

impl PersonRequest {
    /// A request that counts as one of these, and of this importance. Who is not signed in comes back to the page after
    /// having done so; who sent something in a session that is over is told that it was not done.
    pub(crate) async fn begin(request: HttpRequest, kind: (Endpoint, Priority)) -> Result<Self, PageError> {
        let page = PageRequest::begin(request, kind).await?;
        match page.signed_in().await? {
            Some(signed_in) => Ok(Self { page, signed_in }),
            None if page.sends_something() && page.presents_session() => Err(PageError::SessionOver),
            None => {
                note_return(&page)?;
                Err(PageError::NotSignedIn)
            }
        }
    }

    /// Reads a form that was made for this person's session.
    pub(crate) async fn read_form(&self, payload: web::Payload) -> Result<FormParameters, PageError> {
        let mut form = read_page_form(&self.page.request, payload).await?;
        self.page.check_form(&mut form)?;
        Ok(form)
    }

    /// Whether the person signed in a moment ago.
    pub(crate) fn is_fresh(&self) -> bool {
        is_fresh(&self.signed_in.session, self.page.state.authority.now())
    }

    /// Whether the person signed in a moment ago; else they are sent to do so again.
    pub(crate) fn require_fresh(&self) -> Result<(), PageError> {
        if self.is_fresh() { Ok(()) } else { Err(PageError::NotFresh) }
    }

    /// What their pages say before the session ends that nobody uses.
    pub(crate) fn session_notice(&self) -> SessionNotice {
        let PageRequest { state, paths, .. } = &self.page;
        SessionNotice {
            idle_seconds: idle_limit(&state.authority).as_secs(),
            left_seconds: seconds_left(&state.authority, &self.signed_in.session),
            path: paths.session(),
            person: self.signed_in.user.id.to_string(),
            sign_in_path: paths.sign_in_again(),
        }
    }

    /// Something was done: back to the overview, which says so.
    pub(crate) fn done(&self, message: AccountMessage) -> HttpResponse {
        self.page.see_other(&self.page.paths.to(&announced(message)))
    }

    /// A parameter of the path, as an id; what is no id is nothing.
    pub(crate) fn path_id<I: std::str::FromStr>(&self) -> Result<I, PageError> {
        let text = self.page.request.match_info().get("id").unwrap_or_default();
        text.parse().map_err(|_| PageError::NotFound)
    }
}
