//! Whatever is logged for a request names it, also on the threads where a use case runs.

use std::io::{self, Write};
use std::sync::{Mutex, Once, PoisonError};

use serde_json::Value;
use tracing::level_filters::LevelFilter;

use crate::world::World;
use crate::world::answer::Answer;
use crate::world::troubled_store::Trouble;

/// What all tests of this program log.
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Begins to keep the log, as the server writes it by default. Spans of other threads need the subscriber of all.
pub(crate) fn keep_log() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_max_level(LevelFilter::INFO)
            .with_writer(|| Log)
            .init();
    });
}

/// All that was logged so far.
pub(crate) fn logged() -> String {
    String::from_utf8(LOG.lock().unwrap_or_else(PoisonError::into_inner).clone()).unwrap()
}

/// The messages of all lines that name the request that was answered.
fn logged_for(answer: &Answer) -> Vec<String> {
    let request_id = answer.header("x-request-id").unwrap();
    let log = logged();
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let names = |line: &Value| line["request.id"] == request_id || line["span"]["request.id"] == request_id;
    lines.filter(names).map(|line| line["message"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn every_line_about_a_request_has_its_id() {
    keep_log();
    let world = World::new().await;
    // Ids begin with the time: those of requests of other tests are different ones.
    world.advance(7_777);
    let app = world.lone_app("Acme").await;
    let operator = world.token(&world.operator).await;
    assert_eq!(logged_for(&world.ask_token(&app, "").await), ["request"]);

    world.store.set(Trouble::Broken);
    world.outlast_lease();
    let token = world.ask_token(&app, "").await;
    assert_eq!((token.status, logged_for(&token)), (500, texts(&["reading into memory failed", "request"])));
    let call = world.call(&operator, "GET", "/api/v1/apps", None).await;
    assert_eq!((call.status, logged_for(&call)), (500, texts(&["request failed", "request"])));
    world.store.set(Trouble::Panic);
    let call = world.call(&operator, "GET", "/api/v1/apps", None).await;
    let expected = texts(&["a use case panicked or was cancelled", "request"]);
    assert_eq!((call.status, logged_for(&call)), (500, expected));
}

fn texts(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|&line| line.to_owned()).collect()
}
