//! Tenants.

pub(crate) mod create;
pub(crate) mod operations;
pub(crate) mod read;
pub(crate) mod step;
pub(crate) mod update;

use turnkeep_domain::tenant::{AppLimit, TenantState};

/// The states of a tenant by their names in a query.
pub(crate) const STATES: [(&str, TenantState); 4] = [
    ("pending_activation", TenantState::PendingActivation),
    ("active", TenantState::Active),
    ("suspended", TenantState::Suspended),
    ("closed", TenantState::Closed),
];

fn app_limit(apps: u32) -> Result<AppLimit, String> {
    AppLimit::new(apps).ok_or_else(|| format!("must be at most {}", AppLimit::MAX))
}
