//! Sending calls: a token, one repetition where it is safe, and patience for as long as the server asks for.

use std::cell::RefCell;
use std::io::{Read, Write};
use std::thread;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, IF_MATCH, RETRY_AFTER};
use reqwest::redirect::Policy;
use serde::Deserialize;
use turnkeep_domain::slug::Slug;
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::remote::address::Address;
use crate::remote::call::{Answer, Call};
use crate::remote::credentials::Credentials;
use crate::remote::outcome::{Problem, RemoteError, RemoteResult};
use crate::remote::table::printable;
use crate::system::remark;

/// How long reaching the server may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a call may take with its answer.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a download may take.
const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(60 * 60);
/// The longest answer that is read.
const MAX_ANSWER_BYTES: u64 = 64 * 1024 * 1024;
/// The longest `Retry-After` that is waited for, in seconds.
const MAX_PATIENCE: u64 = 10;
/// The audience of the management API's tokens.
const AUDIENCE: &str = "turnkeep.management";

/// A way to one instance of one server.
pub(crate) struct Connection {
    client: Client,
    address: Address,
    instance: Option<Slug>,
    credentials: Credentials,
    credentials_instance: Option<Slug>,
    token: RefCell<Option<PlaintextSecret>>,
}

impl Connection {
    /// Prepares a connection; nothing is sent yet.
    pub(crate) fn new(
        address: Address,
        instance: Option<Slug>,
        credentials: Credentials,
        credentials_instance: Option<Slug>,
    ) -> RemoteResult<Self> {
        let builder = Client::builder()
            .user_agent(concat!("turnkeep/", env!("CARGO_PKG_VERSION")))
            // Whoever is redirected to must not get the token.
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(CALL_TIMEOUT);
        let builder = if address.is_loopback() { builder.no_proxy() } else { builder };
        let client = builder
            .build()
            .map_err(|_| RemoteError::Unexpected("TLS cannot be used on this computer".to_owned()))?;
        let token = RefCell::new(None);
        Ok(Self { client, address, instance, credentials, credentials_instance, token })
    }

    /// Sends a call and reads its answer, which is a success.
    pub(crate) fn send(&self, call: &Call) -> RemoteResult<Answer> {
        let renewable = self.token.borrow().is_some() && self.can_renew();
        let answer = self.send_patiently(call.can_be_repeated(), || self.request(call))?;
        if answer.status == StatusCode::UNAUTHORIZED && renewable {
            // Long work outlives a token.
            self.token.replace(None);
            let answer = self.send_patiently(call.can_be_repeated(), || self.request(call))?;
            return answer.succeeded().map_err(|error| error.about(call.subject()));
        }
        answer.succeeded().map_err(|error| error.about(call.subject()))
    }

    /// Copies a long answer as it comes, and says how many bytes that were.
    pub(crate) fn download(
        &self,
        call: &Call,
        out: &mut dyn Write,
        progress: &mut dyn FnMut(u64),
    ) -> RemoteResult<u64> {
        let request = self.request(call)?.timeout(DOWNLOAD_TIMEOUT);
        let mut response = request.send().map_err(Broken::from)?;
        if !response.status().is_success() {
            return Err(refusal(&read_answer(response)?));
        }
        let mut buffer = vec![0; 64 * 1024];
        let mut copied = 0_u64;
        loop {
            let count = response.read(&mut buffer).map_err(|_| {
                RemoteError::Unreachable("the connection broke before the end of the answer".to_owned())
            })?;
            let Some(part) = buffer.get(..count).filter(|part| !part.is_empty()) else { return Ok(copied) };
            out.write_all(part)
                .map_err(|error| RemoteError::Unexpected(format!("cannot write the answer: {error}")))?;
            copied = copied.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
            progress(copied);
        }
    }

    fn can_renew(&self) -> bool {
        match self.credentials {
            Credentials::Client { .. } => true,
            Credentials::Token(_) => false,
        }
    }

    fn request(&self, call: &Call) -> RemoteResult<RequestBuilder> {
        let mut segments = vec!["api", "v1"];
        segments.extend(call.path.iter().map(String::as_str));
        if segments.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
            return Err(RemoteError::Usage("an empty name, `.` and `..` name nothing".to_owned()));
        }
        let mut url = self.address.join(self.instance.as_ref(), &segments);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let mut request = self.client.request(call.method.clone(), url);
        request = request.header(AUTHORIZATION, self.bearer()?);
        if let Some(version) = call.if_version {
            request = request.header(IF_MATCH, format!("\"{version}\""));
        }
        if let Some(key) = &call.idempotency_key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        Ok(request)
    }

    /// Sends a request once more if the connection broke, or if the server asked for a moment.
    fn send_patiently(
        &self,
        repeatable: bool,
        request: impl Fn() -> RemoteResult<RequestBuilder>,
    ) -> RemoteResult<Answer> {
        let (mut repeated, mut waited) = (false, false);
        loop {
            match request()?.send().map_err(Broken::from).and_then(read_answer) {
                Err(broken) if broken.worth_repeating && repeatable && !repeated => repeated = true,
                Err(broken) => return Err(broken.into()),
                Ok(answer) if is_busy(answer.status) && !waited => match answer.retry_after {
                    Some(seconds) if seconds <= MAX_PATIENCE => {
                        waited = true;
                        remark(&format!("the server is busy; trying again in {seconds} s"));
                        thread::sleep(Duration::from_secs(seconds));
                    }
                    Some(_) | None => return Ok(answer),
                },
                Ok(answer) => return Ok(answer),
            }
        }
    }

    /// The value of `Authorization`. A client's token is got at the first call.
    fn bearer(&self) -> RemoteResult<HeaderValue> {
        if self.token.borrow().is_none() {
            let token = match &self.credentials {
                Credentials::Token(token) => token.clone(),
                Credentials::Client { client_id, client_secret } => {
                    self.request_token(client_id, client_secret)?
                }
            };
            self.token.replace(Some(token));
        }
        let token = self.token.borrow();
        let text = token.as_ref().map(PlaintextSecret::expose).unwrap_or_default();
        let mut value = HeaderValue::try_from(format!("Bearer {text}")).map_err(|_| {
            RemoteError::NotAuthenticated("the token has characters that no token has".to_owned())
        })?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// `client_credentials` (RFC 6749 §4.4) for the management API (RFC 8707 §2).
    fn request_token(&self, client_id: &str, secret: &PlaintextSecret) -> RemoteResult<PlaintextSecret> {
        let url = self.address.join(self.credentials_instance.as_ref(), &["connect", "token"]);
        let form = [
            ("grant_type", "client_credentials"),
            ("resource", AUDIENCE),
            ("client_id", client_id),
            ("client_secret", secret.expose()),
        ];
        let answer = self.send_patiently(true, || Ok(self.client.post(url.clone()).form(&form)))?;
        if answer.status.is_success() {
            let token: TokenAnswer = serde_json::from_slice(&answer.body).map_err(|_| {
                RemoteError::Unexpected(
                    "there is no token in the answer: is this a turnkeep server?".to_owned(),
                )
            })?;
            return Ok(PlaintextSecret::new(token.access_token));
        }
        match serde_json::from_slice::<TokenRefusal>(&answer.body) {
            Ok(refusal) if matches!(answer.status.as_u16(), 400 | 401) => {
                let said = refusal.error_description.as_deref().unwrap_or(&refusal.error);
                Err(RemoteError::NotAuthenticated(printable(said)))
            }
            Ok(_) | Err(_) => Err(refusal(&answer)),
        }
    }
}

/// What is of interest of a token response.
#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
}

/// An error of the token endpoint (RFC 6749 §5.2).
#[derive(Deserialize)]
struct TokenRefusal {
    error: String,
    error_description: Option<String>,
}

/// A request that got no answer, or not all of it.
struct Broken {
    /// A request that ran out of time has had its time.
    worth_repeating: bool,
    why: &'static str,
}

impl From<reqwest::Error> for Broken {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            Self { worth_repeating: false, why: "the server did not answer in time" }
        } else if error.is_connect() {
            Self { worth_repeating: true, why: "the server cannot be reached" }
        } else {
            Self { worth_repeating: true, why: "the connection broke before the answer was there" }
        }
    }
}

impl From<Broken> for RemoteError {
    fn from(broken: Broken) -> Self {
        Self::Unreachable(broken.why.to_owned())
    }
}

fn is_busy(status: StatusCode) -> bool {
    matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
}

fn refusal(answer: &Answer) -> RemoteError {
    RemoteError::Problem(Box::new(Problem::read(answer.status, &answer.body)))
}

fn read_answer(response: Response) -> Result<Answer, Broken> {
    let status = response.status();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let mut body = Vec::new();
    match response.take(MAX_ANSWER_BYTES).read_to_end(&mut body) {
        Ok(_) => Ok(Answer { status, retry_after, body }),
        Err(error) => {
            // Reqwest hides its own errors in those of `std::io`.
            let timed_out = error.kind() == std::io::ErrorKind::TimedOut;
            let why = "the connection broke before the end of the answer";
            Err(Broken { worth_repeating: !timed_out, why })
        }
    }
}
