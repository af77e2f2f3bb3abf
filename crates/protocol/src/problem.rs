//! Error answers of the management API (RFC 9457).

use std::fmt;

use serde::{Deserialize, Serialize};

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct FieldError {
    /// The field, with a dot between levels and indices as numbers: `allowed_domains.1`.
    pub field: String,
    /// The rule it breaks; never what was sent, but for the well-formed name of what is to blame.
    pub message: String,
}

impl FieldError {
    /// From a field and any message.
    pub fn new(field: impl Into<String>, message: &dyn fmt::Display) -> Self {
        Self { field: field.into(), message: message.to_string() }
    }
}

/// The body of an error answer, `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Problem {
    /// `urn:turnkeep:problem:` and the code, or what the registry of problem types has for it.
    #[serde(rename = "type")]
    pub problem_type: String,
    /// What kind of problem, always the same for one code.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// What is wrong in this case, if there is more to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The request's id, as in the logs.
    pub instance: String,
    /// Stable code for programs.
    pub code: String,
    /// What is wrong with which field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The names of the limits that are used up, as in `RateLimit-Policy`.
    #[serde(default, rename = "violated-policies", skip_serializing_if = "Vec::is_empty")]
    pub violated_policies: Vec<String>,
}

/// The code of a request over a limit (draft-ietf-httpapi-ratelimit-headers-10, section "Quota Exceeded").
pub const QUOTA_EXCEEDED: &str = "quota_exceeded";

/// The code of a request that there is no room for at the moment (the same draft, "Temporary Reduced Capacity").
pub const TEMPORARY_REDUCED_CAPACITY: &str = "temporary_reduced_capacity";

fn type_of(code: &str) -> String {
    match code {
        QUOTA_EXCEEDED => "https://iana.org/assignments/http-problem-types#quota-exceeded".to_owned(),
        TEMPORARY_REDUCED_CAPACITY => {
            "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity".to_owned()
        }
        _ => format!("urn:turnkeep:problem:{code}"),
    }
}

impl Problem {
    /// A problem without detail and field errors.
    pub fn new(code: &str, title: &str, status: u16, instance: String) -> Self {
        Self {
            problem_type: type_of(code),
            title: title.to_owned(),
            status,
            detail: None,
            instance,
            code: code.to_owned(),
            errors: Vec::new(),
            violated_policies: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_have_types_that_every_client_can_know() {
        for (code, fragment) in
            [(QUOTA_EXCEEDED, "quota-exceeded"), (TEMPORARY_REDUCED_CAPACITY, "temporary-reduced-capacity")]
        {
            let problem = Problem::new(code, "Too Many Requests", 429, String::new());
            let expected = format!("https://iana.org/assignments/http-problem-types#{fragment}");
            assert_eq!(problem.problem_type, expected);
        }
    }

    #[test]
    fn the_body_has_the_members_of_the_rfc() {
        let mut problem = Problem::new("invalid_fields", "Fields are not valid", 422, "req_1".to_owned());
        problem.errors.push(FieldError::new("name", &"must not be empty"));
        assert_eq!(
            serde_json::to_value(problem).unwrap(),
            serde_json::json!({
                "type": "urn:turnkeep:problem:invalid_fields", "title": "Fields are not valid", "status": 422,
                "instance": "req_1", "code": "invalid_fields",
                "errors": [{"field": "name", "message": "must not be empty"}]
            })
        );
    }
}
