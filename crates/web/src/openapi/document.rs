//! The OpenAPI 3.1 document, made of the operations that the routes are made of.

use serde_json::{Map, Value, json};

use crate::management::operations;
use crate::openapi::operation_item::{Parts, operation_item};
use crate::openapi::schemas::Schemas;

const DESCRIPTION: &str = "Turnkeep's registry of instances, tenants, apps, plans and regions.\n\n\
    Every request carries a bearer token of this same server for the audience `turnkeep.management`. Bodies are \
    JSON; an unknown field or query parameter is refused by name. In a `PATCH` an absent field stays as it is and \
    `null` clears it. Records that have a `version` come with it as `ETag`; sent back as `If-Match` it makes a \
    change fail with 412 if somebody else was faster. Where there is no version, an `If-Match` other than `*` is \
    refused with 422. A `POST` with an `Idempotency-Key` can be sent again: it is carried out once and \
    answered the same for 24 hours to whoever may still send it. Errors are problem documents (RFC 9457) with a stable `code`. Another tenant's \
    record is 404, exactly like one that does not exist.";

/// The document of a server with this base URL (without a slash at its end).
pub fn openapi_document(base_url: &str) -> Value {
    let mut parts = Parts { schemas: Schemas::new(), responses: Map::new() };
    let (mut paths, mut tags) = (Map::new(), Vec::new());
    for chapter in operations::chapters() {
        tags.push(json!({"name": chapter.title, "description": chapter.description}));
        for operation in &chapter.operations {
            let item = operation_item(operation, chapter.title, &mut parts);
            let path = paths.entry(operation.path).or_insert_with(|| json!({}));
            path[operation.verb.as_str().to_ascii_lowercase()] = item;
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Turnkeep management API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"}
        },
        "servers": [
            {"url": format!("{base_url}/api/v1"), "description": "The default instance"},
            {
                "url": format!("{base_url}/i/{{slug}}/api/v1"),
                "description": "Any other instance",
                "variables": {"slug": {"default": "acme", "description": "The instance's slug"}}
            }
        ],
        "security": [{"bearer": []}],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": parts.schemas.finish(),
            "responses": parts.responses,
            "securitySchemes": {"bearer": {
                "type": "http", "scheme": "bearer",
                "description": "An access token for the audience `turnkeep.management` (RFC 6750)."
            }},
            "parameters": parameters(),
            "headers": headers()
        }
    })
}

fn parameters() -> Value {
    json!({
        "IfMatch": {
            "name": "If-Match", "in": "header",
            "description": "The `ETag` of the version to change (of a secret: that of its app), or `*` for any.",
            "schema": {"type": "string"}
        },
        "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header",
            "description": "Names this request: sent again within 24 hours it is answered, not carried out, again.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
        }
    })
}

fn headers() -> Value {
    json!({
        "RequestId": {
            "required": true, "description": "The request's id, as in the logs.",
            "schema": {"type": "string", "pattern": "^req_[0-7][0-9a-hjkmnp-tv-z]{25}$"}
        },
        "RecordTag": {
            "required": true, "description": "The version of the record, for `If-Match`.",
            "schema": {"type": "string", "pattern": "^\"[0-9]+\"$"}
        },
        "NewLocation": {
            "required": true, "description": "Where it is now.", "schema": {"type": "string", "format": "uri"}
        },
        "IdempotencyReplayed": {
            "description": "`true` if this is the answer to an earlier request with the same key.",
            "schema": {"type": "string", "enum": ["true"]}
        },
        "TurnkeepApplied": {
            "description": "There if the request changed something: the change's place in the order of all changes, \
                how many other nodes had to apply it before this answer, how many of them did not follow so that \
                their leases were waited out, and how many milliseconds that took.",
            "schema": {
                "type": "string",
                "pattern": "^sequence=[0-9]+, nodes=[0-9]+, fenced=[0-9]+, waited=[0-9]+$"
            }
        },
        "Challenge": {
            "required": true, "description": "What is wrong with the token (RFC 6750 §3).",
            "schema": {"type": "string"}
        },
        "RetryAfter": {
            "required": true, "description": "Seconds to wait.",
            "schema": {"type": "string", "pattern": "^[0-9]+$"}
        }
    })
}
