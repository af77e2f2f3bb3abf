//! What an import did, or would do, record by record.

use turnkeep_domain::audit::AttributeChange;
use turnkeep_exchange::document::values::ValueError;
use turnkeep_policy::decide_app_settings::AppSettingsViolation;

use crate::failure::Failure;
use crate::registry::denial::{RegistryDenial, UniqueAttribute};

/// What an import did, or would do.
#[derive(Debug, Clone, Default)]
pub struct ImportReport {
    /// Whether the records are as the report says; if not, nothing was changed.
    pub applied: bool,
    /// Every record of the document, in the order of the import.
    pub records: Vec<ImportedRecord>,
    /// What was left out or decided without being asked, for a person to read.
    pub notes: Vec<String>,
}

impl ImportReport {
    /// How many records ended like this.
    pub fn count(&self, outcome: ImportOutcome) -> usize {
        self.records.iter().filter(|record| record.outcome == outcome).count()
    }
}

/// One record of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedRecord {
    /// What it is: `app`, `tenant`, `scope`…; `input` for something that could not be read as a record.
    pub kind: &'static str,
    /// What it is found by.
    pub key: String,
    /// What became of it.
    pub outcome: ImportOutcome,
    /// What is different now, as the audit trail has it; no secret and no hash.
    pub changes: Vec<AttributeChange>,
    /// Why it is refused.
    pub errors: Vec<RecordError>,
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportOutcome {
    /// There was none.
    Created,
    /// It was different.
    Updated,
    /// It was as the document says.
    Unchanged,
    /// It cannot be as the document says.
    Refused,
}

impl ImportOutcome {
    /// The text form, as on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
        }
    }
}

/// One reason to refuse a record. It never holds a value of the document, but for names of scopes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordError {
    /// The field of the document; empty if it is the record as a whole.
    pub field: String,
    /// The stable code.
    pub code: &'static str,
    /// The rule.
    pub message: String,
}

/// All that is wrong with one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) Vec<RecordError>);

/// How the import of one record ends.
pub(super) type RecordResult<T> = Result<T, Failure<Refusal>>;

/// A refusal for one reason.
pub(super) fn refusal(
    field: &str,
    code: &'static str,
    message: &(impl ToString + ?Sized),
) -> Failure<Refusal> {
    let error = RecordError { field: field.to_owned(), code, message: message.to_string() };
    Failure::Denied(Refusal(vec![error]))
}

/// A refusal because what is there cannot become what the document says.
pub(super) fn immutable(field: &str) -> Failure<Refusal> {
    refusal(field, "immutable", "is different in the record that is there, and never changes")
}

/// A refusal because nobody makes or changes the platform's own records by an import.
pub(super) fn of_the_platform() -> Failure<Refusal> {
    const WHY: &str = "belongs to the platform itself, which every server makes for itself: leave it out";
    refusal("", RegistryDenial::PlatformRecord.code(), WHY)
}

impl From<RegistryDenial> for Failure<Refusal> {
    fn from(denial: RegistryDenial) -> Self {
        match &denial {
            RegistryDenial::AppSettings(violations) => {
                Self::Denied(Refusal(violations.iter().map(settings_error).collect()))
            }
            denial => refusal(field_of(denial), denial.code(), denial),
        }
    }
}

impl From<Failure<RegistryDenial>> for Failure<Refusal> {
    fn from(failure: Failure<RegistryDenial>) -> Self {
        match failure {
            Failure::Denied(denial) => denial.into(),
            Failure::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<ValueError> for Failure<Refusal> {
    fn from(error: ValueError) -> Self {
        refusal(error.field, "invalid_fields", &error)
    }
}

fn settings_error(violation: &AppSettingsViolation) -> RecordError {
    let field = match violation {
        AppSettingsViolation::PublicWithServiceAccess => "service_access",
        AppSettingsViolation::SystemUserUnknown
        | AppSettingsViolation::SystemUserIsPerson
        | AppSettingsViolation::SystemUserDisabled => "service_access.user",
        AppSettingsViolation::PublicWithoutPkce => "pkce",
        AppSettingsViolation::ScopeUnknown(_) | AppSettingsViolation::ScopeReserved(_) => "scopes",
    };
    let message = match violation.scope() {
        Some(scope) => format!("{violation}: {scope}"),
        None => violation.to_string(),
    };
    RecordError { field: field.to_owned(), code: violation.code(), message }
}

/// The field of a document that a denial is about, where the denial itself tells.
fn field_of(denial: &RegistryDenial) -> &'static str {
    if let RegistryDenial::Taken(attribute) = denial {
        return match attribute {
            UniqueAttribute::Name | UniqueAttribute::Scope => "name",
            UniqueAttribute::Slug => "slug",
            UniqueAttribute::Code => "code",
            UniqueAttribute::DbCode => "db_code",
            UniqueAttribute::Audience => "audience",
            UniqueAttribute::ClientId => "client_id",
            UniqueAttribute::Email => "email",
        };
    }
    match denial.code() {
        "name_taken" | "name_is_address" | "scope_of_protocol" => "name",
        "tenant_state" | "plan_state" => "state",
        "plan_unknown" | "plan_not_assignable" | "free_plan_taken" => "plan.code",
        "region_unknown" | "region_inactive" | "region_without_active_database" => "license_region",
        "region_full" => "db_code",
        "capacity_below_use" => "capacity",
        "too_many_live_secrets" | "public_client" => "secrets",
        "app_limit_reached" => "tenant",
        _ => "",
    }
}
