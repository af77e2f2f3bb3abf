//! The periodic review of all apps (seed 002).

use serde::{Deserialize, Serialize};

use crate::management::app_fields::{ServiceAccessFields, SignInFields};
#[cfg(feature = "openapi")]
use crate::management::texts;

/// An app as the review shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ReviewedAppResponse {
    /// The app.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::AppIdText"))]
    pub app_id: String,
    /// Its OAuth client id.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::ClientIdText"))]
    pub client_id: String,
    /// Its name.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: String,
    /// Whether it is in use.
    pub enabled: bool,
    /// Its tenant.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TenantIdText"))]
    pub tenant_id: String,
    /// The name of its tenant.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub tenant_name: String,
    /// The names of the tenant's owners who are not disabled.
    #[cfg_attr(feature = "openapi", schemars(with = "Vec<texts::UserNameText>"))]
    pub owners: Vec<String>,
    /// What it may be granted, space-delimited.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::ScopesText"))]
    pub scopes: String,
    /// Which people may sign in.
    pub sign_in: SignInFields,
    /// As whom it acts without a person.
    pub service_access: ServiceAccessFields,
    /// When any of its secrets last authenticated it, to about a minute.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TimeText>"))]
    pub last_used_at: Option<String>,
    /// The age of its oldest live secret, in whole days.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::DaysNumber>"))]
    pub oldest_secret_days: Option<u64>,
    /// When the first of its live secrets to expire does so.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TimeText>"))]
    pub secret_expires_at: Option<String>,
    /// Codes of what would be warned of when it is saved.
    pub warnings: Vec<String>,
    /// Codes of everything that deserves a look, warnings among it.
    pub findings: Vec<String>,
}
