//! The first page: where somebody can go.

use askama::Template;

use crate::dashboard::chrome::Chrome;
use crate::parts::moment::Moment;

/// The first page of who has more than one place to go, or none.
#[derive(Template)]
#[template(path = "dashboard/home.html")]
pub struct HomePage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// The tenants of the person, with their roles.
    pub tenants: Vec<TenantItem>,
    /// Where operators go on.
    pub operator: Option<OperatorOffer>,
    /// The path of the account, for who signs in with nothing but a password.
    pub protect_path: Option<String>,
}

/// A tenant on the first page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantItem {
    /// Its name.
    pub name: String,
    /// What the person is there.
    pub role: String,
    /// The path of its page.
    pub path: String,
    /// What is out of the ordinary about it: `suspended`.
    pub state: Option<String>,
}

/// What operators are offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorOffer {
    /// The path of the list of tenants.
    pub tenants_path: String,
    /// The path that makes a tenant.
    pub new_tenant_path: String,
    /// The newest tenants that have pages.
    pub newest: Vec<NewestTenant>,
}

/// One of the newest tenants, for operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewestTenant {
    /// Its name.
    pub name: String,
    /// The path of its page.
    pub path: String,
    /// What is out of the ordinary about it: `suspended`.
    pub state: Option<String>,
    /// When it was made.
    pub created_at: Moment,
    /// The path that makes an app of it; nothing for one that takes none.
    pub new_app_path: Option<String>,
}
