//! The schemas of the document: those of requests say what is accepted, those of responses what is sent.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value};
use turnkeep_protocol::problem::Problem;

use crate::management::operation::SchemaSource;

const DEFINITIONS: &str = "/components/schemas";

/// Collects the schemas that the operations name.
pub(super) struct Schemas {
    requests: SchemaGenerator,
    responses: SchemaGenerator,
}

impl Schemas {
    /// None yet, but those of problems.
    pub(super) fn new() -> Self {
        let settings = || {
            let mut settings = SchemaSettings::draft2020_12();
            settings.definitions_path = DEFINITIONS.into();
            settings.meta_schema = None;
            settings
        };
        let mut schemas = Self {
            requests: settings().for_deserialize().into_generator(),
            responses: settings().for_serialize().into_generator(),
        };
        schemas.responses.subschema_for::<Problem>();
        schemas
    }

    /// The schema of a request's body.
    pub(super) fn request(&mut self, source: SchemaSource) -> Value {
        let mut schema = source(&mut self.requests).to_value();
        rename_references(&mut schema);
        schema
    }

    /// The schema of a response's body.
    pub(super) fn response(&mut self, source: SchemaSource) -> Value {
        source(&mut self.responses).to_value()
    }

    /// Everything that was named. What is accepted and what is sent may differ under one name; what is accepted
    /// has a name of its own then.
    pub(super) fn finish(mut self) -> Map<String, Value> {
        let mut all = self.responses.take_definitions(true);
        for (name, mut schema) in self.requests.take_definitions(true) {
            rename_references(&mut schema);
            all.insert(accepted_name(&name), schema);
        }
        for schema in all.values_mut() {
            remove_machine_formats(schema);
            remove_source_links(schema);
        }
        all
    }
}

/// Requests and their parts; the texts that both sides share keep their names.
fn accepted_name(name: &str) -> String {
    match name.strip_suffix("Fields") {
        Some(part) => format!("{part}Request"),
        None => name.to_owned(),
    }
}

fn rename_references(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(reference) if name == "$ref" => {
                        if let Some((path, target)) = reference.rsplit_once('/') {
                            *reference = format!("{path}/{}", accepted_name(target));
                        }
                    }
                    _ => rename_references(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(rename_references),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// "[`X`] on the wire." says something to those who read the source only.
fn remove_source_links(schema: &mut Value) {
    if let Some(members) = schema.as_object_mut() {
        let is_link = |text: &Value| text.as_str().is_some_and(|text| text.starts_with("[`"));
        if members.get("description").is_some_and(is_link) {
            members.remove("description");
        }
    }
}

/// How wide a number is in memory is no business of the API's callers.
fn remove_machine_formats(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let is_machine_format = |format: &Value| {
                format.as_str().is_some_and(|format| format.starts_with("uint") || format.starts_with("int"))
            };
            if members.get("format").is_some_and(is_machine_format) {
                members.remove("format");
            }
            members.values_mut().for_each(remove_machine_formats);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_machine_formats),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The schema of a part of a path.
pub(super) fn path_parameter(path: &str, name: &str) -> Value {
    use turnkeep_protocol::management::texts;
    let schema = |source: SchemaSource| source(&mut SchemaGenerator::default()).to_value();
    fn inline<T: JsonSchema>(generator: &mut SchemaGenerator) -> schemars::Schema {
        T::json_schema(generator)
    }
    let collection = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    match (name, collection) {
        ("id", "instances") => schema(inline::<texts::InstanceIdText>),
        ("id", "tenants") => schema(inline::<texts::TenantIdText>),
        ("id", "regions") => schema(inline::<texts::RegionIdText>),
        ("id", "plans") => schema(inline::<texts::PlanIdText>),
        ("id", "resources") => schema(inline::<texts::ResourceIdText>),
        ("id", "users") | ("user_id", _) => schema(inline::<texts::UserIdText>),
        ("id", "apps") | ("app_id", _) => schema(inline::<texts::AppIdText>),
        ("id", "audit-events") => schema(inline::<texts::AuditEventIdText>),
        ("database_id", _) => schema(inline::<texts::RegionDatabaseIdText>),
        ("secret_id", _) => schema(inline::<texts::SecretIdText>),
        ("invitation_id", _) => schema(inline::<texts::InvitationIdText>),
        ("token_id", _) => schema(inline::<texts::ManagementTokenIdText>),
        ("name", _) => schema(inline::<texts::ScopeNameText>),
        (_, _) => serde_json::json!({"type": "string"}),
    }
}
