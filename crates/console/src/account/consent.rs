//! A remembered consent on the account page.

use crate::parts::moment::Moment;

/// One app that the person allowed.
#[derive(Debug, Clone)]
pub struct ConsentItem {
    /// The name of the app.
    pub app_name: String,
    /// The tenant that the app belongs to.
    pub tenant_name: String,
    /// What was allowed.
    pub scopes: Vec<String>,
    /// When it was allowed.
    pub given_at: Moment,
    /// The path that takes it back.
    pub revoke_action: String,
}
