//! Refusals of the registry.

use actix_web::http::StatusCode;
use turnkeep_policy::choose_region_database::PlacementDenial;
use turnkeep_policy::decide_app_creation::AppCreationDenial;
use turnkeep_policy::decide_app_settings::AppSettingsViolation;
use turnkeep_policy::decide_plan_assignment::PlanAssignmentDenial;
use turnkeep_policy::decide_secret_addition::SecretAdditionDenial;
use turnkeep_protocol::problem::FieldError;
use turnkeep_service::registry::denial::{RegistryDenial, UniqueAttribute};

pub(crate) fn status_of(denial: &RegistryDenial) -> StatusCode {
    match denial {
        RegistryDenial::Forbidden
        | RegistryDenial::AppCreation(AppCreationDenial::AppLimitReached { .. }) => StatusCode::FORBIDDEN,
        RegistryDenial::NotFound => StatusCode::NOT_FOUND,
        RegistryDenial::StaleVersion => StatusCode::PRECONDITION_FAILED,
        RegistryDenial::TenantRequired
        | RegistryDenial::AppSettings(_)
        | RegistryDenial::Placement(PlacementDenial::RegionUnknown)
        | RegistryDenial::PlanAssignment(PlanAssignmentDenial::PlanUnknown) => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        RegistryDenial::Taken(_)
        | RegistryDenial::TenantTransition(_)
        | RegistryDenial::PlanTransition(_)
        | RegistryDenial::AppCreation(AppCreationDenial::TenantNotUsable | AppCreationDenial::NameTaken)
        | RegistryDenial::Placement(
            PlacementDenial::RegionInactive | PlacementDenial::NoActiveDatabase | PlacementDenial::NoRoom,
        )
        | RegistryDenial::PlanAssignment(
            PlanAssignmentDenial::NotAssignable { .. } | PlanAssignmentDenial::FreePlanTaken,
        )
        | RegistryDenial::NoPlan
        | RegistryDenial::SecretAddition(
            SecretAdditionDenial::PublicClient | SecretAdditionDenial::TooManyLive,
        )
        | RegistryDenial::CapacityBelowUse
        | RegistryDenial::PlatformRecord
        | RegistryDenial::DefaultInstance => StatusCode::CONFLICT,
    }
}

/// What is wrong, unless the fields say it.
pub(crate) fn detail_of(denial: &RegistryDenial) -> Option<String> {
    match denial {
        // Not a word about whether there is something that the caller may not see.
        RegistryDenial::NotFound => None,
        RegistryDenial::Forbidden
        | RegistryDenial::StaleVersion
        | RegistryDenial::Taken(_)
        | RegistryDenial::TenantRequired
        | RegistryDenial::TenantTransition(_)
        | RegistryDenial::PlanTransition(_)
        | RegistryDenial::AppCreation(_)
        | RegistryDenial::Placement(_)
        | RegistryDenial::AppSettings(_)
        | RegistryDenial::PlanAssignment(_)
        | RegistryDenial::NoPlan
        | RegistryDenial::SecretAddition(_)
        | RegistryDenial::CapacityBelowUse
        | RegistryDenial::PlatformRecord
        | RegistryDenial::DefaultInstance => Some(denial.to_string()),
    }
}

/// The fields that are to blame.
pub(crate) fn fields_of(denial: &RegistryDenial) -> Vec<FieldError> {
    let one = |field: &str| vec![FieldError::new(field, denial)];
    match denial {
        RegistryDenial::Taken(attribute) => one(name_of(*attribute)),
        RegistryDenial::TenantRequired => one("tenant_id"),
        RegistryDenial::AppCreation(AppCreationDenial::NameTaken) => one("name"),
        RegistryDenial::Placement(_) => one("region"),
        RegistryDenial::PlanAssignment(_) => one("plan_id"),
        RegistryDenial::CapacityBelowUse => one("capacity"),
        RegistryDenial::AppSettings(violations) => {
            violations.iter().map(|violation| FieldError::new(field_of(violation), violation)).collect()
        }
        RegistryDenial::Forbidden
        | RegistryDenial::NotFound
        | RegistryDenial::StaleVersion
        | RegistryDenial::TenantTransition(_)
        | RegistryDenial::PlanTransition(_)
        | RegistryDenial::AppCreation(
            AppCreationDenial::TenantNotUsable | AppCreationDenial::AppLimitReached { .. },
        )
        | RegistryDenial::NoPlan
        | RegistryDenial::SecretAddition(_)
        | RegistryDenial::PlatformRecord
        | RegistryDenial::DefaultInstance => Vec::new(),
    }
}

fn name_of(attribute: UniqueAttribute) -> &'static str {
    match attribute {
        UniqueAttribute::Name | UniqueAttribute::Scope => "name",
        UniqueAttribute::Slug => "slug",
        UniqueAttribute::Code => "code",
        UniqueAttribute::DbCode => "db_code",
        UniqueAttribute::Audience => "audience",
        UniqueAttribute::ClientId => "client_id",
    }
}

fn field_of(violation: &AppSettingsViolation) -> &'static str {
    match violation {
        AppSettingsViolation::PublicWithServiceAccess => "service_access",
        AppSettingsViolation::SystemUserUnknown
        | AppSettingsViolation::SystemUserIsPerson
        | AppSettingsViolation::SystemUserDisabled => "service_access.user_id",
        AppSettingsViolation::ScopeUnknown(_) | AppSettingsViolation::ScopeReserved(_) => "scopes",
    }
}
