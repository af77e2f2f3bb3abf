//! Why the registry refuses.

use turnkeep_domain::plan::PlanTransitionError;
use turnkeep_domain::tenant::TenantTransitionError;
use turnkeep_policy::choose_region_database::PlacementDenial;
use turnkeep_policy::decide_app_creation::AppCreationDenial;
use turnkeep_policy::decide_app_settings::AppSettingsViolation;
use turnkeep_policy::decide_plan_assignment::PlanAssignmentDenial;
use turnkeep_policy::decide_secret_addition::SecretAdditionDenial;

/// An attribute that has to be unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UniqueAttribute {
    /// A name.
    Name,
    /// The slug of an instance.
    Slug,
    /// The code of a region or plan.
    Code,
    /// The code of a region database.
    DbCode,
    /// The audience of a resource.
    Audience,
    /// The name of a scope.
    Scope,
    /// The client id of an app.
    ClientId,
}

/// A refusal of the registry. Each has a stable code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryDenial {
    /// The caller may not do this to anything.
    #[error("the caller may not do this")]
    Forbidden,
    /// There is no such record, or it is another tenant's: the two cannot be told apart.
    #[error("there is no such record")]
    NotFound,
    /// The record was changed since the caller read it.
    #[error("the record has another version")]
    StaleVersion,
    /// Somebody else has it.
    #[error("this is taken")]
    Taken(UniqueAttribute),
    /// An operator has to name the tenant that an app is for.
    #[error("the tenant has to be named")]
    TenantRequired,
    /// The tenant's state does not allow it.
    #[error(transparent)]
    TenantTransition(#[from] TenantTransitionError),
    /// The plan's state does not allow it.
    #[error(transparent)]
    PlanTransition(#[from] PlanTransitionError),
    /// The tenant may not have the app.
    #[error(transparent)]
    AppCreation(#[from] AppCreationDenial),
    /// The region has no place for the app.
    #[error(transparent)]
    Placement(#[from] PlacementDenial),
    /// The attributes of the app contradict each other.
    #[error("the attributes of the app do not go together")]
    AppSettings(Vec<AppSettingsViolation>),
    /// The app may not be on the plan.
    #[error(transparent)]
    PlanAssignment(#[from] PlanAssignmentDenial),
    /// The app has no plan to hold or release.
    #[error("the app has no plan")]
    NoPlan,
    /// The app may not have another secret.
    #[error(transparent)]
    SecretAddition(#[from] SecretAdditionDenial),
    /// A database cannot hold fewer apps than it does.
    #[error("the database holds more apps than that")]
    CapacityBelowUse,
    /// Without its own app and scopes nobody could manage the server any more.
    #[error("this belongs to the platform itself and cannot be deleted")]
    PlatformRecord,
    /// The default instance carries the platform itself.
    #[error("the default instance cannot be disabled")]
    DefaultInstance,
}

impl RegistryDenial {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::StaleVersion => "stale_version",
            Self::Taken(UniqueAttribute::Name) => "name_taken",
            Self::Taken(UniqueAttribute::Slug) => "slug_taken",
            Self::Taken(UniqueAttribute::Code) => "code_taken",
            Self::Taken(UniqueAttribute::DbCode) => "db_code_taken",
            Self::Taken(UniqueAttribute::Audience) => "audience_taken",
            Self::Taken(UniqueAttribute::Scope) => "scope_taken",
            Self::Taken(UniqueAttribute::ClientId) => "client_id_taken",
            Self::TenantRequired => "tenant_required",
            Self::TenantTransition(_) => "tenant_state",
            Self::PlanTransition(_) => "plan_state",
            Self::AppCreation(AppCreationDenial::TenantNotUsable) => "tenant_not_usable",
            Self::AppCreation(AppCreationDenial::AppLimitReached { .. }) => "app_limit_reached",
            Self::AppCreation(AppCreationDenial::NameTaken) => "name_taken",
            Self::Placement(PlacementDenial::RegionUnknown) => "region_unknown",
            Self::Placement(PlacementDenial::RegionInactive) => "region_inactive",
            Self::Placement(PlacementDenial::NoActiveDatabase) => "region_without_active_database",
            Self::Placement(PlacementDenial::NoRoom) => "region_full",
            Self::AppSettings(_) => "app_settings",
            Self::PlanAssignment(PlanAssignmentDenial::PlanUnknown) => "plan_unknown",
            Self::PlanAssignment(PlanAssignmentDenial::NotAssignable { .. }) => "plan_not_assignable",
            Self::PlanAssignment(PlanAssignmentDenial::FreePlanTaken) => "free_plan_taken",
            Self::NoPlan => "no_plan",
            Self::SecretAddition(SecretAdditionDenial::PublicClient) => "public_client",
            Self::SecretAddition(SecretAdditionDenial::TooManyLive) => "too_many_live_secrets",
            Self::CapacityBelowUse => "capacity_below_use",
            Self::PlatformRecord => "platform_record",
            Self::DefaultInstance => "default_instance",
        }
    }
}

impl From<RegistryDenial> for crate::failure::Failure<RegistryDenial> {
    fn from(denial: RegistryDenial) -> Self {
        Self::Denied(denial)
    }
}
