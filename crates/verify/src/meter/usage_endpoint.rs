//! The authority's `POST /api/v1/usage`, as a client sees it: pinned, nothing followed, everything bounded.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp as CivilTime;
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use serde::{Deserialize, Serialize};
use turnkeep_domain::id::AppId;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage::UsageEvent;
use turnkeep_domain::usage_window::UsageWindow;
use url::Url;

use super::app_counts::KnownUse;
use super::status::ReportError;
use super::token_source::TokenSource;
use crate::gate::authority_client::{AuthorityClient, connection_failed, read_body};
use crate::gate::pinned_issuer::PinnedIssuer;
use crate::gate::status::AuthorityError;

/// The most events of one report.
pub(super) const MAX_EVENTS: usize = 1_000;

/// For a report and its whole answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// An answer has less than 1 KiB for each app.
const MAX_ANSWER_BYTES: usize = 2 * 1024 * 1024;

/// Where reports go, and with whose tokens.
#[derive(Clone)]
pub struct UsageReporter {
    url: Url,
    tokens: Arc<dyn TokenSource>,
}

impl UsageReporter {
    /// To this issuer. All tokens that are metered have to be of it. `None` if it has no such place.
    pub fn new(issuer: &PinnedIssuer, tokens: impl TokenSource) -> Option<Self> {
        let url = format!("{}/api/v1/usage", issuer.issuer().trim_end_matches('/')).parse().ok()?;
        Some(Self { url, tokens: Arc::new(tokens) })
    }
}

/// Sends reports.
pub(super) struct UsageEndpoint {
    pub(super) client: AuthorityClient,
    pub(super) reporter: UsageReporter,
}

/// What the authority answered: everything that is not refused is counted, now or before.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ReportAnswer {
    /// Codes by event id.
    pub(super) refused: HashMap<String, String>,
    /// What the apps have used by now.
    pub(super) apps: HashMap<AppId, Vec<KnownUse>>,
}

/// A report that did not come to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReportFailure {
    pub(super) error: ReportError,
    /// When the authority wants to be asked again.
    pub(super) retry_after: Option<Duration>,
}

impl<E: Into<ReportError>> From<E> for ReportFailure {
    fn from(error: E) -> Self {
        Self { error: error.into(), retry_after: None }
    }
}

impl UsageEndpoint {
    /// Sends one report. Without an answer nobody knows whether it was counted: it has to be sent again as it is.
    pub(super) async fn report(&self, events: &[UsageEvent]) -> Result<ReportAnswer, ReportFailure> {
        let answered = tokio::time::timeout(TIMEOUT, self.post(events)).await;
        answered.map_err(|_| AuthorityError::TimedOut)?
    }

    async fn post(&self, events: &[UsageEvent]) -> Result<ReportAnswer, ReportFailure> {
        let token = self.reporter.tokens.token().await.map_err(|error| {
            tracing::warn!(error, "there is no token for reporting usage");
            ReportError::NoToken
        })?;
        let request = self.client.http().post(self.reporter.url.clone());
        let request = request.header(AUTHORIZATION, token.header()).header(CONTENT_TYPE, "application/json");
        let response = request.body(body(events)).send().await.map_err(|error| connection_failed(&error))?;
        match response.status() {
            StatusCode::OK => {
                let answer = read_body(response, MAX_ANSWER_BYTES).await?;
                Ok(understood(&answer, events).ok_or(ReportError::BadAnswer)?)
            }
            status if status.is_redirection() => Err(AuthorityError::Redirect.into()),
            status => {
                if status == StatusCode::UNAUTHORIZED {
                    self.reporter.tokens.refused();
                }
                let error = AuthorityError::Status(status.as_u16()).into();
                Err(ReportFailure { error, retry_after: retry_after(response.headers()) })
            }
        }
    }
}

#[derive(Serialize)]
struct ReportBody<'a> {
    events: Vec<EventBody<'a>>,
}

#[derive(Serialize)]
struct EventBody<'a> {
    id: &'a str,
    app_id: String,
    units: u64,
    occurred_at: String,
}

fn body(events: &[UsageEvent]) -> String {
    let events = events.iter().map(|event| EventBody {
        id: event.id.as_str(),
        app_id: event.app_id.to_string(),
        units: event.units.get(),
        // What no calendar has is refused by the authority, and no clock says it.
        occurred_at: CivilTime::from_microsecond(event.occurred_at.as_micros())
            .unwrap_or_default()
            .to_string(),
    });
    // Strings and numbers can always be written.
    serde_json::to_string(&ReportBody { events: events.collect() }).unwrap_or_default()
}

#[derive(Deserialize)]
struct AnswerBody {
    counted: usize,
    duplicates: usize,
    refused: Vec<RefusedBody>,
    #[serde(default)]
    apps: Vec<AppBody>,
}

#[derive(Deserialize)]
struct RefusedBody {
    id: String,
    code: String,
}

#[derive(Deserialize)]
struct AppBody {
    app_id: String,
    windows: Vec<WindowBody>,
}

#[derive(Deserialize)]
struct WindowBody {
    window: String,
    used: u64,
    starts_at: String,
}

/// `None` unless the answer is about these events, each of them.
fn understood(answer: &[u8], events: &[UsageEvent]) -> Option<ReportAnswer> {
    let answer: AnswerBody = serde_json::from_slice(answer).ok()?;
    let sent: HashSet<&str> = events.iter().map(|event| event.id.as_str()).collect();
    let refused: HashMap<String, String> =
        answer.refused.into_iter().map(|refused| (refused.id, refused.code)).collect();
    let accounted_for = answer.counted.checked_add(answer.duplicates)?.checked_add(refused.len())?;
    if accounted_for != events.len() || !refused.keys().all(|id| sent.contains(id.as_str())) {
        return None;
    }
    let apps = answer.apps.iter().filter_map(|app| {
        // A window that is not known is one of a later version.
        let windows = app.windows.iter().filter_map(known_use).collect();
        Some((app.app_id.parse().ok()?, windows))
    });
    Some(ReportAnswer { refused, apps: apps.collect() })
}

fn known_use(window: &WindowBody) -> Option<KnownUse> {
    let starts_at: CivilTime = window.starts_at.parse().ok()?;
    let starts_at = Timestamp::from_micros(starts_at.as_microsecond());
    Some(KnownUse { window: UsageWindow::from_name(&window.window)?, starts_at, units: window.used })
}

/// Seconds only (RFC 9110 §10.2.3): a time of day would need clocks that agree.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use turnkeep_domain::usage::{UsageEventId, UsedUnits};

    use super::*;

    fn event(id: &str) -> UsageEvent {
        UsageEvent {
            id: UsageEventId::parse(id).unwrap(),
            app_id: AppId::from_bytes([3; 16]),
            units: UsedUnits::new(5).unwrap(),
            occurred_at: Timestamp::from_micros(1_795_000_000_123_456),
        }
    }

    #[test]
    fn a_report_says_what_was_used_and_when() {
        let sent: Value = serde_json::from_str(&body(&[event("a")])).unwrap();
        let expected = json!({"events": [{
            "id": "a",
            "app_id": AppId::from_bytes([3; 16]).to_string(),
            "units": 5,
            "occurred_at": "2026-11-18T11:06:40.123456Z",
        }]});
        assert_eq!(sent, expected);
    }

    #[test]
    fn an_answer_accounts_for_every_event() {
        let events = [event("a"), event("b")];
        let refused = json!([{"id": "b", "code": "unknown_app", "of_a_later_version": 1}]);
        for (answer, is_understood) in [
            (json!({"counted": 2, "duplicates": 0, "refused": []}), true),
            (json!({"counted": 1, "duplicates": 1, "refused": [], "apps": [], "more": {}}), true),
            (json!({"counted": 1, "duplicates": 0, "refused": refused}), true),
            (json!({"counted": 1, "duplicates": 0, "refused": []}), false),
            (json!({"counted": 2, "duplicates": 1, "refused": []}), false),
            (json!({"counted": 1, "duplicates": 0, "refused": [{"id": "c", "code": "unknown_app"}]}), false),
            (json!({"counted": 2}), false),
            (json!({}), false),
            (json!("fine"), false),
        ] {
            let understood = understood(answer.to_string().as_bytes(), &events);
            assert_eq!(understood.is_some(), is_understood, "{answer}");
        }
        assert_eq!(understood(b"<html>", &events), None);
    }

    #[test]
    fn what_apps_have_used_is_read() {
        let window = |window: &str, starts_at: &str| json!({"window": window, "used": 75, "limit": 100, "starts_at": starts_at});
        let app_id = AppId::from_bytes([3; 16]);
        let answer = json!({"counted": 1, "duplicates": 0, "refused": [], "apps": [{
            "app_id": app_id.to_string(),
            "status": "warning",
            "windows": [
                window("hour", "2026-11-18T11:00:00Z"),
                window("year", "2026-01-01T00:00:00Z"),
                window("day", "today"),
            ],
        }]});
        let answer = understood(answer.to_string().as_bytes(), &[event("a")]).unwrap();
        let starts_at = Timestamp::from_secs(1_794_999_600);
        let expected = KnownUse { window: UsageWindow::Hour, starts_at, units: 75 };
        assert_eq!(answer.apps, HashMap::from([(app_id, vec![expected])]));
    }

    #[test]
    fn only_seconds_are_taken_for_a_wait() {
        for (value, seconds) in
            [("5", Some(5)), (" 7 ", Some(7)), ("Sat, 21 Nov 2026 12:00:30 GMT", None), ("-1", None)]
        {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
            assert_eq!(retry_after(&headers), seconds.map(Duration::from_secs), "{value}");
        }
    }
}
