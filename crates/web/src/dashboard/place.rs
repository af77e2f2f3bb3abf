//! The places of the dashboard: what the way around leads to, and where each is.

use std::fmt::Display;

use turnkeep_console::dashboard::chrome::{Link, NavGroup, NavItem};
use turnkeep_domain::id::{AppId, TenantId};
use turnkeep_domain::tenant::Tenant;

use crate::account::paths::PagePaths;

/// Where a page belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The first page, or one that belongs nowhere.
    Home,
    /// In a tenant.
    Tenant(TenantPlace),
    /// Where only operators are.
    Operator(OperatorPlace),
}

/// A part of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TenantPlace {
    Overview,
    Apps,
    Members,
    Usage,
    Audit,
}

/// A part for operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OperatorPlace {
    Tenants,
    People,
    Plans,
    Regions,
    Resources,
    Instances,
    Keys,
    Node,
    Review,
    Audit,
}

impl TenantPlace {
    const ALL: [Self; 5] = [Self::Overview, Self::Apps, Self::Members, Self::Usage, Self::Audit];

    const fn nav(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Overview => ("nav-overview", "Overview", ""),
            Self::Apps => ("nav-apps", "Apps", "/apps"),
            Self::Members => ("nav-members", "Members", "/members"),
            Self::Usage => ("nav-usage", "Usage", "/usage"),
            Self::Audit => ("nav-audit", "Audit", "/audit"),
        }
    }
}

impl OperatorPlace {
    const ALL: [Self; 10] = [
        Self::Tenants,
        Self::People,
        Self::Plans,
        Self::Regions,
        Self::Resources,
        Self::Instances,
        Self::Keys,
        Self::Node,
        Self::Review,
        Self::Audit,
    ];

    const fn nav(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Tenants => ("nav-tenants", "Tenants", "/dashboard/tenants"),
            Self::People => ("nav-people", "People", "/dashboard/people"),
            Self::Plans => ("nav-plans", "Plans", "/dashboard/plans"),
            Self::Regions => ("nav-regions", "Regions", "/dashboard/regions"),
            Self::Resources => ("nav-resources", "Resources", "/dashboard/resources"),
            Self::Instances => ("nav-instances", "Instances", "/dashboard/instances"),
            Self::Keys => ("nav-keys", "Signing keys", "/dashboard/keys"),
            Self::Node => ("nav-node", "Nodes", "/dashboard/node"),
            Self::Review => ("nav-review", "Review", "/dashboard/review"),
            Self::Audit => ("nav-operator-audit", "Audit of all", "/dashboard/audit"),
        }
    }
}

impl PagePaths {
    /// The first page of the dashboard.
    pub(crate) fn dashboard(&self) -> String {
        self.to("/dashboard")
    }

    /// A page of a tenant; `rest` is empty or begins with a slash.
    pub(crate) fn tenant(&self, id: TenantId, rest: &str) -> String {
        self.to(&format!("/dashboard/tenants/{id}{rest}"))
    }

    /// A page of an app; `rest` is empty or begins with a slash.
    pub(crate) fn app(&self, tenant_id: TenantId, id: AppId, rest: &str) -> String {
        self.tenant(tenant_id, &format!("/apps/{id}{rest}"))
    }

    /// The page of an operators' place.
    pub(crate) fn operator_place(&self, place: OperatorPlace) -> String {
        self.to(place.nav().2)
    }

    /// A page of a record in an operators' place; `rest` is empty or begins with a slash.
    pub(crate) fn operator_record(&self, place: OperatorPlace, id: impl Display, rest: &str) -> String {
        self.to(&format!("{}/{id}{rest}", place.nav().2))
    }
}

/// The way around for somebody: their tenant, if they are in one, and the operators' part, if they are one.
pub(crate) fn way_around(
    paths: &PagePaths,
    here: Place,
    tenant: Option<&Tenant>,
    is_operator: bool,
) -> Vec<NavGroup> {
    let of_tenant = tenant.map(|tenant| NavGroup {
        title: tenant.name.to_string(),
        items: TenantPlace::ALL
            .map(|place| {
                let (id, label, rest) = place.nav();
                NavItem {
                    id,
                    label,
                    path: paths.tenant(tenant.id, rest),
                    is_here: here == Place::Tenant(place),
                }
            })
            .to_vec(),
    });
    let of_operators = is_operator.then(|| NavGroup {
        title: "This instance".to_owned(),
        items: OperatorPlace::ALL
            .map(|place| {
                let (id, label, path) = place.nav();
                NavItem { id, label, path: paths.to(path), is_here: here == Place::Operator(place) }
            })
            .to_vec(),
    });
    of_tenant.into_iter().chain(of_operators).collect()
}

/// The step of the way that is an operators' place.
pub(crate) fn crumb_to_place(paths: &PagePaths, place: OperatorPlace) -> Link {
    crumb(place.nav().1, paths.operator_place(place))
}

/// The step of the way that is a tenant.
pub(crate) fn crumb_to_tenant(paths: &PagePaths, tenant: &Tenant) -> Link {
    crumb(tenant.name.to_string(), paths.tenant(tenant.id, ""))
}

/// A step of the way to a page.
pub(crate) fn crumb(label: impl Into<std::borrow::Cow<'static, str>>, path: String) -> Link {
    Link { label: label.into(), path }
}
