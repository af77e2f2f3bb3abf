//! Tenants.

pub(crate) mod create;
pub(crate) mod operations;
pub(crate) mod read;
pub(crate) mod step;
pub(crate) mod update;

use turnkeep_domain::tenant::AppLimit;

fn app_limit(apps: u32) -> Result<AppLimit, String> {
    AppLimit::new(apps).ok_or_else(|| format!("must be at most {}", AppLimit::MAX))
}
