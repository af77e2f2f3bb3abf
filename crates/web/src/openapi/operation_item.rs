//! One operation in the document: parameters, body, and every answer that it can have.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::error::problem_codes::{self, ProblemCode};
use crate::management::operation::{Operation, Verb};
use crate::openapi::schemas::{Schemas, path_parameter};

/// What every operation may answer.
const ALWAYS: [&str; 11] = [
    "malformed_request",
    "unauthenticated",
    "invalid_token",
    "insufficient_scope",
    "forbidden",
    "not_found",
    "invalid_fields",
    "quota_exceeded",
    "internal_error",
    "temporarily_unavailable",
    "temporary_reduced_capacity",
];

/// What one that reads a body may answer.
const WITH_BODY: [&str; 3] = ["body_timed_out", "body_too_large", "unsupported_media_type"];

/// What one with a key against repetition may answer.
const WITH_KEY: [&str; 3] = ["request_in_progress", "answer_lost", "idempotency_key_reused"];

/// What operations share.
pub(super) struct Parts {
    /// Schemas of bodies.
    pub(super) schemas: Schemas,
    /// Answers that several operations have.
    pub(super) responses: Map<String, Value>,
}

/// The operation as the document shows it.
pub(super) fn operation_item(operation: &Operation, chapter: &str, parts: &mut Parts) -> Value {
    let mut item = json!({
        "operationId": operation.name,
        "tags": [chapter],
        "summary": operation.summary,
        "security": [{"bearer": []}],
        "parameters": parameters(operation),
        "responses": responses(operation, parts),
    });
    if let (Some(body), Some(item)) = (operation.body, item.as_object_mut()) {
        let schema = parts.schemas.request(body.schema);
        let mut content = json!({"application/json": {"schema": schema}});
        if operation.verb == Verb::Patch {
            content = json!({
                "application/json": {"schema": schema}, "application/merge-patch+json": {"schema": schema}
            });
        }
        item.insert("requestBody".to_owned(), json!({"required": body.required, "content": content}));
    }
    item
}

/// The codes that an operation may refuse with.
pub(super) fn refusals(operation: &Operation) -> Vec<&'static ProblemCode> {
    let reads_body = operation.body.is_some() || operation.verb != Verb::Get;
    let mut codes = ALWAYS.to_vec();
    codes.extend(WITH_BODY.iter().filter(|_| reads_body));
    codes.extend(WITH_KEY.iter().filter(|_| operation.verb == Verb::Post));
    codes.extend(["stale_version"].iter().filter(|_| operation.if_match));
    codes.extend(&operation.refusals);
    codes.into_iter().filter_map(problem_codes::find).collect()
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let in_path = operation.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = in_path
        .map(|name| {
            json!({
                "name": name, "in": "path", "required": true, "schema": path_parameter(operation.path, name)
            })
        })
        .collect();
    parameters.extend(operation.query.iter().map(|parameter| {
        json!({
            "name": parameter.name, "in": "query", "description": parameter.description,
            "schema": parameter.values.schema()
        })
    }));
    if operation.if_match {
        parameters.push(json!({"$ref": "#/components/parameters/IfMatch"}));
    }
    if operation.verb == Verb::Post {
        parameters.push(json!({"$ref": "#/components/parameters/IdempotencyKey"}));
    }
    parameters
}

fn responses(operation: &Operation, parts: &mut Parts) -> Map<String, Value> {
    let mut responses = Map::new();
    let success = &operation.success;
    let statuses = [Some(success.status), success.may_create.then_some(StatusCode::CREATED)];
    for status in statuses.into_iter().flatten() {
        let response = success_response(operation, status, &mut parts.schemas);
        responses.insert(status.as_str().to_owned(), response);
    }
    let mut by_status: BTreeMap<u16, Vec<&ProblemCode>> = BTreeMap::new();
    for problem in refusals(operation) {
        by_status.entry(problem.status).or_default().push(problem);
    }
    for (status, problems) in by_status {
        responses.insert(status.to_string(), shared_response(status, &problems, &mut parts.responses));
    }
    responses
}

fn success_response(operation: &Operation, status: StatusCode, schemas: &mut Schemas) -> Value {
    let success = &operation.success;
    let all = [
        ("X-Request-Id", "RequestId", true),
        ("ETag", "RecordTag", success.has_tag),
        ("Location", "NewLocation", success.has_location),
        ("Idempotency-Replayed", "IdempotencyReplayed", operation.verb == Verb::Post),
        ("Turnkeep-Applied", "TurnkeepApplied", operation.verb != Verb::Get),
    ];
    let headers: Vec<_> = all
        .into_iter()
        .filter(|(_, _, wanted)| *wanted)
        .map(|(name, component, _)| (name, component))
        .collect();
    let description = match status.as_u16() {
        201 => "Created.",
        204 => "Done; there is nothing to show.",
        _ => "Done.",
    };
    let headers = references(&headers);
    match success.schema {
        Some(source) => json!({
            "description": description, "headers": headers,
            "content": {success.media_type: {"schema": schemas.response(source)}}
        }),
        None => json!({"description": description, "headers": headers}),
    }
}

/// Headers by their names, each described once for all.
fn references(headers: &[(&str, &str)]) -> Map<String, Value> {
    let reference = |component: &str| json!({"$ref": format!("#/components/headers/{component}")});
    headers.iter().map(|(name, component)| ((*name).to_owned(), reference(component))).collect()
}

/// Answers with few codes are the same for many operations: they are described once.
fn shared_response(status: u16, problems: &[&ProblemCode], shared: &mut Map<String, Value>) -> Value {
    const FEW: usize = 3;
    if FEW < problems.len() {
        return problem_response(status, problems);
    }
    let names: Vec<String> = problems.iter().map(|problem| type_name(problem.code)).collect();
    let name = names.join("Or");
    let reference = json!({"$ref": format!("#/components/responses/{name}")});
    shared.entry(name).or_insert_with(|| problem_response(status, problems));
    reference
}

/// `stale_version` as `StaleVersion`.
fn type_name(code: &str) -> String {
    let capitalised = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    code.split('_').map(capitalised).collect()
}

fn problem_response(status: u16, problems: &[&ProblemCode]) -> Value {
    let mut headers = vec![("X-Request-Id", "RequestId")];
    match status {
        401 => headers.push(("WWW-Authenticate", "Challenge")),
        503 => headers.push(("Retry-After", "RetryAfter")),
        _ => {}
    }
    let meanings: Vec<String> =
        problems.iter().map(|problem| format!("`{}`: {}.", problem.code, problem.meaning)).collect();
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    json!({
        "description": meanings.join("\n\n"),
        "headers": references(&headers),
        "content": {"application/problem+json": {"schema": {
            "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"code": {"enum": codes}, "status": {"const": status}}}
            ]
        }}}
    })
}
