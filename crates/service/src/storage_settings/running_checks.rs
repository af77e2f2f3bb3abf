//! A bound on checks of connections. Each holds a thread for as long as the other side likes, up to the probe's
//! limit; without a bound one tenant could hold them all.

use std::sync::{Mutex, MutexGuard, PoisonError};

use turnkeep_domain::id::TenantId;

/// How many checks run at once.
const AT_ONCE: usize = 8;
/// How many of them are one tenant's.
const AT_ONCE_PER_TENANT: usize = 2;

/// The checks that run now, by tenant.
#[derive(Debug, Default)]
pub(crate) struct RunningChecks(Mutex<Vec<TenantId>>);

/// One of them; it is over when this is dropped.
#[derive(Debug)]
pub(crate) struct RunningCheck<'a> {
    checks: &'a RunningChecks,
    tenant_id: TenantId,
}

impl RunningChecks {
    /// Begins a check, unless too many run.
    pub(crate) fn try_begin(&self, tenant_id: TenantId) -> Option<RunningCheck<'_>> {
        let mut running = self.lock();
        let own = running.iter().filter(|id| **id == tenant_id).count();
        if AT_ONCE <= running.len() || AT_ONCE_PER_TENANT <= own {
            return None;
        }
        running.push(tenant_id);
        Some(RunningCheck { checks: self, tenant_id })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<TenantId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for RunningCheck<'_> {
    fn drop(&mut self) {
        let mut running = self.checks.lock();
        if let Some(index) = running.iter().position(|id| *id == self.tenant_id) {
            running.swap_remove(index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(number: u8) -> TenantId {
        TenantId::from_bytes([number; 16])
    }

    #[test]
    fn a_tenant_has_its_share_and_no_more() {
        let checks = RunningChecks::default();
        let first = checks.try_begin(tenant(1)).unwrap();
        let _second = checks.try_begin(tenant(1)).unwrap();
        assert!(checks.try_begin(tenant(1)).is_none());
        assert!(checks.try_begin(tenant(2)).is_some());
        drop(first);
        assert!(checks.try_begin(tenant(1)).is_some());
    }

    #[test]
    fn all_tenants_together_have_a_bound() {
        let checks = RunningChecks::default();
        let running: Vec<_> = (0..8).map(|number| checks.try_begin(tenant(number)).unwrap()).collect();
        assert!(checks.try_begin(tenant(9)).is_none());
        drop(running);
        assert!(checks.try_begin(tenant(9)).is_some());
    }
}
