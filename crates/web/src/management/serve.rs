//! What happens to every request of the management API before its handler: method, token, query, key.

use actix_web::dev::Payload;
use actix_web::{HttpRequest, HttpResponse};
use turnkeep_protocol::problem::FieldError;

use crate::error::api_error::ApiError;
use crate::management::call::ManagementCall;
use crate::management::idempotency::answer_once;
use crate::management::operation::{Operation, Verb};
use crate::management::query_parameter::Values;

/// Answers a request for a path that has these operations.
pub(crate) async fn serve(
    operations: &[Operation],
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let operation = operations
        .iter()
        .find(|operation| operation.answers_method(request.method()))
        .ok_or_else(|| ApiError::MethodNotAllowed(allowed(operations)))?;
    let mut call =
        ManagementCall::authenticate(request, payload, operation.priority, operation.callers).await?;
    check_query(operation, &call)?;
    if operation.verb != Verb::Get && !operation.if_match {
        call.refuse_if_match()?;
    }
    call.allow_operators_body(operation.max_body_bytes);
    if operation.verb != Verb::Get && operation.body.is_none() {
        call.refuse_body().await?;
    }
    match operation.verb {
        Verb::Post => answer_once(operation, call).await,
        Verb::Get | Verb::Put | Verb::Patch | Verb::Delete => operation.handle(call).await,
    }
}

/// The `Allow` of a path (RFC 9110 §10.2.1).
pub(crate) fn allowed(operations: &[Operation]) -> String {
    let mut verbs: Vec<Verb> = operations.iter().map(|operation| operation.verb).collect();
    verbs.sort_unstable();
    let mut names = Vec::new();
    for verb in verbs {
        names.push(verb.as_str());
        if verb == Verb::Get {
            names.push("HEAD");
        }
    }
    names.join(", ")
}

fn check_query(operation: &Operation, call: &ManagementCall) -> Result<(), ApiError> {
    let known = |name: &str| operation.query.iter().any(|parameter| parameter.name == name);
    let refused = call.query().refused(known);
    let mut errors: Vec<FieldError> =
        refused.into_iter().map(|(name, error)| FieldError::new(name, &error)).collect();
    for parameter in &operation.query {
        let value = call.query().value(parameter.name);
        if let (Values::OneOf(names), Some(value)) = (parameter.values, value)
            && !names.contains(&value)
        {
            errors.push(FieldError::new(parameter.name, &"is none of the possible values"));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(ApiError::InvalidFields(errors)) }
}
