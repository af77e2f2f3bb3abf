//! A client of the management API, as far as tasks need one.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::http::{self, Answer, Connection, Request};

/// Of an app.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
}

impl Credentials {
    /// From a JSON object with both.
    pub(crate) fn read(record: &Value) -> anyhow::Result<Self> {
        Ok(Self { client_id: text(record, "client_id")?, client_secret: text(record, "client_secret")? })
    }
}

/// A connection with a token.
pub(crate) struct Api {
    connection: Connection,
    token: String,
}

impl Api {
    pub(crate) fn with_token(address: SocketAddr, token: &str) -> Self {
        Self { connection: Connection::new(address), token: token.to_owned() }
    }

    /// Paths are those behind `/api/v1`. An error says that there was no complete answer.
    pub(crate) fn call(
        &mut self,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Answer> {
        let mut headers = vec![("Authorization", format!("Bearer {}", self.token))];
        if body.is_some() {
            headers.push(("Content-Type", "application/json".to_owned()));
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        let path = format!("/api/v1{path}");
        self.connection.send(&Request { method, path, headers, body })
    }

    /// A call that must succeed. `null` if there is no body.
    pub(crate) fn done(
        &mut self,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Value> {
        let answer = self.call(method, path, body).with_context(|| format!("{method} {path}"))?;
        ensure!(answer.is_success(), "{method} {path} answered {}: {}", answer.status, answer.body);
        if answer.body.is_empty() { Ok(Value::Null) } else { answer.json() }
    }

    pub(crate) fn get(&mut self, path: &str) -> anyhow::Result<Value> {
        self.done("GET", path, None)
    }

    /// A record that may be absent.
    pub(crate) fn find(&mut self, path: &str) -> anyhow::Result<Option<Value>> {
        let answer = self.call("GET", path, None)?;
        match answer.status {
            404 => Ok(None),
            200 => Ok(Some(answer.json()?)),
            status => anyhow::bail!("GET {path} answered {status}: {}", answer.body),
        }
    }

    pub(crate) fn create(&mut self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.done("POST", path, Some(body))
    }

    /// An action without a body.
    pub(crate) fn act(&mut self, path: &str) -> anyhow::Result<Value> {
        self.done("POST", path, None)
    }

    /// All items of a list, page after page. `query` may be empty.
    pub(crate) fn list(&mut self, path: &str, query: &str) -> anyhow::Result<Vec<Value>> {
        let mut items = Vec::new();
        let mut after = String::new();
        loop {
            let separator = if query.is_empty() { "" } else { "&" };
            let page = self.get(&format!("{path}?{query}{separator}limit=100{after}"))?;
            let found = page.get("items").and_then(Value::as_array).context("a list has no items")?;
            items.extend(found.iter().cloned());
            match page.get("next").and_then(Value::as_str) {
                Some(next) => after = format!("&after={next}"),
                None => return Ok(items),
            }
        }
    }
}

/// A token by client credentials.
pub(crate) fn fetch_token(address: SocketAddr, credentials: &Credentials) -> anyhow::Result<String> {
    let Credentials { client_id, client_secret } = credentials;
    // Neither has a character that a form escapes.
    let form = format!("grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}");
    let answer = http::post_form(address, "/connect/token", &form)?;
    ensure!(answer.status == 200, "the token endpoint answered {}: {}", answer.status, answer.body);
    text(&answer.json()?, "access_token")
}

/// A text field of a record.
pub(crate) fn text(record: &Value, field: &str) -> anyhow::Result<String> {
    let found = record.get(field).and_then(Value::as_str);
    found.map(str::to_owned).with_context(|| format!("a record has no `{field}`"))
}
