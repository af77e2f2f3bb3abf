//! May the platform use an app's stored storage credentials on its behalf? (seed 001)

use turnkeep_domain::app::AppState;
use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::plan::PlanState;
use turnkeep_domain::plan_assignment::AssignmentState;
use turnkeep_domain::tenant::TenantState;

/// What the decision looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorageUseFacts {
    /// Of the app.
    pub app_state: AppState,
    /// Of its tenant.
    pub tenant_state: TenantState,
    /// Of its instance.
    pub instance_state: InstanceState,
    /// Of the assigned plan, if one is.
    pub plan_state: Option<PlanState>,
    /// Of that assignment.
    pub assignment_state: Option<AssignmentState>,
}

/// Why the credentials stay where they are. The codes are those of tokens, for the reasons are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum StorageUseDenial {
    /// The instance has no such app.
    #[error("no such app")]
    AppUnknown,
    /// The kill switch.
    #[error("the app is disabled")]
    AppDisabled,
    /// The tenant was never activated.
    #[error("the tenant is not activated yet")]
    TenantPendingActivation,
    /// An operator stopped the tenant.
    #[error("the tenant is suspended")]
    TenantSuspended,
    /// The tenant was ended.
    #[error("the tenant is closed")]
    TenantClosed,
    /// The instance is off.
    #[error("the instance is disabled")]
    InstanceDisabled,
    /// The app's plan is retired (seeds 000 §4 and 001).
    #[error("the app's plan is retired")]
    PlanRetired,
    /// The app's plan waits for a payment.
    #[error("the app's plan is on hold")]
    PlanOnHold,
}

impl StorageUseDenial {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AppUnknown => "app_unknown",
            Self::AppDisabled => "app_disabled",
            Self::TenantPendingActivation => "tenant_pending_activation",
            Self::TenantSuspended => "tenant_suspended",
            Self::TenantClosed => "tenant_closed",
            Self::InstanceDisabled => "instance_disabled",
            Self::PlanRetired => "plan_retired",
            Self::PlanOnHold => "plan_on_hold",
        }
    }
}

/// Only for an app that could get a token as far as its own state, those above it and its plan go: what stops its
/// tokens stops what is done for it.
pub fn decide_storage_use(facts: &StorageUseFacts) -> Result<(), StorageUseDenial> {
    match facts.app_state {
        AppState::Enabled => {}
        AppState::Disabled => return Err(StorageUseDenial::AppDisabled),
    }
    match facts.tenant_state {
        TenantState::Active => {}
        TenantState::PendingActivation => return Err(StorageUseDenial::TenantPendingActivation),
        TenantState::Suspended => return Err(StorageUseDenial::TenantSuspended),
        TenantState::Closed => return Err(StorageUseDenial::TenantClosed),
    }
    match facts.instance_state {
        InstanceState::Active => {}
        InstanceState::Disabled => return Err(StorageUseDenial::InstanceDisabled),
    }
    match facts.plan_state {
        Some(PlanState::Retired) => return Err(StorageUseDenial::PlanRetired),
        Some(PlanState::Draft | PlanState::Active | PlanState::Archived) | None => {}
    }
    match facts.assignment_state {
        Some(AssignmentState::OnHold { .. }) => Err(StorageUseDenial::PlanOnHold),
        Some(AssignmentState::Current) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::time::Timestamp;

    use super::*;
    use crate::token_denial::TokenDenial;

    const USABLE: StorageUseFacts = StorageUseFacts {
        app_state: AppState::Enabled,
        tenant_state: TenantState::Active,
        instance_state: InstanceState::Active,
        plan_state: None,
        assignment_state: None,
    };

    #[test]
    fn only_an_app_in_use_has_its_credentials_used() {
        let tenant = |tenant_state| StorageUseFacts { tenant_state, ..USABLE };
        let plan = |plan_state| StorageUseFacts { plan_state: Some(plan_state), ..USABLE };
        let assignment = |state| StorageUseFacts { assignment_state: Some(state), ..plan(PlanState::Active) };
        let on_hold = AssignmentState::OnHold { since: Timestamp::from_secs(1) };
        for (facts, expected) in [
            (USABLE, Ok(())),
            (StorageUseFacts { app_state: AppState::Disabled, ..USABLE }, Err(StorageUseDenial::AppDisabled)),
            (tenant(TenantState::PendingActivation), Err(StorageUseDenial::TenantPendingActivation)),
            (tenant(TenantState::Suspended), Err(StorageUseDenial::TenantSuspended)),
            (tenant(TenantState::Closed), Err(StorageUseDenial::TenantClosed)),
            (
                StorageUseFacts { instance_state: InstanceState::Disabled, ..USABLE },
                Err(StorageUseDenial::InstanceDisabled),
            ),
            (plan(PlanState::Active), Ok(())),
            (plan(PlanState::Archived), Ok(())),
            (plan(PlanState::Retired), Err(StorageUseDenial::PlanRetired)),
            (assignment(AssignmentState::Current), Ok(())),
            (assignment(on_hold), Err(StorageUseDenial::PlanOnHold)),
        ] {
            assert_eq!(decide_storage_use(&facts), expected, "{facts:?}");
        }
    }

    #[test]
    fn the_codes_are_those_of_tokens() {
        for (denial, token) in [
            (StorageUseDenial::AppUnknown, TokenDenial::AppUnknown),
            (StorageUseDenial::AppDisabled, TokenDenial::AppDisabled),
            (StorageUseDenial::TenantPendingActivation, TokenDenial::TenantPendingActivation),
            (StorageUseDenial::TenantSuspended, TokenDenial::TenantSuspended),
            (StorageUseDenial::TenantClosed, TokenDenial::TenantClosed),
            (StorageUseDenial::InstanceDisabled, TokenDenial::InstanceDisabled),
            (StorageUseDenial::PlanRetired, TokenDenial::PlanRetired),
            (StorageUseDenial::PlanOnHold, TokenDenial::PlanOnHold),
        ] {
            assert_eq!((denial.code(), denial.to_string()), (token.code(), token.to_string()));
        }
    }
}
