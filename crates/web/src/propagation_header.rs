//! What a change waited for, in the answer to the request that made it.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpMessage, HttpRequest};
use turnkeep_service::cluster::propagation::Propagation;

const TURNKEEP_APPLIED: HeaderName = HeaderName::from_static("turnkeep-applied");

/// Keeps it until there is an answer. The last change of a request knows of all before it.
pub(crate) fn note_propagation(request: &HttpRequest, propagation: Option<Propagation>) {
    if let Some(propagation) = propagation {
        request.extensions_mut().insert(propagation);
    }
}

/// A dictionary (RFC 9651 §3.2): the change, how many other nodes had to apply it, how many did not in time, and how
/// many milliseconds that took.
pub(crate) fn tell_propagation(request: &HttpRequest, headers: &mut HeaderMap) {
    let Some(Propagation { sequence, nodes, fenced, waited }) =
        request.extensions().get::<Propagation>().copied()
    else {
        return;
    };
    let (sequence, waited) = (sequence.as_number(), waited.as_millis());
    let text = format!("sequence={sequence}, nodes={nodes}, fenced={fenced}, waited={waited}");
    if let Ok(value) = HeaderValue::try_from(text) {
        headers.insert(TURNKEEP_APPLIED, value);
    }
}
