//! A remembered consent on the account page.

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
    pub given_at: String,
    /// The path that takes it back.
    pub revoke_action: String,
}
