//! Holds every answer of the management API against the OpenAPI document.

use std::sync::OnceLock;

use serde_json::Value;
use turnkeep_web::openapi::document::openapi_document;

use crate::world::answer::Answer;

/// The document.
pub(crate) fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| openapi_document("https://id.example.com"))
}

/// Fails if the document does not say that this may be the answer. Paths and methods that the API does not have
/// are not described.
pub(crate) fn assert_described(method: &str, path: &str, answer: &Answer) {
    let path = path.split('?').next().unwrap();
    let Some((_, path)) = path.split_once("/api/v1") else { return };
    let verb = if method == "HEAD" { "get".to_owned() } else { method.to_ascii_lowercase() };
    let paths = document()["paths"].as_object().unwrap();
    let Some(operation) = find(paths, path).and_then(|item| item.get(&verb)) else { return };
    let name = operation["operationId"].as_str().unwrap();
    let response = resolve(&operation["responses"][answer.status.to_string()]);
    assert!(response.is_object(), "{name} does not describe {}: {}", answer.status, answer.text());
    for (header, described) in response["headers"].as_object().unwrap() {
        let described = resolve(described);
        if described["required"] == true {
            assert!(answer.header(header).is_some(), "{name} {} has no {header}", answer.status);
        }
    }
    let Some(content) = response["content"].as_object() else {
        assert!(answer.body.is_empty(), "{name}: {}", answer.text());
        return;
    };
    let media_type = answer.header("content-type").unwrap();
    let schema = &content.get(media_type).unwrap_or_else(|| panic!("{name}: {media_type}"))["schema"];
    if method != "HEAD" && media_type.ends_with("json") {
        let wrong = check(schema, &answer.json());
        assert!(wrong.is_none(), "{name} {}: {}: {}", answer.status, wrong.unwrap(), answer.text());
    }
}

fn find<'a>(paths: &'a serde_json::Map<String, Value>, path: &str) -> Option<&'a Value> {
    let parts: Vec<_> = path.split('/').collect();
    let fits = |template: &str| {
        let template: Vec<_> = template.split('/').collect();
        let same = |(one, other): (&&str, &&str)| one.starts_with('{') || one == other;
        template.len() == parts.len() && template.iter().zip(&parts).all(same)
    };
    // A named segment wins over a parameter.
    let fitting = paths.iter().filter(|(template, _)| fits(template));
    fitting.min_by_key(|(template, _)| template.matches('{').count()).map(|(_, item)| item)
}

pub(crate) fn resolve(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => document().pointer(reference.strip_prefix('#').unwrap()).unwrap(),
        None => value,
    }
}

/// What is wrong with a value, for the part of JSON Schema that the document uses for bodies.
fn check(schema: &'static Value, value: &Value) -> Option<String> {
    let members = schema.as_object()?;
    for (keyword, rule) in members {
        let wrong = match keyword.as_str() {
            "$ref" => check(resolve(schema), value),
            "allOf" => rule.as_array().unwrap().iter().find_map(|part| check(part, value)),
            "anyOf" | "oneOf" => {
                let fits = rule.as_array().unwrap().iter().any(|part| check(part, value).is_none());
                (!fits).then(|| format!("{value} is none of {rule}"))
            }
            "const" => (rule != value).then(|| format!("{value} is not {rule}")),
            "enum" => {
                (!rule.as_array().unwrap().contains(value)).then(|| format!("{value} is not in {rule}"))
            }
            "type" => {
                let kinds = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                let fits = kinds.iter().any(|kind| is(kind.as_str().unwrap(), value));
                (!fits).then(|| format!("{value} is not {rule}"))
            }
            "minimum" => value
                .as_i64()
                .filter(|number| *number < rule.as_i64().unwrap())
                .map(|n| format!("{n} < {rule}")),
            "maxLength" => value
                .as_str()
                .filter(|text| rule.as_u64().unwrap() < u64::try_from(text.chars().count()).unwrap())
                .map(|_| "too long".to_owned()),
            "required" => rule
                .as_array()
                .unwrap()
                .iter()
                .find(|name| value.get(name.as_str().unwrap()).is_none())
                .map(|name| format!("{name} is missing")),
            "properties" => {
                value.as_object().into_iter().flatten().find_map(|(name, member)| match rule.get(name) {
                    Some(schema) => check(schema, member),
                    // Only a schema that is a record by itself has to name all of its members.
                    None if members.contains_key("required") => Some(format!("{name} is not described")),
                    None => None,
                })
            }
            "items" => value.as_array().into_iter().flatten().find_map(|item| check(rule, item)),
            _ => None,
        };
        if wrong.is_some() {
            return wrong;
        }
    }
    None
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => panic!("{kind}"),
    }
}
