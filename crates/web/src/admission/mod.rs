//! Whether there is room for a request: limits first on the address it comes from, then, once its client has
//! authenticated, on the client and its tenant, and on what this node can do at the moment.

pub(crate) mod gatekeeper;
pub(crate) mod limit_headers;
pub(crate) mod refusal;
pub(crate) mod request_admission;
pub(crate) mod worker_queue;
