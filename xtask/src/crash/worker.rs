//! A client that changes its records as fast as it gets answers, until it gets none.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, bail};
use serde_json::Value;

use super::holdings::Holdings;
use super::operation::Operation;
use crate::http::Answer;
use crate::management::Api;

/// What a worker leaves behind.
pub(super) struct Shift {
    pub(super) holdings: Holdings,
    /// The ids of the requests that were acknowledged, each with what it did.
    pub(super) acknowledged: Vec<(String, Operation)>,
    /// The one that was not: it may have happened or not.
    pub(super) in_doubt: Option<Operation>,
}

impl Shift {
    /// Works until the server does not answer any more, or not with a success, or until it is over.
    ///
    /// An error says that the server refused what it had to accept.
    pub(super) fn work(
        holdings: Holdings,
        address: SocketAddr,
        token: &str,
        over: &AtomicBool,
    ) -> anyhow::Result<Self> {
        let mut api = Api::with_token(address, token);
        let mut shift = Self { holdings, acknowledged: Vec::new(), in_doubt: None };
        while shift.in_doubt.is_none() && !over.load(Ordering::Relaxed) {
            let operation = shift.holdings.next_operation();
            if let Some(id) = operation.concerns() {
                shift.holdings.record(id)?.touched = true;
            }
            let answered = api.call(operation.method, &operation.path, operation.body.as_ref());
            match answered {
                Ok(answer) if answer.is_success() => shift.note(operation, &answer)?,
                Ok(answer) if answer.status < 500 => {
                    bail!("{} answered {}: {}", operation.describe(), answer.status, answer.body)
                }
                // A server that has lost its database cannot know what became of the commit.
                Ok(_) | Err(_) => shift.in_doubt = Some(operation),
            }
        }
        Ok(shift)
    }

    fn note(&mut self, operation: Operation, answer: &Answer) -> anyhow::Result<()> {
        let request_id = answer.header("x-request-id").context("an answer has no X-Request-Id")?;
        let shown = if answer.body.is_empty() { Value::Null } else { answer.json()? };
        self.holdings.acknowledge(&operation, &shown)?;
        self.acknowledged.push((request_id.to_owned(), operation));
        Ok(())
    }
}
