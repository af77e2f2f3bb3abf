//! Why the registry refuses.

use turnkeep_audit::verify::Break;
use turnkeep_domain::plan::PlanTransitionError;
use turnkeep_domain::tenant::TenantTransitionError;
use turnkeep_exchange::import_set::ImportError;
use turnkeep_policy::choose_region_database::PlacementDenial;
use turnkeep_policy::decide_app_creation::AppCreationDenial;
use turnkeep_policy::decide_app_settings::AppSettingsViolation;
use turnkeep_policy::decide_invitation::{AcceptanceDenial, InvitingDenial};
use turnkeep_policy::decide_membership_change::MembershipDenial;
use turnkeep_policy::decide_operator::OperatorDenial;
use turnkeep_policy::decide_operator_loss::LastOperator;
use turnkeep_policy::decide_plan_assignment::PlanAssignmentDenial;
use turnkeep_policy::decide_plan_retirement::PlanRetirementDenial;
use turnkeep_policy::decide_reference_token_use::ReferenceTokenRefusal;
use turnkeep_policy::decide_secret_addition::SecretAdditionDenial;
use turnkeep_policy::decide_storage_change::StorageChangeDenial;
use turnkeep_policy::decide_user_identifiers::UserIdentifierDenial;
use turnkeep_policy::permission::Permission;

use crate::exchange::import_records::MAX_RECORDS_AT_ONCE;
use crate::reference_tokens::make_reference_token::MOST_LIVE_TOKENS;

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
    /// The e-mail address of a user.
    Email,
}

/// A refusal of the registry. Each has a stable code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryDenial {
    /// The caller may not do this to anything.
    #[error("this needs the permission {}", .0.code())]
    Forbidden(Permission),
    /// There is no such record, or it is another tenant's: the two cannot be told apart.
    #[error("there is no such record")]
    NotFound,
    /// The record was changed since the caller read it.
    #[error("the record has another version")]
    StaleVersion,
    /// Somebody else has it.
    #[error("this is taken")]
    Taken(UniqueAttribute),
    /// The name of a user could be anybody's address.
    #[error("a user name that reads as an e-mail address has to be the address of the same user")]
    NameReadsAsAddress,
    /// No resource has a scope with the name of one of OpenID Connect.
    #[error("this is a scope of OpenID Connect, which belongs to no resource")]
    ScopeOfProtocol,
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
    /// The reference token could not be used.
    #[error(transparent)]
    ReferenceToken(#[from] ReferenceTokenRefusal),
    /// There are as many live reference tokens like this one as there may be.
    #[error("there are {} live tokens like this one: revoke one first", MOST_LIVE_TOKENS)]
    TooManyReferenceTokens,
    /// Only a person has personal tokens.
    #[error("a personal access token is made by the person it acts as")]
    PersonNeeded,
    /// The secret to keep does not authenticate the app any more.
    #[error("the secret to keep is expired or revoked")]
    SecretNotLive,
    /// The secret key of storage settings has to be entered.
    #[error(transparent)]
    StorageChange(#[from] StorageChangeDenial),
    /// The address guard would not connect there; which of its rules says so, nobody is told.
    #[error("the endpoint must be an https host of the public internet, or one that the operator has listed")]
    StorageEndpointRefused,
    /// The address guard would not connect there; which of its rules says so, nobody is told.
    #[error(
        "the URI must lead to an https host of the public internet, or to one that the operator has listed"
    )]
    LogoutUriRefused,
    /// The plan is not retired.
    #[error(transparent)]
    PlanRetirement(#[from] PlanRetirementDenial),
    /// A database cannot hold fewer apps than it does.
    #[error("the database holds more apps than that")]
    CapacityBelowUse,
    /// Without its own app and scopes nobody could manage the server any more.
    #[error("this belongs to the platform itself and cannot be deleted or closed")]
    PlatformRecord,
    /// The default instance carries the platform itself.
    #[error("the default instance cannot be disabled")]
    DefaultInstance,
    /// The last owner of a tenant stays.
    #[error("the tenant would be left without an owner")]
    LastOwner,
    /// The last person who operates an instance stays.
    #[error("nobody would be left who operates the instance: make somebody else an operator first")]
    LastOperator,
    /// Who operates by the operator's app would be locked out.
    #[error("the tenant has the operator's app: disable that app first, which stops it at once")]
    OperatorAppEnabled,
    /// Nobody raises themselves.
    #[error("nobody can raise their own role")]
    OwnRole,
    /// System users act for apps, not for themselves.
    #[error("a system user is no person")]
    SystemUser,
    /// Customers and partners do not operate an instance (seed 002).
    #[error("a community user cannot operate an instance")]
    CommunityUser,
    /// The user may not act.
    #[error("the user is disabled")]
    UserDisabled,
    /// Nobody enters a closed tenant.
    #[error("the tenant is closed")]
    TenantClosed,
    /// The instance has no such tenant.
    #[error("the instance has no such tenant")]
    TenantUnknown,
    /// The user is nothing in the tenant.
    #[error("the user is not a member of the tenant")]
    NotAMember,
    /// There is nothing to invite to.
    #[error("the user is a member already")]
    AlreadyMember,
    /// The pending invitation can be sent again.
    #[error("an invitation for this name is pending")]
    AlreadyInvited,
    /// The tenant has as many pending invitations as it may have.
    #[error("the tenant has too many pending invitations")]
    TooManyInvitations,
    /// The invitation was used.
    #[error("the invitation was accepted")]
    InvitationAccepted,
    /// The invitation was taken back.
    #[error("the invitation was cancelled")]
    InvitationCancelled,
    /// The invitation can only be sent again.
    #[error("the invitation has expired")]
    InvitationExpired,
    /// Nothing may be taken from a chain that is broken: it is evidence.
    #[error("the audit chain is broken: {0}")]
    AuditChainBroken(Break),
    /// A stored part of the chain cannot be read, or its head cannot be told from a forged one.
    #[error("the audit chain cannot be verified")]
    AuditChainUnproven,
    /// The chain ends elsewhere, or went on since the head was looked at.
    #[error("the audit chain does not end with this head")]
    AuditHeadDiffers,
    /// Every entry of the audit trail is younger.
    #[error("no entry of the audit trail is as old as that")]
    NothingToPrune,
    /// The import as a whole cannot be read.
    #[error(transparent)]
    ImportUnreadable(#[from] ImportError),
    /// More than one transaction should do.
    #[error("an import at once has at most {} records: send the rest after it", MAX_RECORDS_AT_ONCE)]
    ImportTooLarge,
    /// More than one document can hold.
    #[error("there is more than an export can have: export one tenant after the other")]
    ExportTooLarge,
    /// A request with the same `Idempotency-Key` was done a moment ago.
    #[error("the same request was done already, and its answer is on its way")]
    RequestInProgress,
    /// The `Idempotency-Key` was used for another request.
    #[error("the key was used for another request")]
    IdempotencyKeyReused,
}

impl RegistryDenial {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Forbidden(_) => "forbidden",
            Self::NotFound => "not_found",
            Self::StaleVersion => "stale_version",
            Self::Taken(UniqueAttribute::Name) => "name_taken",
            Self::Taken(UniqueAttribute::Slug) => "slug_taken",
            Self::Taken(UniqueAttribute::Code) => "code_taken",
            Self::Taken(UniqueAttribute::DbCode) => "db_code_taken",
            Self::Taken(UniqueAttribute::Audience) => "audience_taken",
            Self::Taken(UniqueAttribute::Scope) => "scope_taken",
            Self::Taken(UniqueAttribute::ClientId) => "client_id_taken",
            Self::Taken(UniqueAttribute::Email) => "email_taken",
            Self::NameReadsAsAddress => "name_is_address",
            Self::ScopeOfProtocol => "scope_of_protocol",
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
            Self::ReferenceToken(refusal) => refusal.registry_code(),
            Self::TooManyReferenceTokens => "too_many_reference_tokens",
            Self::PersonNeeded => "person_needed",
            Self::SecretNotLive => "secret_not_live",
            Self::StorageChange(
                StorageChangeDenial::SecretKeyMissing
                | StorageChangeDenial::EndpointChanged
                | StorageChangeDenial::AccessKeyChanged,
            ) => "secret_key_required",
            Self::StorageEndpointRefused | Self::LogoutUriRefused => "endpoint_refused",
            Self::PlanRetirement(PlanRetirementDenial::PlanState(_)) => "plan_state",
            Self::PlanRetirement(PlanRetirementDenial::SuccessorUnknown) => "successor_unknown",
            Self::PlanRetirement(PlanRetirementDenial::SuccessorIsPlan) => "successor_is_plan",
            Self::PlanRetirement(PlanRetirementDenial::SuccessorNotAssignable { .. }) => {
                "successor_not_assignable"
            }
            Self::PlanRetirement(PlanRetirementDenial::FreePlanTaken { .. }) => "free_plan_taken",
            Self::CapacityBelowUse => "capacity_below_use",
            Self::PlatformRecord => "platform_record",
            Self::DefaultInstance => "default_instance",
            Self::LastOwner => "last_owner",
            Self::LastOperator => "last_operator",
            Self::OperatorAppEnabled => "operator_app_enabled",
            Self::OwnRole => "own_role",
            Self::SystemUser => "system_user",
            Self::CommunityUser => "community_user",
            Self::UserDisabled => "user_disabled",
            Self::TenantClosed => "tenant_closed",
            Self::TenantUnknown => "tenant_unknown",
            Self::NotAMember => "not_a_member",
            Self::AlreadyMember => "already_member",
            Self::AlreadyInvited => "already_invited",
            Self::TooManyInvitations => "too_many_invitations",
            Self::InvitationAccepted => "invitation_accepted",
            Self::InvitationCancelled => "invitation_cancelled",
            Self::InvitationExpired => "invitation_expired",
            Self::AuditChainBroken(_) => "audit_chain_broken",
            Self::AuditChainUnproven => "audit_chain_unproven",
            Self::AuditHeadDiffers => "audit_head_differs",
            Self::NothingToPrune => "nothing_to_prune",
            Self::ImportUnreadable(_) => "import_unreadable",
            Self::ImportTooLarge => "import_too_large",
            Self::ExportTooLarge => "export_too_large",
            Self::RequestInProgress => "request_in_progress",
            Self::IdempotencyKeyReused => "idempotency_key_reused",
        }
    }
}

impl From<RegistryDenial> for crate::failure::Failure<RegistryDenial> {
    fn from(denial: RegistryDenial) -> Self {
        Self::Denied(denial)
    }
}

/// Whose place in a tenant it is about is named by the path, so that who has none is absent.
impl From<MembershipDenial> for RegistryDenial {
    fn from(denial: MembershipDenial) -> Self {
        match denial {
            MembershipDenial::Permission(denial) => Self::Forbidden(denial.permission),
            MembershipDenial::NotAMember | MembershipDenial::UserUnknown => Self::NotFound,
            MembershipDenial::SystemUser => Self::SystemUser,
            MembershipDenial::UserDisabled => Self::UserDisabled,
            MembershipDenial::TenantClosed => Self::TenantClosed,
            MembershipDenial::OwnRole => Self::OwnRole,
            MembershipDenial::LastOwner => Self::LastOwner,
        }
    }
}

impl From<UserIdentifierDenial> for RegistryDenial {
    fn from(denial: UserIdentifierDenial) -> Self {
        match denial {
            UserIdentifierDenial::NameReadsAsAddress => Self::NameReadsAsAddress,
            UserIdentifierDenial::AddressTaken => Self::Taken(UniqueAttribute::Email),
        }
    }
}

impl From<OperatorDenial> for RegistryDenial {
    fn from(denial: OperatorDenial) -> Self {
        match denial {
            OperatorDenial::SystemUser => Self::SystemUser,
            OperatorDenial::CommunityUser => Self::CommunityUser,
        }
    }
}

impl From<LastOperator> for RegistryDenial {
    fn from(LastOperator: LastOperator) -> Self {
        Self::LastOperator
    }
}

impl From<InvitingDenial> for RegistryDenial {
    fn from(denial: InvitingDenial) -> Self {
        match denial {
            InvitingDenial::Permission(denial) => Self::Forbidden(denial.permission),
            InvitingDenial::TenantClosed => Self::TenantClosed,
            InvitingDenial::AlreadyMember => Self::AlreadyMember,
            InvitingDenial::AlreadyInvited => Self::AlreadyInvited,
            InvitingDenial::TooManyPending => Self::TooManyInvitations,
            InvitingDenial::Accepted => Self::InvitationAccepted,
            InvitingDenial::Cancelled => Self::InvitationCancelled,
        }
    }
}

/// Another user's invitation is as good as absent.
impl From<AcceptanceDenial> for RegistryDenial {
    fn from(denial: AcceptanceDenial) -> Self {
        match denial {
            AcceptanceDenial::OtherUser => Self::NotFound,
            AcceptanceDenial::SystemUser => Self::SystemUser,
            AcceptanceDenial::UserDisabled => Self::UserDisabled,
            AcceptanceDenial::Used => Self::InvitationAccepted,
            AcceptanceDenial::Cancelled => Self::InvitationCancelled,
            AcceptanceDenial::Expired => Self::InvitationExpired,
            AcceptanceDenial::TenantClosed => Self::TenantClosed,
            AcceptanceDenial::AlreadyMember => Self::AlreadyMember,
        }
    }
}
