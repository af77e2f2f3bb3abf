//! Asking the issuer about reference tokens (RFC 7662): one question at a time for each token, and what was answered
//! stands for a second. Without an answer nobody is let in.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use quick_cache::sync::Cache;
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::time::Timestamp;
use url::form_urlencoded;
use zeroize::Zeroizing;

use crate::access_token::VerifiedAccessToken;
use crate::gate::authority_client::{AuthorityClient, connection_failed, read_body};
use crate::gate::contact::Contact;
use crate::gate::introspected_token::{Said, read};
use crate::gate::pinned_issuer::IntrospectionEndpoint;
use crate::gate::status::AuthorityError;
use crate::refusal::AccessRefusal;
use crate::rejection::TokenRejection;

/// How long an answer stands, from when the question was asked.
const STANDS: Duration = Duration::from_secs(1);

/// For a question and its whole answer, and for its turn before that.
const TIMEOUT: Duration = Duration::from_secs(5);

/// How many tokens are remembered.
const REMEMBERED: usize = 10_000;

/// How many questions are under way at once.
const AT_ONCE: usize = 32;

/// An answer has a plan's limits and little else.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// Without a word of the issuer's; it is not put off for longer than the second of these either.
const RETRY: Duration = Duration::from_secs(2);
const LONGEST_RETRY: Duration = Duration::from_mins(1);

/// What is known of one token. Locked while the issuer is asked, so that whoever comes meanwhile waits for that answer.
type Slot = Arc<tokio::sync::Mutex<Option<Answered>>>;

#[derive(Clone)]
struct Answered {
    asked_at: Instant,
    answered_at: Instant,
    said: Result<Option<Arc<VerifiedAccessToken>>, Unanswered>,
}

/// The issuer gave no answer that can be used.
#[derive(Debug, Clone, Copy)]
struct Unanswered {
    until: Instant,
}

impl From<Unanswered> for AccessRefusal {
    fn from(unanswered: Unanswered) -> Self {
        let wait = unanswered.until.saturating_duration_since(Instant::now()).as_millis().div_ceil(1000);
        Self::IntrospectionUnavailable { retry_after_seconds: u32::try_from(wait).unwrap_or(u32::MAX).max(1) }
    }
}

/// Asks one issuer.
pub(crate) struct Introspection {
    issuer: String,
    audience: Audience,
    endpoint: IntrospectionEndpoint,
    client: AuthorityClient,
    home: Handle,
    contact: Contact,
    /// By the SHA-256 of tokens.
    slots: Cache<[u8; 32], Slot>,
    turns: Semaphore,
    /// The issuer wants to be left alone until then.
    paused: Mutex<Option<Unanswered>>,
}

impl Introspection {
    pub(crate) fn new(
        issuer: &str,
        audience: &Audience,
        endpoint: IntrospectionEndpoint,
        client: AuthorityClient,
        home: Handle,
    ) -> Self {
        Self {
            issuer: issuer.to_owned(),
            audience: audience.clone(),
            endpoint,
            client,
            home,
            contact: Contact::new(issuer, "introspection"),
            slots: Cache::new(REMEMBERED),
            turns: Semaphore::new(AT_ONCE),
            paused: Mutex::default(),
        }
    }

    /// The claims of a token that counts for this audience at this moment, as far as the issuer said within the last
    /// second.
    pub(crate) async fn ask(
        self: &Arc<Self>,
        token: &str,
        now: Timestamp,
    ) -> Result<Arc<VerifiedAccessToken>, AccessRefusal> {
        let arrived = Instant::now();
        let mut key = [0; 32];
        key.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        let slot = self.slots.get_or_insert_with(&key, || Ok::<_, AccessRefusal>(Slot::default()))?;
        // On the gate's own runtime: neither a caller that gives up nor one whose runtime ends stops it for others.
        let (asking, token) = (Arc::clone(self), Zeroizing::new(token.to_owned()));
        let asked = self.home.spawn(async move { asking.ask_once(&slot, &token, arrived).await }).await;
        let said = asked.unwrap_or_else(|_| Err(unanswered(RETRY)))?;
        let found = said.ok_or(AccessRefusal::Killed)?;
        if found.audience != self.audience {
            return Err(TokenRejection::WrongAudience.into());
        }
        if found.expires_at <= now {
            return Err(TokenRejection::Expired.into());
        }
        Ok(found)
    }

    async fn ask_once(
        &self,
        slot: &Slot,
        token: &str,
        arrived: Instant,
    ) -> Result<Option<Arc<VerifiedAccessToken>>, Unanswered> {
        let mut slot = slot.lock().await;
        // A question that was under way when this request arrived is this request's, too.
        if let Some(last) = &*slot
            && (last.asked_at.elapsed() < STANDS || arrived < last.answered_at)
        {
            return last.said.clone();
        }
        let asked_at = Instant::now();
        let said = match self.pause() {
            Some(paused) => Err(paused),
            None => self.question(token).await,
        };
        *slot = Some(Answered { asked_at, answered_at: Instant::now(), said: said.clone() });
        said
    }

    fn pause(&self) -> Option<Unanswered> {
        let paused = self.paused.lock().unwrap_or_else(PoisonError::into_inner);
        paused.filter(|paused| Instant::now() < paused.until)
    }

    async fn question(&self, token: &str) -> Result<Option<Arc<VerifiedAccessToken>>, Unanswered> {
        let answered = tokio::time::timeout(TIMEOUT, self.post(token)).await;
        match answered.unwrap_or(Err(Failure { error: AuthorityError::TimedOut, retry_after: None })) {
            Ok(said) => {
                self.contact.succeeded();
                Ok(match said {
                    Said::Active(token) => Some(Arc::from(token)),
                    Said::Inactive => None,
                })
            }
            Err(Failure { error, retry_after }) => {
                self.contact.failed(error);
                let Some(wait) = retry_after else { return Err(unanswered(RETRY)) };
                let paused = unanswered(wait.min(LONGEST_RETRY));
                *self.paused.lock().unwrap_or_else(PoisonError::into_inner) = Some(paused);
                Err(paused)
            }
        }
    }

    async fn post(&self, token: &str) -> Result<Said, Failure> {
        let closed = Failure { error: AuthorityError::Connection, retry_after: None };
        let _turn = self.turns.acquire().await.map_err(|_| closed)?;
        let body: String =
            form_urlencoded::Serializer::new(String::new()).append_pair("token", token).finish();
        let request = self.client.http().post(self.endpoint.url.clone());
        let request = request
            .header(AUTHORIZATION, self.credentials().ok_or(closed)?)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let response = request.body(body).send().await.map_err(|error| connection_failed(&error))?;
        match response.status() {
            StatusCode::OK => {
                let answer = read_body(response, MAX_ANSWER_BYTES).await?;
                let malformed = Failure { error: AuthorityError::Status(200), retry_after: None };
                read(&answer, &self.issuer).ok_or(malformed)
            }
            status if status.is_redirection() => Err(AuthorityError::Redirect.into()),
            status => {
                let error = AuthorityError::Status(status.as_u16());
                Err(Failure { error, retry_after: retry_after(response.headers()) })
            }
        }
    }

    /// `client_secret_basic` (RFC 6749 §2.3.1).
    fn credentials(&self) -> Option<HeaderValue> {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let (id, secret) = (encoded(&self.endpoint.client_id), encoded(&self.endpoint.client_secret));
        let pair = Zeroizing::new(format!("{id}:{secret}"));
        let value = Zeroizing::new(format!("Basic {}", data_encoding::BASE64.encode(pair.as_bytes())));
        let mut header = HeaderValue::from_str(&value).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}

#[derive(Clone, Copy)]
struct Failure {
    error: AuthorityError,
    retry_after: Option<Duration>,
}

impl From<AuthorityError> for Failure {
    fn from(error: AuthorityError) -> Self {
        Self { error, retry_after: None }
    }
}

fn unanswered(wait: Duration) -> Unanswered {
    Unanswered { until: Instant::now() + wait }
}

/// Seconds only (RFC 9110 §10.2.3): a time of day would need clocks that agree.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}
