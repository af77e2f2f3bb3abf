//! Whose part of the trail the pages are about: that of the tenant of the address, or, for operators, all of the instance.

use turnkeep_console::dashboard::chrome::{Chrome, Link};
use turnkeep_domain::id::TenantId;
use turnkeep_domain::tenant::Tenant;

use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::place::{OperatorPlace, Place, TenantPlace, crumb, crumb_to_tenant};

/// The part.
pub(super) struct TrailScope<'a> {
    dashboard: &'a DashboardRequest,
    tenant: Option<&'a Tenant>,
}

impl<'a> TrailScope<'a> {
    /// The part that an address is about. There is none for who is no operator and names no tenant.
    pub(super) fn of(dashboard: &'a DashboardRequest) -> Result<Self, PageError> {
        let tenant = dashboard.acting.tenant.as_ref();
        if tenant.is_none() {
            dashboard.require_operator()?;
        }
        Ok(Self { dashboard, tenant })
    }

    /// The tenant that lists and exports keep to.
    pub(super) fn tenant_id(&self) -> Option<TenantId> {
        self.tenant.map(|tenant| tenant.id)
    }

    /// What the pages are called.
    pub(super) fn title(&self) -> &'static str {
        if self.tenant.is_some() { "Audit" } else { "Audit of all tenants" }
    }

    /// A path; `rest` is empty or begins with a slash.
    pub(super) fn path(&self, rest: &str) -> String {
        match self.tenant {
            Some(tenant) => self.dashboard.paths().tenant(tenant.id, &format!("/audit{rest}")),
            None => format!("{}{rest}", self.dashboard.paths().operator_place(OperatorPlace::Audit)),
        }
    }

    /// What surrounds the list.
    pub(super) fn chrome(&self) -> Chrome<'a> {
        self.chrome_below(None)
    }

    /// What surrounds a page that the list leads to.
    pub(super) fn chrome_of_event(&self) -> Chrome<'a> {
        self.chrome_below(Some(crumb(self.title(), self.path(""))))
    }

    fn chrome_below(&self, list: Option<Link>) -> Chrome<'a> {
        let of_tenant = self.tenant.map(|tenant| crumb_to_tenant(self.dashboard.paths(), tenant));
        let here = match self.tenant {
            Some(_) => Place::Tenant(TenantPlace::Audit),
            None => Place::Operator(OperatorPlace::Audit),
        };
        self.dashboard.chrome(here, of_tenant.into_iter().chain(list).collect())
    }
}
