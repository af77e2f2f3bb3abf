//! Traces: what a collector gets, and that nobody waits for one that is gone.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use tempfile::tempdir;

use crate::observed::{Collector, Observed, contains, header, json};
use crate::process::refusal;

const TRACE_ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT_ID: &str = "00f067aa0ba902b7";

#[test]
fn a_request_is_a_span_in_its_callers_trace() {
    let (folder, collector) = (tempdir().unwrap(), Collector::start());
    let observed = Observed::start(folder.path(), &[("OTLP_ENDPOINT", &collector.url)]);
    let parent = format!("traceparent: 00-{TRACE_ID}-{PARENT_ID}-01\r\ntracestate: vendor=canary\r\n");
    let answer = observed.ask_token(&parent);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (request_id, secret) = (header(&answer, "x-request-id"), observed.demo.text("/app/client_secret"));
    let granted = json(&answer);
    let token = granted["access_token"].as_str().unwrap();
    observed.ask("GET", "/nothing?code=canary", "User-Agent: canary\r\n", "");
    observed.stop();

    let exported = collector.exported();
    let id = |hex: &str| HEXLOWER.decode(hex.as_bytes()).unwrap();
    for (wanted, bytes) in [
        ("the service", b"turnkeep".to_vec()),
        ("the caller's trace", id(TRACE_ID)),
        ("the caller's span", id(PARENT_ID)),
        ("the route", b"turnkeep.route".to_vec()),
        ("the path", b"/connect/token".to_vec()),
        ("the request", request_id.as_bytes().to_vec()),
        ("what it read", b"load into memory".to_vec()),
        ("a request that nothing answers", b"/nothing".to_vec()),
    ] {
        assert!(contains(&exported, &bytes), "{wanted} is missing");
    }
    for secret in [secret.as_str(), token, "canary"] {
        assert!(!contains(&exported, secret.as_bytes()), "{secret} was exported");
    }
}

#[test]
fn a_caller_cannot_have_more_recorded_than_the_operator_wants() {
    let (folder, collector) = (tempdir().unwrap(), Collector::start());
    let settings = [("OTLP_ENDPOINT", collector.url.as_str()), ("OTLP_SAMPLE_RATIO", "0")];
    let observed = Observed::start(folder.path(), &settings);
    let answer = observed.ask_token(&format!("traceparent: 00-{TRACE_ID}-{PARENT_ID}-01\r\n"));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    observed.stop();
    assert_eq!(collector.exported(), b"");
}

#[test]
fn nobody_waits_for_a_collector_that_is_gone_or_does_not_answer() {
    // One takes connections and says nothing; where the other one was, nobody listens any more.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for address in [silent.local_addr().unwrap(), gone] {
        let folder = tempdir().unwrap();
        let url = format!("http://{address}");
        let observed = Observed::start(folder.path(), &[("OTLP_ENDPOINT", &url), ("RATE_LIMITS", "off")]);
        // More than fit into the queue, with three spans each.
        let begun = Instant::now();
        for _ in 0..1_000 {
            let answer = observed.ask_token("");
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
        let asked = begun.elapsed();
        observed.stop();
        let took = begun.elapsed();
        assert!(asked < Duration::from_secs(600), "{asked:?}");
        assert!(took - asked < Duration::from_secs(15), "{took:?}");
    }
}

#[test]
fn a_wrong_collector_is_named_without_its_value() {
    let folder = tempdir().unwrap();
    let config = folder.path().join("turnkeep.toml");
    for (line, expected) in [
        (
            "otlp_endpoint = \"http://me:canary@127.0.0.1:4318\"",
            "must not contain a user or password: use OTEL_EXPORTER_OTLP_HEADERS",
        ),
        (
            "otlp_endpoint = \"canary:4317\"",
            "must be the base URL of a collector, such as http://127.0.0.1:4318",
        ),
        ("otlp_sample_ratio = \"canary\"", "must be a number from 0 to 1"),
    ] {
        std::fs::write(&config, line).unwrap();
        let said = refusal(&["serve", "--config", config.to_str().unwrap()]);
        assert!(said.ends_with(expected) && !said.contains("canary"), "{said}");
    }
}
