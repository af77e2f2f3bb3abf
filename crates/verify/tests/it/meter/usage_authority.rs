//! An authority on loopback that counts usage once for each event id, and answers as it is told.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use turnkeep_domain::id::AppId;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_verify::gate::pinned_issuer::PinnedIssuer;
use turnkeep_verify::meter::token_source::{BearerToken, TokenFuture, TokenSource};
use turnkeep_verify::meter::usage_endpoint::UsageReporter;

/// Longer than anything takes that goes well.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a report is answered.
#[derive(Clone, Debug, Default)]
pub(crate) enum Mood {
    /// It is counted.
    #[default]
    Well,
    /// It is counted, and the answer does not arrive.
    Forgetful,
    /// It is counted, and the answer arrives in part.
    CutOff,
    /// It is not counted, and there is no answer.
    Gone,
    /// It is not counted; this status line, and whatever headers.
    Saying(&'static str),
}

/// What an authority knows.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) mood: Mood,
    /// Apps by their id, with the code by which their events are refused.
    pub(crate) refused_apps: HashMap<String, &'static str>,
    /// Event by id.
    events: HashMap<String, Value>,
    /// Answers say nothing about apps.
    pub(crate) is_taciturn: bool,
    pub(crate) reports: usize,
    pub(crate) largest_report: usize,
    /// Ids that were used for two events.
    pub(crate) reused_ids: HashSet<String>,
    pub(crate) bearers: Vec<String>,
}

impl Ledger {
    /// Units of an app, or of all.
    pub(crate) fn units(&self, app_id: Option<&str>) -> u64 {
        self.sum(|event| app_id.is_none_or(|app_id| event["app_id"] == app_id))
    }

    fn sum(&self, counts: impl Fn(&Value) -> bool) -> u64 {
        let events = self.events.values().filter(|event| counts(event));
        events.map(|event| event["units"].as_u64().unwrap()).sum()
    }

    fn count(&mut self, body: &Value) -> Value {
        let events = body["events"].as_array().unwrap();
        self.reports += 1;
        self.largest_report = self.largest_report.max(events.len());
        let (mut counted, mut duplicates, mut refused, mut apps) = (0, 0, Vec::new(), HashSet::new());
        for event in events {
            let (id, app_id) = (event["id"].as_str().unwrap(), event["app_id"].as_str().unwrap());
            if let Some(code) = self.refused_apps.get(app_id) {
                refused.push(json!({"id": id, "code": code}));
                continue;
            }
            apps.insert(app_id.to_owned());
            match self.events.get(id) {
                None => {
                    counted += 1;
                    self.events.insert(id.to_owned(), event.clone());
                }
                Some(known) => {
                    duplicates += 1;
                    if known != event {
                        self.reused_ids.insert(id.to_owned());
                    }
                }
            }
        }
        let apps = apps.iter().filter(|_| !self.is_taciturn).map(|app_id| self.usage(app_id));
        let apps: Vec<Value> = apps.collect();
        json!({"counted": counted, "duplicates": duplicates, "refused": refused, "apps": apps})
    }

    /// As of the latest event: this authority has no clock.
    fn usage(&self, app_id: &str) -> Value {
        let of_app = |event: &&Value| event["app_id"] == app_id;
        let now = self.events.values().filter(of_app).map(occurred_at).max().unwrap();
        let windows = UsageWindow::ALL.map(|window| {
            let span = window.span_at(now);
            let used = self.sum(|event| of_app(&event) && span.contains(occurred_at(event)));
            let time = |at: Timestamp| jiff::Timestamp::from_microsecond(at.as_micros()).unwrap().to_string();
            json!({
                "window": window.as_str(), "used": used, "limit": null, "percent": null, "status": null,
                "starts_at": time(span.starts_at), "resets_at": time(span.resets_at),
            })
        });
        json!({"app_id": app_id, "plan": null, "status": null, "binding_window": null, "windows": windows})
    }
}

fn occurred_at(event: &Value) -> Timestamp {
    let parsed: jiff::Timestamp = event["occurred_at"].as_str().unwrap().parse().unwrap();
    Timestamp::from_micros(parsed.as_microsecond())
}

pub(crate) struct UsageAuthority {
    issuer: String,
    ledger: Arc<watch::Sender<Ledger>>,
    _server: JoinSet<()>,
}

impl UsageAuthority {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let ledger = Arc::new(watch::Sender::default());
        let mut server = JoinSet::new();
        server.spawn(serve(listener, Arc::clone(&ledger)));
        Self { issuer, ledger, _server: server }
    }

    pub(crate) fn reporter(&self) -> UsageReporter {
        self.reporter_with(Tokens(watch::Sender::new(1)))
    }

    pub(crate) fn reporter_with(&self, tokens: impl TokenSource) -> UsageReporter {
        UsageReporter::new(&PinnedIssuer::parse(&self.issuer).unwrap(), tokens).unwrap()
    }

    pub(crate) fn set(&self, mood: Mood) {
        self.change(|ledger| ledger.mood = mood);
    }

    /// Refuses every event of an app with this code.
    pub(crate) fn refuse(&self, app_id: AppId, code: &'static str) {
        self.change(|ledger| {
            ledger.refused_apps.insert(app_id.to_string(), code);
        });
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Ledger)) {
        self.ledger.send_modify(change);
    }

    /// Units of an app, or of all.
    pub(crate) fn units(&self, app_id: Option<&str>) -> u64 {
        self.ledger.borrow().units(app_id)
    }

    pub(crate) fn ledger(&self) -> watch::Ref<'_, Ledger> {
        self.ledger.borrow()
    }

    /// Waits until it knows so much.
    pub(crate) async fn until(&self, enough: impl FnMut(&Ledger) -> bool) {
        let mut ledger = self.ledger.subscribe();
        let in_time = tokio::time::timeout(PATIENCE, ledger.wait_for(enough)).await;
        assert!(in_time.is_ok(), "not within {PATIENCE:?}");
    }
}

/// `token-1`, and after every refusal another one.
pub(crate) struct Tokens(pub(crate) watch::Sender<u32>);

impl TokenSource for Tokens {
    fn token(&self) -> TokenFuture<'_> {
        let token =
            BearerToken::parse(&format!("token-{}", *self.0.borrow())).ok_or_else(|| "no token".into());
        Box::pin(async { token })
    }

    fn refused(&self) {
        self.0.send_modify(|number| *number += 1);
    }
}

async fn serve(listener: TcpListener, ledger: Arc<watch::Sender<Ledger>>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(answer(stream, Arc::clone(&ledger)));
    }
}

/// One request on each connection.
async fn answer(mut stream: TcpStream, ledger: Arc<watch::Sender<Ledger>>) {
    let Some((head, body)) = read(&mut stream).await else { return };
    assert!(head.starts_with("post /api/v1/usage http/1.1\r\n"), "{head}");
    let bearer = head.split("authorization: ").nth(1).and_then(|rest| rest.lines().next()).unwrap();
    let (mut mood, mut answer) = (Mood::Gone, Value::Null);
    ledger.send_modify(|ledger| {
        ledger.bearers.push(bearer.to_owned());
        mood = ledger.mood.clone();
        if matches!(mood, Mood::Well | Mood::Forgetful | Mood::CutOff) {
            answer = ledger.count(&body);
        }
    });
    let answer = answer.to_string();
    let length = answer.len();
    let head = |status: &str, length: usize| {
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
    };
    let text = match mood {
        Mood::Well => head("200 OK", length) + &answer,
        Mood::CutOff => head("200 OK", length) + answer.split_at(length / 2).0,
        Mood::Saying(status) => head(status, 0),
        Mood::Forgetful | Mood::Gone => return,
    };
    let _ = stream.write_all(text.as_bytes()).await;
}

async fn read(stream: &mut TcpStream) -> Option<(String, Value)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    let length = head.split("content-length: ").nth(1)?.lines().next()?.parse().ok()?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some((head, serde_json::from_slice(&body).unwrap()))
}
