//! Refusals of the registry.

use actix_web::http::StatusCode;
use turnkeep_domain::membership::Role;
use turnkeep_policy::choose_region_database::PlacementDenial;
use turnkeep_policy::decide_app_creation::AppCreationDenial;
use turnkeep_policy::decide_app_settings::AppSettingsViolation;
use turnkeep_policy::decide_plan_assignment::PlanAssignmentDenial;
use turnkeep_policy::decide_plan_retirement::PlanRetirementDenial;
use turnkeep_policy::decide_reference_token::ReferenceTokenDenial;
use turnkeep_policy::decide_reference_token_use::ReferenceTokenRefusal;
use turnkeep_policy::decide_secret_addition::SecretAdditionDenial;
use turnkeep_policy::permission::{Permission, Principal, decide_permission};
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_protocol::problem::FieldError;
use turnkeep_service::registry::denial::{RegistryDenial, UniqueAttribute};
use turnkeep_service::tokens::authenticate_bearer::{MANAGE_SCOPE, OPERATE_SCOPE, READ_SCOPE};

pub(crate) fn status_of(denial: &RegistryDenial) -> StatusCode {
    match denial {
        RegistryDenial::Forbidden(_)
        | RegistryDenial::OwnRole
        | RegistryDenial::PersonNeeded
        | RegistryDenial::ReferenceToken(ReferenceTokenRefusal::Policy(
            ReferenceTokenDenial::AdministratorsOnly,
        ))
        | RegistryDenial::AppCreation(AppCreationDenial::AppLimitReached { .. }) => StatusCode::FORBIDDEN,
        RegistryDenial::NotFound => StatusCode::NOT_FOUND,
        RegistryDenial::StaleVersion => StatusCode::PRECONDITION_FAILED,
        RegistryDenial::TenantRequired
        | RegistryDenial::ScopeOfProtocol
        | RegistryDenial::NameReadsAsAddress
        | RegistryDenial::TenantUnknown
        | RegistryDenial::NotAMember
        | RegistryDenial::AppSettings(_)
        | RegistryDenial::Placement(PlacementDenial::RegionUnknown)
        | RegistryDenial::PlanAssignment(PlanAssignmentDenial::PlanUnknown)
        | RegistryDenial::PlanRetirement(
            PlanRetirementDenial::SuccessorUnknown | PlanRetirementDenial::SuccessorIsPlan,
        )
        | RegistryDenial::StorageChange(_)
        | RegistryDenial::StorageEndpointRefused
        | RegistryDenial::LogoutUriRefused
        | RegistryDenial::ReferenceToken(ReferenceTokenRefusal::App(
            TokenDenial::NoScope | TokenDenial::ScopeNotAllowed | TokenDenial::AudienceNotAllowed,
        ))
        | RegistryDenial::ImportUnreadable(_)
        | RegistryDenial::ImportTooLarge
        | RegistryDenial::IdempotencyKeyReused => StatusCode::UNPROCESSABLE_ENTITY,
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
        | RegistryDenial::DefaultInstance
        | RegistryDenial::SecretNotLive
        | RegistryDenial::TooManyReferenceTokens
        | RegistryDenial::ReferenceToken(
            ReferenceTokenRefusal::NotLive
            | ReferenceTokenRefusal::Policy(ReferenceTokenDenial::PolicyNone)
            | ReferenceTokenRefusal::App(_)
            | ReferenceTokenRefusal::SignIn(_)
            | ReferenceTokenRefusal::OtherUser,
        )
        | RegistryDenial::PlanRetirement(
            PlanRetirementDenial::PlanState(_)
            | PlanRetirementDenial::SuccessorNotAssignable { .. }
            | PlanRetirementDenial::FreePlanTaken { .. },
        )
        | RegistryDenial::LastOwner
        | RegistryDenial::LastOperator
        | RegistryDenial::OperatorAppEnabled
        | RegistryDenial::SystemUser
        | RegistryDenial::CommunityUser
        | RegistryDenial::UserDisabled
        | RegistryDenial::TenantClosed
        | RegistryDenial::AlreadyMember
        | RegistryDenial::AlreadyInvited
        | RegistryDenial::TooManyInvitations
        | RegistryDenial::InvitationAccepted
        | RegistryDenial::InvitationCancelled
        | RegistryDenial::InvitationExpired
        | RegistryDenial::AuditChainBroken(_)
        | RegistryDenial::AuditChainUnproven
        | RegistryDenial::AuditHeadDiffers
        | RegistryDenial::NothingToPrune
        | RegistryDenial::ExportTooLarge
        | RegistryDenial::RequestInProgress => StatusCode::CONFLICT,
    }
}

/// What is wrong, unless the fields say it.
pub(crate) fn detail_of(denial: &RegistryDenial) -> Option<String> {
    match denial {
        // Not a word about whether there is something that the caller may not see.
        RegistryDenial::NotFound => None,
        RegistryDenial::Forbidden(_)
        | RegistryDenial::StaleVersion
        | RegistryDenial::Taken(_)
        | RegistryDenial::ScopeOfProtocol
        | RegistryDenial::NameReadsAsAddress
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
        | RegistryDenial::DefaultInstance
        | RegistryDenial::SecretNotLive
        | RegistryDenial::TooManyReferenceTokens
        | RegistryDenial::ReferenceToken(_)
        | RegistryDenial::PersonNeeded
        | RegistryDenial::PlanRetirement(_)
        | RegistryDenial::LastOwner
        | RegistryDenial::LastOperator
        | RegistryDenial::OperatorAppEnabled
        | RegistryDenial::SystemUser
        | RegistryDenial::CommunityUser
        | RegistryDenial::UserDisabled
        | RegistryDenial::TenantClosed
        | RegistryDenial::AlreadyMember
        | RegistryDenial::AlreadyInvited
        | RegistryDenial::TooManyInvitations
        | RegistryDenial::InvitationAccepted
        | RegistryDenial::InvitationCancelled
        | RegistryDenial::InvitationExpired
        | RegistryDenial::OwnRole
        | RegistryDenial::TenantUnknown
        | RegistryDenial::NotAMember
        | RegistryDenial::AuditChainBroken(_)
        | RegistryDenial::AuditChainUnproven
        | RegistryDenial::AuditHeadDiffers
        | RegistryDenial::NothingToPrune
        | RegistryDenial::RequestInProgress
        | RegistryDenial::StorageChange(_)
        | RegistryDenial::StorageEndpointRefused
        | RegistryDenial::LogoutUriRefused
        | RegistryDenial::ImportUnreadable(_)
        | RegistryDenial::ImportTooLarge
        | RegistryDenial::ExportTooLarge
        | RegistryDenial::IdempotencyKeyReused => Some(denial.to_string()),
    }
}

/// The fields that are to blame.
pub(crate) fn fields_of(denial: &RegistryDenial) -> Vec<FieldError> {
    let one = |field: &str| vec![FieldError::new(field, denial)];
    match denial {
        RegistryDenial::Taken(attribute) => one(name_of(*attribute)),
        RegistryDenial::ScopeOfProtocol | RegistryDenial::NameReadsAsAddress => one("name"),
        RegistryDenial::TenantRequired | RegistryDenial::TenantUnknown | RegistryDenial::NotAMember => {
            one("tenant_id")
        }
        RegistryDenial::AlreadyInvited => one("user_name"),
        RegistryDenial::AppCreation(AppCreationDenial::NameTaken) => one("name"),
        RegistryDenial::Placement(_) => one("region"),
        RegistryDenial::PlanAssignment(_) => one("plan_id"),
        RegistryDenial::PlanRetirement(
            PlanRetirementDenial::SuccessorUnknown
            | PlanRetirementDenial::SuccessorIsPlan
            | PlanRetirementDenial::SuccessorNotAssignable { .. }
            | PlanRetirementDenial::FreePlanTaken { .. },
        ) => one("successor_plan_id"),
        RegistryDenial::CapacityBelowUse => one("capacity"),
        RegistryDenial::StorageChange(_) => one("secret_key"),
        RegistryDenial::StorageEndpointRefused => one("endpoint"),
        RegistryDenial::LogoutUriRefused => one("backchannel_logout_uri"),
        RegistryDenial::ImportUnreadable(_) | RegistryDenial::ImportTooLarge => one("document"),
        RegistryDenial::IdempotencyKeyReused => one("Idempotency-Key"),
        RegistryDenial::ReferenceToken(ReferenceTokenRefusal::App(
            TokenDenial::NoScope | TokenDenial::ScopeNotAllowed,
        )) => one("scopes"),
        RegistryDenial::ReferenceToken(ReferenceTokenRefusal::App(TokenDenial::AudienceNotAllowed)) => {
            one("audience")
        }
        RegistryDenial::PersonNeeded => one("kind"),
        RegistryDenial::AppSettings(violations) => violations
            .iter()
            .map(|violation| FieldError::new(violation.field(), &message_of(violation)))
            .collect(),
        RegistryDenial::Forbidden(_)
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
        | RegistryDenial::DefaultInstance
        | RegistryDenial::SecretNotLive
        | RegistryDenial::TooManyReferenceTokens
        | RegistryDenial::ReferenceToken(_)
        | RegistryDenial::PlanRetirement(PlanRetirementDenial::PlanState(_))
        | RegistryDenial::LastOwner
        | RegistryDenial::LastOperator
        | RegistryDenial::OperatorAppEnabled
        | RegistryDenial::SystemUser
        | RegistryDenial::CommunityUser
        | RegistryDenial::UserDisabled
        | RegistryDenial::TenantClosed
        | RegistryDenial::AlreadyMember
        | RegistryDenial::TooManyInvitations
        | RegistryDenial::InvitationAccepted
        | RegistryDenial::InvitationCancelled
        | RegistryDenial::InvitationExpired
        | RegistryDenial::OwnRole
        | RegistryDenial::AuditChainBroken(_)
        | RegistryDenial::AuditChainUnproven
        | RegistryDenial::AuditHeadDiffers
        | RegistryDenial::NothingToPrune
        | RegistryDenial::ExportTooLarge
        | RegistryDenial::RequestInProgress => Vec::new(),
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
        UniqueAttribute::Email => "email",
    }
}

/// The rule, and which scope breaks it: a name that was accepted as one may be repeated.
fn message_of(violation: &AppSettingsViolation) -> String {
    match violation.scope() {
        Some(scope) => format!("{violation}: {scope}"),
        None => violation.to_string(),
    }
}

/// The least scope of an app's token with which a permission comes.
pub(crate) fn scope_with(permission: Permission) -> &'static str {
    let has = |role| decide_permission(Principal::Member(role), permission).is_ok();
    if has(Role::Auditor) {
        READ_SCOPE
    } else if has(Role::Developer) {
        MANAGE_SCOPE
    } else {
        OPERATE_SCOPE
    }
}
