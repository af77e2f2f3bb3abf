//! An app with everything that a token depends on and that belongs to its tenant, read at once.

use turnkeep_domain::app::App;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::user::User;

use crate::error::StoreResult;
use crate::secret::StoredSecret;

/// An app with what surrounds it.
#[derive(Debug, Clone)]
pub struct LiveApp {
    /// The app.
    pub app: App,
    /// Its tenant.
    pub tenant: Tenant,
    /// The user it acts as, if it does and the user exists.
    pub system_user: Option<User>,
    /// Its secrets, the newest first. Of those that were revoked the oldest may be left out.
    pub secrets: Vec<StoredSecret>,
}

/// What was found under a client id, and the change that it is as of.
#[derive(Debug, Clone)]
pub struct LiveAppAsOf {
    /// `None` if no app has the client id.
    pub found: Option<LiveApp>,
    /// The last change before it was read.
    pub as_of: ChangeSequence,
}

/// Reads of apps with their surroundings.
pub trait LiveAppReads {
    /// By what a client presents, in one query.
    fn find_live_app(&mut self, instance_id: InstanceId, client_id: &ClientId) -> StoreResult<LiveAppAsOf>;
}
