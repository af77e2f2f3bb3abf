//! May this tenant have one more app of this name? (seed 001)

use turnkeep_domain::tenant::{AppLimit, TenantState};

/// What the decision depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppCreationFacts {
    /// Of the owning tenant.
    pub tenant_state: TenantState,
    /// How many apps the tenant may have.
    pub app_limit: AppLimit,
    /// How many it has.
    pub app_count: u32,
    /// Whether another app of the tenant has this name.
    pub name_taken: bool,
}

/// Why the tenant may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AppCreationDenial {
    /// The tenant is suspended or closed.
    #[error("the tenant is suspended or closed")]
    TenantNotUsable,
    /// The tenant has as many apps as it may have; only an operator raises the limit.
    #[error("the tenant has reached its limit of {} apps", limit.apps())]
    AppLimitReached {
        /// The limit.
        limit: AppLimit,
    },
    /// Seed 001: "App names must be unique within the tenant."
    #[error("another app of the tenant has this name")]
    NameTaken,
}

/// Apps may be prepared before the tenant is activated, but not once it is stopped.
pub fn decide_app_creation(facts: &AppCreationFacts) -> Result<(), AppCreationDenial> {
    match facts.tenant_state {
        TenantState::PendingActivation | TenantState::Active => {}
        TenantState::Suspended | TenantState::Closed => return Err(AppCreationDenial::TenantNotUsable),
    }
    if facts.app_limit.apps() <= facts.app_count {
        return Err(AppCreationDenial::AppLimitReached { limit: facts.app_limit });
    }
    if facts.name_taken { Err(AppCreationDenial::NameTaken) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_001_limits_are_tenant_scoped_and_names_unique() {
        let limit = AppLimit::DEFAULT;
        let reached = Err(AppCreationDenial::AppLimitReached { limit });
        for (tenant_state, app_count, name_taken, expected) in [
            (TenantState::Active, 0, false, Ok(())),
            (TenantState::PendingActivation, 2, false, Ok(())),
            (TenantState::Active, 3, false, reached),
            (TenantState::Active, 4, false, reached),
            (TenantState::Active, 0, true, Err(AppCreationDenial::NameTaken)),
            (TenantState::Suspended, 0, false, Err(AppCreationDenial::TenantNotUsable)),
            (TenantState::Closed, 0, false, Err(AppCreationDenial::TenantNotUsable)),
        ] {
            let facts = AppCreationFacts { tenant_state, app_limit: limit, app_count, name_taken };
            assert_eq!(decide_app_creation(&facts), expected, "{facts:?}");
        }
    }
}
