//! The feed of kill marks: what was killed, for resource servers that follow it by polls, short or long.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::header::{self, HeaderName};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use turnkeep_domain::slug::Slug;
use turnkeep_protocol::prefer::preferred_wait;
use turnkeep_service::tokens::publish_kill_marks::{PublishedKillMarks, publish_kill_marks, tag_kill_marks};

use crate::blocking::Urgency;
use crate::error::api_error::ApiError;
use crate::from_memory::run_from_memory;
use crate::issuer::AddressedIssuer;
use crate::kill_watch::Waiting;
use crate::request_context::RequestContext;
use crate::state::WebState;
use crate::well_known::key_set::is_known;

const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// The longest a poll waits for news.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How often a poll that waits makes sure that this node would hear of news: one that fell behind says so.
const IN_STEP_LOOKED_AT: Duration = Duration::from_secs(1);

/// `/.well-known/kill-marks`.
pub(crate) async fn kill_marks(
    state: web::Data<WebState>,
    context: RequestContext,
    AddressedIssuer(issuer): AddressedIssuer,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let mut poll = Poll::begin(&state, &request);
    loop {
        let etag = tag(&state, context, &issuer).await?;
        if !is_known(&request, &etag) {
            break;
        }
        if state.kill_watch.is_stopping() || !poll.wait().await {
            return Ok(poll.answer(&state, HttpResponse::NotModified(), &etag).finish());
        }
    }
    let asked = issuer.clone();
    let published = run_from_memory(&state, Urgency::Usual, move |authority, look_up| {
        publish_kill_marks(authority, &asked, look_up)
    })
    .await
    .map_err(|not_run| ApiError::not_run(&not_run, context.request_id))?
    .map_err(|failure| ApiError::from_failure(failure, context.request_id))?;
    let mut response = poll.answer(&state, HttpResponse::Ok(), published.etag());
    Ok(response.content_type("application/kill-marks+jwt").body(Bytes::from_owner(Document(published))))
}

/// The document as a body. All polls that one kill answers share it, however long it is.
struct Document(Arc<PublishedKillMarks>);

impl AsRef<[u8]> for Document {
    fn as_ref(&self) -> &[u8] {
        self.0.document().as_bytes()
    }
}

async fn tag(
    state: &web::Data<WebState>,
    context: RequestContext,
    issuer: &Slug,
) -> Result<String, ApiError> {
    let issuer = issuer.clone();
    let published = run_from_memory(state, Urgency::Usual, move |authority, look_up| {
        tag_kill_marks(authority, &issuer, look_up)
    })
    .await
    .map_err(|not_run| ApiError::not_run(&not_run, context.request_id))?
    .map_err(|failure| ApiError::from_failure(failure, context.request_id))?;
    Ok(published.etag().to_owned())
}

/// A poll, which may be a long one.
struct Poll {
    /// What was asked for, within our bound.
    wait: Option<Duration>,
    until: Instant,
    waiting: Option<Waiting>,
}

impl Poll {
    /// Only who has a document can wait for another one. Where too many wait already, it is an ordinary poll.
    fn begin(state: &WebState, request: &HttpRequest) -> Self {
        let values = request.headers().get_all(PREFER).filter_map(|value| value.to_str().ok());
        let preferred =
            preferred_wait(values).filter(|_| request.headers().contains_key(header::IF_NONE_MATCH));
        let waiting = preferred.and_then(|_| state.kill_watch.begin_waiting());
        let wait = preferred.filter(|_| waiting.is_some()).map(|wait| wait.min(LONGEST_WAIT));
        Self { wait, until: Instant::now() + wait.unwrap_or_default(), waiting }
    }

    /// Waits for news, or a while. `false` if the time is over.
    async fn wait(&mut self) -> bool {
        let left = self.until.saturating_duration_since(Instant::now());
        match &mut self.waiting {
            Some(waiting) if !left.is_zero() => {
                waiting.wait(left.min(IN_STEP_LOOKED_AT)).await;
                true
            }
            Some(_) | None => false,
        }
    }

    /// What all answers have. Each poll is to ask anew, though the answer may be that nothing has changed.
    fn answer(&self, state: &WebState, mut response: HttpResponseBuilder, etag: &str) -> HttpResponseBuilder {
        response
            .insert_header((header::CACHE_CONTROL, "no-cache"))
            .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
            .insert_header((header::ETAG, etag));
        if let Some(wait) = self.wait {
            response.insert_header((PREFERENCE_APPLIED, format!("wait={}", wait.as_secs())));
        }
        if state.kill_watch.is_stopping() {
            response.force_close();
        }
        response
    }
}
