//! Sends what is measured, over one connection.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::http::{Answer, Connection, Request};

/// A connection with the operator's token.
pub(super) struct Probe {
    connection: Connection,
    token: String,
}

impl Probe {
    pub(super) fn new(address: SocketAddr, token: &str) -> Self {
        Self { connection: Connection::new(address), token: token.to_owned() }
    }

    /// An answer that is not 200 is an error: it would be measured as a fast one.
    pub(super) fn ask(&mut self, path: &str) -> anyhow::Result<Answer> {
        let headers = vec![("Authorization", format!("Bearer {}", self.token))];
        let request = Request { method: "GET", path: path.to_owned(), headers, ..Request::default() };
        let answer = self.connection.send(&request)?;
        ensure!(answer.status == 200, "answered {}", answer.status);
        Ok(answer)
    }

    /// A page of a list: its items, and the cursor of the next one.
    pub(super) fn page(&mut self, path: &str) -> anyhow::Result<(Vec<Value>, Option<String>)> {
        let page = self.ask(path).with_context(|| path.to_owned())?.json()?;
        let items = page.get("items").and_then(Value::as_array).context("a list has no items")?.clone();
        Ok((items, page.get("next").and_then(Value::as_str).map(str::to_owned)))
    }
}
