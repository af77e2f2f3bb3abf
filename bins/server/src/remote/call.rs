//! One call of the management API, ready to be sent, and its answer.

use std::fmt::Display;

use reqwest::{Method, StatusCode};
use serde_json::Value;
use turnkeep_embed::system::SystemRandom;
use turnkeep_secret::random::random_bytes;

use crate::remote::outcome::{Problem, RemoteError, RemoteResult};
use crate::remote::table::printable;

/// What the collections of the API have in them.
const KINDS: [(&str, &str); 16] = [
    ("apps", "app"),
    ("audit-events", "event"),
    ("databases", "database"),
    ("instances", "instance"),
    ("invitations", "invitation"),
    ("members", "member"),
    ("operators", "operator"),
    ("plans", "plan"),
    ("regions", "region"),
    ("resources", "resource"),
    ("scopes", "scope"),
    ("secrets", "secret"),
    ("servers", "resource server"),
    ("tenants", "tenant"),
    ("tokens", "token"),
    ("users", "user"),
];

/// A request to the API, below `/api/v1`.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(super) method: Method,
    pub(super) path: Vec<String>,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<String>,
    /// Sent as `If-Match`.
    pub(super) if_version: Option<u64>,
    /// Sent as `Idempotency-Key`, so that the request can be sent again without being done twice.
    pub(super) idempotency_key: Option<String>,
}

impl Call {
    fn new(method: Method, path: &[&dyn Display]) -> Self {
        let path = path.iter().map(ToString::to_string).collect();
        Self { method, path, query: Vec::new(), body: None, if_version: None, idempotency_key: None }
    }

    /// `GET`.
    pub(crate) fn get(path: &[&dyn Display]) -> Self {
        Self::new(Method::GET, path)
    }

    /// `POST`, with a key of its own.
    pub(crate) fn post(path: &[&dyn Display]) -> Self {
        let key = format!("{:032x}", u128::from_be_bytes(random_bytes(&SystemRandom)));
        Self { idempotency_key: Some(key), ..Self::new(Method::POST, path) }
    }

    /// `PUT`.
    pub(crate) fn put(path: &[&dyn Display]) -> Self {
        Self::new(Method::PUT, path)
    }

    /// `PATCH`.
    pub(crate) fn patch(path: &[&dyn Display]) -> Self {
        Self::new(Method::PATCH, path)
    }

    /// `DELETE`.
    pub(crate) fn delete(path: &[&dyn Display]) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// With a JSON body.
    pub(crate) fn body(self, body: &Value) -> Self {
        Self { body: Some(body.to_string()), ..self }
    }

    /// With a query parameter, if there is a value for it.
    pub(crate) fn query<T: ToString>(mut self, name: &'static str, value: Option<T>) -> Self {
        self.query.extend(value.map(|value| (name, value.to_string())));
        self
    }

    /// Only if the record still has this version.
    pub(crate) fn if_version(self, version: Option<u64>) -> Self {
        Self { if_version: version, ..self }
    }

    /// What it is about, in words: `secret sec_… of app app_…`; `None` for what has no id, such as a list.
    pub(crate) fn subject(&self) -> Option<String> {
        let named = self.path.iter().zip(self.path.iter().skip(1)).filter_map(|(collection, id)| {
            let (_, kind) = KINDS.iter().find(|(name, _)| name == collection)?;
            // Ids have a prefix; the actions that stand in their place have none.
            (id.contains('_') || collection == "scopes").then(|| format!("{kind} {}", printable(id)))
        });
        let mut named: Vec<String> = named.collect();
        if self.path.iter().any(|part| part == "storage") {
            named.push("storage settings".to_owned());
        }
        named.reverse();
        (!named.is_empty()).then(|| named.join(" of "))
    }

    /// Whether sending it twice does nothing more than sending it once.
    pub(super) fn can_be_repeated(&self) -> bool {
        self.method == Method::GET || self.idempotency_key.is_some()
    }
}

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(super) status: StatusCode,
    /// Seconds of `Retry-After`.
    pub(super) retry_after: Option<u64>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// The answer if it is a success, and else its problem.
    pub(super) fn succeeded(self) -> RemoteResult<Self> {
        if self.status.is_success() {
            return Ok(self);
        }
        Err(RemoteError::Problem(Box::new(Problem::read(self.status, &self.body))))
    }

    /// The body as it came. Empty for 204.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body, understood.
    pub(crate) fn json(&self) -> RemoteResult<Value> {
        serde_json::from_slice(&self.body).map_err(|_| {
            RemoteError::Unexpected("the answer is not JSON: is this a turnkeep server?".to_owned())
        })
    }
}
