//! What all pages of one app have in common: the app that the address names, the way there, and the tabs.

use turnkeep_console::dashboard::app_tabs::AppHead;
use turnkeep_console::dashboard::chrome::{Chrome, NavItem};
use turnkeep_domain::app::{App, AppState};
use turnkeep_domain::id::AppId;
use turnkeep_domain::tenant::Tenant;
use turnkeep_policy::permission::Permission;
use turnkeep_service::registry::find_app::{AppView, find_app};

use super::chrome_below_list;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;

/// A page of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AppTab {
    Overview,
    Settings,
    Secrets,
    Usage,
    Storage,
    Tokens,
    Audit,
}

/// An app of the tenant of the address. It was there when the request came.
pub(crate) struct AppPage {
    pub(crate) dashboard: DashboardRequest,
    pub(crate) tenant: Tenant,
    pub(crate) view: AppView,
}

impl AppTab {
    const ALL: [Self; 7] = [
        Self::Overview,
        Self::Settings,
        Self::Secrets,
        Self::Usage,
        Self::Storage,
        Self::Tokens,
        Self::Audit,
    ];

    /// The id of its link, what it is called, and its path below that of the app.
    const fn link(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Overview => ("tab-overview", "Overview", ""),
            Self::Settings => ("tab-settings", "Settings", "/settings"),
            Self::Secrets => ("tab-secrets", "Secrets", "/secrets"),
            Self::Usage => ("tab-usage", "Usage", "/usage"),
            Self::Storage => ("tab-storage", "Storage", "/storage"),
            Self::Tokens => ("tab-tokens", "Tokens", "/tokens"),
            Self::Audit => ("tab-audit", "Audit", "/audit"),
        }
    }

    /// What somebody needs for whom it is there.
    const fn permission(self) -> Permission {
        match self {
            Self::Overview | Self::Usage | Self::Tokens => Permission::ReadApps,
            Self::Settings => Permission::ManageApps,
            Self::Secrets => Permission::ReadSecrets,
            Self::Storage => Permission::ReadStorage,
            Self::Audit => Permission::ReadAudit,
        }
    }
}

impl AppPage {
    /// Looks the app up; one of another tenant is not there, for operators neither.
    pub(crate) async fn open(dashboard: DashboardRequest) -> Result<Self, PageError> {
        let (tenant, id) = (dashboard.tenant()?.clone(), dashboard.path_id::<AppId>("app")?);
        let view = dashboard.read(move |context| find_app(context, id)).await?;
        if view.app.tenant_id != tenant.id {
            return Err(PageError::NotFound);
        }
        Ok(Self { dashboard, tenant, view })
    }

    /// The record.
    pub(crate) fn app(&self) -> &App {
        &self.view.app
    }

    /// The path of a page of the app; `rest` is empty or begins with a slash.
    pub(crate) fn path(&self, rest: &str) -> String {
        self.dashboard.paths().app(self.tenant.id, self.view.app.id, rest)
    }

    /// What surrounds the page, with the way to the list of apps.
    pub(crate) fn chrome(&self) -> Chrome<'_> {
        chrome_below_list(&self.dashboard, &self.tenant)
    }

    /// What the page begins with.
    pub(crate) fn head(&self, here: AppTab) -> AppHead {
        let link = |tab: AppTab| {
            let (id, label, rest) = tab.link();
            NavItem { id, label, path: self.path(rest), is_here: tab == here }
        };
        let is_for_person = |tab: &AppTab| self.dashboard.may(tab.permission());
        AppHead {
            name: self.view.app.settings.name.to_string(),
            is_enabled: self.view.app.state == AppState::Enabled,
            tabs: AppTab::ALL.into_iter().filter(is_for_person).map(link).collect(),
        }
    }
}
