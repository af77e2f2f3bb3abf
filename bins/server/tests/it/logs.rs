//! What is logged: one line for each line, an id for each request, and nothing secret.

use serde_json::Value;
use tempfile::tempdir;

use crate::observed::{Collector, Observed, contains, json};
use crate::wire::Client;

/// Texts that have broken logs and whoever reads them: control and formatting characters, ends of lines, pieces of JSON
/// and of log lines, lookups, markup.
const HOSTILE: [&str; 10] = [
    "%0d%0aINFO forged=1",
    "%1b[2J%1b[31m",
    "%e2%80%ae%e2%80%8b",
    "\",\"level\":\"ERROR\",\"x\":\"",
    "${jndi:ldap://example.com/a}",
    "%00%ff%fe",
    "{{7*7}}%n%s",
    "<script>alert(1)</script>",
    "'; DROP TABLE apps; --",
    "\\u0000\\n\\\"",
];

/// As the target of a request may have it: what is not allowed there is escaped.
fn target(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            ' ' | '"' | '<' | '>' | '\\' | '{' | '}' | '|' | '^' | '`' => format!("%{:02X}", u32::from(c)),
            _ => c.to_string(),
        })
        .collect()
}

#[test]
fn every_line_is_one_json_object_whatever_a_client_sends() {
    let folder = tempdir().unwrap();
    let settings = [("LOG", "info,turnkeep::request=debug"), ("LOG_FORMAT", "json")];
    let observed = Observed::start(folder.path(), &settings);
    for text in HOSTILE {
        let target = target(text);
        let headers = format!(
            "User-Agent: {text}\r\nX-Request-Id: {text}\r\nX-Forwarded-For: {text}\r\ntraceparent: {text}\r\n"
        );
        observed.ask("GET", &format!("/{target}?{target}={target}"), &headers, "");
        observed.ask("POST", "/connect/token", &headers, &format!("grant_type={text}&client_id={text}"));
        observed.ask_token(&headers);
    }
    let log = observed.stop();
    let lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
    let access: Vec<&Value> = lines.iter().filter(|line| line["target"] == "turnkeep::access").collect();
    assert_eq!(access.len(), 3 * HOSTILE.len());
    for line in access {
        assert!(line["request.id"].as_str().unwrap().starts_with("req_"), "{line}");
        assert_eq!((&line["message"], &line["level"]), (&Value::from("request"), &Value::from("INFO")));
        assert_eq!((&line["forged"], &line["x"]), (&Value::Null, &Value::Null));
    }
    let raw = |c: char| c != '\n' && (c.is_control() || ('\u{200b}'..='\u{202e}').contains(&c));
    assert!(!log.contains(raw), "{log}");
}

#[test]
fn no_secret_is_logged_traced_or_counted_at_any_level() {
    let (folder, collector) = (tempdir().unwrap(), Collector::start());
    let settings = [("LOG", "trace"), ("LOG_FORMAT", "json"), ("OTLP_ENDPOINT", collector.url.as_str())];
    let observed = Observed::start(folder.path(), &settings);
    let demo = &observed.demo;
    let mut secrets = vec![demo.text("/app/client_secret"), demo.text("/operator/client_secret")];
    let master_key = std::fs::read_to_string(folder.path().join("data/master.key")).unwrap();
    secrets.push(master_key.trim().to_owned());

    // By header and by body, right and wrong.
    let answer = observed.ask_token("");
    let token = json(&answer)["access_token"].as_str().unwrap().to_owned();
    let (app, operator) = (Client::of(demo, "app"), Client::of(demo, "operator"));
    let granted = operator.request_token();
    let bearer = granted.body["access_token"].as_str().unwrap().to_owned();
    app.request_token();
    app.with_secret("canary-wrong-secret").request_token();
    secrets.extend([token.clone(), bearer.clone(), "canary-".to_owned()]);
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let basic = observed.basic();
    secrets.push(basic.trim().rsplit(' ').next().unwrap().to_owned());
    for path in ["/connect/introspect", "/connect/revoke"] {
        observed.ask("POST", path, &format!("{basic}{form}"), &format!("token={token}"));
        observed.ask("POST", path, &format!("{basic}{form}"), "token=canary-token");
    }
    // New ones, and some where they do not belong.
    let authorization = format!("Authorization: Bearer {bearer}\r\n");
    let with_json = format!("{authorization}Content-Type: application/json\r\n");
    let apps = observed.ask("GET", "/api/v1/apps", &authorization, "");
    let listed = json(&apps);
    let app_id = listed["items"][0]["id"].as_str().unwrap();
    let secrets_of_app = format!("/api/v1/apps/{app_id}/secrets");
    let added = observed.ask("POST", &secrets_of_app, &with_json, "{\"overlap_seconds\": 60}");
    secrets.push(json(&added)["client_secret"].as_str().unwrap_or_else(|| panic!("{added}")).to_owned());
    observed.ask("GET", "/api/v1/apps?access_token=canary-query", "", "");
    observed.ask("GET", "/connect/token?client_secret=canary-query", "Cookie: session=canary-cookie\r\n", "");
    observed.ask("POST", "/api/v1/apps", &with_json, "{\"client_secret\": \"canary-body\"");
    observed.ask("GET", "/api/v1/me", "Authorization: Bearer canary-bearer\r\n", "");

    let metrics = observed.ask("GET", "/metrics", "", "");
    let (log, traces) = (observed.stop(), collector.exported());
    assert!(log.contains("turnkeep::access") && contains(&traces, b"/connect/token"));
    for secret in secrets {
        let found = log.lines().find(|line| line.contains(&secret));
        assert_eq!(found, None, "{secret}");
        assert!(!metrics.contains(&secret), "{secret} is in the metrics");
        assert!(!contains(&traces, secret.as_bytes()), "{secret} is in the traces");
    }
}
