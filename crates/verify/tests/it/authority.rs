//! An authority on loopback that answers as it is told, and counts what it is asked.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use turnkeep_domain::resource::Audience;
use turnkeep_token::jwks::JwkSet;
use turnkeep_verify::gate::TokenGate;
use turnkeep_verify::gate::pinned_issuer::PinnedIssuer;
use turnkeep_verify::gate::settings::GateSettings;

use crate::signing::{SigningKey, StoppedClock, claims};

/// Longer than anything takes that goes well.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a document is answered.
#[derive(Clone, Default)]
pub(crate) enum Mood {
    /// With 200 or 304.
    #[default]
    Well,
    /// With these bytes and nothing else, whatever they are.
    Saying(String),
    /// With a body that never ends.
    Endlessly,
    /// Not at all: the connection is closed.
    Closing,
    /// Not at all: the connection stays open.
    Silent,
}

/// What is published.
#[derive(Clone, Default)]
pub(crate) struct Published {
    pub(crate) key_set: String,
    pub(crate) key_set_mood: Mood,
    pub(crate) feed: String,
    pub(crate) feed_tag: u32,
    pub(crate) feed_mood: Mood,
    /// What is answered about any reference token.
    pub(crate) introspection: String,
    pub(crate) introspection_mood: Mood,
}

/// What was asked for so far.
#[derive(Clone, Default, Debug)]
pub(crate) struct Asked {
    pub(crate) connections: usize,
    pub(crate) key_sets: usize,
    pub(crate) feeds: usize,
    /// Polls of the feed that already knew the tag it has.
    pub(crate) up_to_date: usize,
    pub(crate) introspections: usize,
    /// The last of them, as it was sent.
    pub(crate) last_introspection: String,
}

pub(crate) struct Authority {
    pub(crate) issuer: String,
    pub(crate) key: SigningKey,
    published: Arc<watch::Sender<Published>>,
    asked: Arc<watch::Sender<Asked>>,
    _server: JoinSet<()>,
}

impl Authority {
    /// With one key, and an empty feed at sequence 7.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let (published, asked) = (Arc::new(watch::Sender::default()), Arc::new(watch::Sender::default()));
        let mut server = JoinSet::new();
        server.spawn(serve(listener, Arc::clone(&published), Arc::clone(&asked)));
        let authority = Self { issuer, key: SigningKey::new(1), published, asked, _server: server };
        authority.publish_keys(&[&authority.key]);
        authority.publish_marks(7, &json!([]));
        authority
    }

    pub(crate) fn pinned(&self) -> PinnedIssuer {
        PinnedIssuer::parse(&self.issuer).unwrap()
    }

    /// A gate for this authority alone.
    pub(crate) fn gate(&self, settings: GateSettings) -> TokenGate {
        start_gate([self.pinned()], settings)
    }

    /// A token that is right.
    pub(crate) fn token(&self) -> String {
        self.key.sign("at+jwt", &claims(&self.issuer))
    }

    pub(crate) fn publish(&self, change: impl FnOnce(&mut Published)) {
        self.published.send_modify(change);
    }

    pub(crate) fn publish_keys(&self, keys: &[&SigningKey]) {
        let key_set = JwkSet::new(keys.iter().map(|key| key.public())).as_json().to_owned();
        self.publish(|published| published.key_set = key_set);
    }

    pub(crate) fn publish_marks(&self, seq: i64, marks: &Value) {
        let payload = json!({"iss": self.issuer, "iat": 0, "seq": seq, "marks": marks, "revoked": []});
        self.publish_feed(self.key.sign("kill-marks+jwt", &payload));
    }

    pub(crate) fn publish_feed(&self, feed: String) {
        self.publish(|published| {
            published.feed = feed;
            published.feed_tag += 1;
        });
    }

    pub(crate) fn asked(&self) -> Asked {
        self.asked.borrow().clone()
    }

    /// Waits until it was asked so much.
    pub(crate) async fn until(&self, enough: impl FnMut(&Asked) -> bool) {
        self.until_within(PATIENCE, enough).await;
    }

    pub(crate) async fn until_within(&self, limit: Duration, enough: impl FnMut(&Asked) -> bool) {
        let mut asked = self.asked.subscribe();
        let in_time = tokio::time::timeout(limit, asked.wait_for(enough)).await;
        assert!(in_time.is_ok(), "not within {limit:?}: {:?}", self.asked());
    }
}

pub(crate) fn start_gate(
    pinned: impl IntoIterator<Item = PinnedIssuer>,
    mut settings: GateSettings,
) -> TokenGate {
    let audience = Audience::parse("TrueParser.API").unwrap();
    settings.clock = Arc::new(StoppedClock);
    TokenGate::start(audience, pinned, settings).unwrap()
}

async fn serve(
    listener: TcpListener,
    published: Arc<watch::Sender<Published>>,
    asked: Arc<watch::Sender<Asked>>,
) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        asked.send_modify(|asked| asked.connections += 1);
        connections.spawn(answer(stream, published.subscribe(), Arc::clone(&asked)));
    }
}

/// One request on each connection.
async fn answer(
    mut stream: TcpStream,
    mut published: watch::Receiver<Published>,
    asked: Arc<watch::Sender<Asked>>,
) {
    let Some(head) = read_head(&mut stream).await else { return };
    let current = published.borrow_and_update().clone();
    let (mood, etag, body) = if head.starts_with("get /.well-known/jwks.json ") {
        asked.send_modify(|asked| asked.key_sets += 1);
        (current.key_set_mood, String::new(), current.key_set)
    } else if head.starts_with("post /connect/introspect ") {
        let Some(body) = read_body(&mut stream, &head).await else { return };
        asked.send_modify(|asked| {
            asked.introspections += 1;
            asked.last_introspection = format!("{head}{body}");
        });
        (current.introspection_mood, String::new(), current.introspection)
    } else {
        let etag = format!("\"{}\"", current.feed_tag);
        let up_to_date = head.contains(&format!("if-none-match: {etag}\r\n"));
        asked.send_modify(|asked| {
            asked.feeds += 1;
            asked.up_to_date += usize::from(up_to_date);
        });
        if up_to_date && matches!(current.feed_mood, Mood::Well) {
            return wait_for_another(stream, &head, &etag, published).await;
        }
        (current.feed_mood, etag, current.feed)
    };
    match mood {
        Mood::Well => say(stream, "200 OK", &etag, &body).await,
        Mood::Saying(text) => drop(stream.write_all(text.as_bytes()).await),
        Mood::Endlessly => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await;
            let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
            while stream.write_all(chunk.as_bytes()).await.is_ok() {}
        }
        Mood::Closing => drop(stream),
        // Until the other side has had enough.
        Mood::Silent => drop(stream.read(&mut [0]).await),
    }
}

/// A long poll (RFC 7240 §4.3): the newer feed as soon as there is one, 304 when the time is over.
async fn wait_for_another(
    stream: TcpStream,
    head: &str,
    etag: &str,
    mut published: watch::Receiver<Published>,
) {
    let wait = head.split("prefer: wait=").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
    let newer = published.wait_for(|published| format!("\"{}\"", published.feed_tag) != etag);
    let newer = tokio::time::timeout(Duration::from_secs(wait.unwrap_or(0)), newer).await;
    match newer.map(|published| published.unwrap().clone()) {
        Ok(Published { feed, feed_tag, .. }) => {
            say(stream, "200 OK", &format!("\"{feed_tag}\""), &feed).await;
        }
        Err(_) => say(stream, "304 Not Modified", etag, "").await,
    }
}

async fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8(head).unwrap().to_ascii_lowercase())
}

async fn read_body(stream: &mut TcpStream, head: &str) -> Option<String> {
    let length = head.split("content-length: ").nth(1)?.split("\r\n").next()?.parse().ok()?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    String::from_utf8(body).ok()
}

async fn say(mut stream: TcpStream, status: &str, etag: &str, body: &str) {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nETag: {etag}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    let _ = stream.write_all((head + body).as_bytes()).await;
}
