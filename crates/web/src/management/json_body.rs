//! Reading JSON bodies: bounded, strict about their members, and never echoing what was sent.

use actix_web::dev::Payload;
use actix_web::web::{self, Bytes};
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use turnkeep_protocol::problem::FieldError;
use turnkeep_protocol::strict_json::fault::{Fault, FaultKind};
use turnkeep_protocol::strict_json::read::{StrictJsonError, read_json};

use crate::body::{BodyError, has_content_type, read_body};
use crate::error::api_error::ApiError;

/// 256 KiB.
pub(super) const MAX_BODY_BYTES: usize = 256 * 1024;

/// How much of a member's name is repeated in an answer.
const MAX_PATH_CHARACTERS: usize = 100;

/// What is to blame when the body as a whole is no object.
const BODY: &str = "body";

/// The types that are read as JSON; the second is what a PATCH is (RFC 7396).
const CONTENT_TYPES: [&str; 2] = ["application/json", "application/merge-patch+json"];

/// Refuses what does not say that it is JSON.
pub(super) fn check_content_type(request: &HttpRequest) -> Result<(), ApiError> {
    if has_content_type(request, &CONTENT_TYPES) { Ok(()) } else { Err(ApiError::UnsupportedMediaType) }
}

/// Reads the body of a request, which has at most so many bytes.
pub(super) async fn read_json_body(
    request: &HttpRequest,
    mut payload: Payload,
    max_bytes: usize,
) -> Result<Bytes, ApiError> {
    let payload = web::Payload::from_request(request, &mut payload).await.map_err(|_| ApiError::Internal)?;
    read_body(request, payload, max_bytes).await.map_err(|error| match error {
        BodyError::TooLarge => ApiError::BodyTooLarge,
        BodyError::TimedOut => ApiError::BodyTimedOut,
        BodyError::Incomplete => ApiError::MalformedRequest("the body did not arrive"),
    })
}

/// Makes what it has to be of a body.
pub(super) fn parse_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    read_json(body).map_err(|error| match error {
        StrictJsonError::NotJson(_) => ApiError::MalformedRequest("the body is not JSON"),
        StrictJsonError::Faults(faults) => ApiError::InvalidFields(faults.iter().map(explain).collect()),
    })
}

/// Says what is wrong in words of our own: the parser's may repeat what was sent.
fn explain(fault: &Fault) -> FieldError {
    let message = match fault.kind {
        FaultKind::Missing => "is required",
        FaultKind::Repeated => "is given twice",
        FaultKind::Unknown => "is not a field that can be set here",
        FaultKind::NoSuchVariant => "is none of the possible values",
        FaultKind::WrongType => "has a value of the wrong type",
    };
    let path: String = fault.path.dotted().chars().take(MAX_PATH_CHARACTERS).collect();
    FieldError::new(if path.is_empty() { BODY.to_owned() } else { path }, &message)
}

#[cfg(test)]
mod tests {
    use turnkeep_protocol::management::app::CreateAppRequest;

    use super::*;

    fn error_of(body: &str) -> ApiError {
        parse_json::<CreateAppRequest>(body.as_bytes()).unwrap_err()
    }

    fn field(field: &str, message: &str) -> ApiError {
        ApiError::InvalidFields(vec![FieldError::new(field, &message)])
    }

    #[test]
    fn a_wrong_member_is_named() {
        for (body, expected) in [
            (r#"{"region":"eu"}"#, field("name", "is required")),
            (r#"["a","eu"]"#, field("body", "has a value of the wrong type")),
            ("7", field("body", "has a value of the wrong type")),
            (
                r#"{"name":"a","region":"eu","secret_hash":"x"}"#,
                field("secret_hash", "is not a field that can be set here"),
            ),
            (r#"{"name":5,"region":"eu"}"#, field("name", "has a value of the wrong type")),
            (
                r#"{"name":"a","region":"eu","client_type":"secret sauce"}"#,
                field("client_type", "is none of the possible values"),
            ),
            (
                r#"{"name":"a","region":"eu","service_access":{"user_id":"x"}}"#,
                field("service_access.as", "is required"),
            ),
            (r#"{"name":"a","name":"b","region":"eu"}"#, field("name", "is given twice")),
            (
                r#"{"name":"a","region":"eu","client_type":true}"#,
                field("client_type", "has a value of the wrong type"),
            ),
            (
                r#"{"name":"a","region":"eu","reference_tokens":["none"]}"#,
                field("reference_tokens", "has a value of the wrong type"),
            ),
            (
                r#"{"name":"a","region":"eu","login_redirect_uris":["x",7]}"#,
                field("login_redirect_uris.1", "has a value of the wrong type"),
            ),
        ] {
            assert_eq!(error_of(body), expected, "{body}");
        }
    }

    #[test]
    fn all_wrong_members_are_named_at_once() {
        let error = error_of(r#"{"name":5,"foo":1,"sign_in":[true,false],"bar":2}"#);
        let wrong = |name| FieldError::new(name, &"has a value of the wrong type");
        let unknown = |name| FieldError::new(name, &"is not a field that can be set here");
        let missing = FieldError::new("region", &"is required");
        let expected = vec![wrong("name"), unknown("foo"), wrong("sign_in"), unknown("bar"), missing];
        assert_eq!(error, ApiError::InvalidFields(expected));
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let deep_member = format!(r#"{{"name":"a","region":"eu","scopes":{deep}}}"#);
        for body in ["", "{", "nonsense", r#"{"name":"a","region":"eu"} x"#, "\u{feff}{}"] {
            assert_eq!(error_of(body), ApiError::MalformedRequest("the body is not JSON"), "{body}");
        }
        for body in [deep, deep_member] {
            assert!(matches!(error_of(&body), ApiError::MalformedRequest(_) | ApiError::InvalidFields(_)));
        }
    }
}
