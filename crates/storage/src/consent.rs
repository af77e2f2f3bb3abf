//! What people allowed apps to have.

use turnkeep_domain::consent::Consent;
use turnkeep_domain::id::{AppId, InstanceId, UserId};

use crate::error::StoreResult;
use crate::outcome::Updated;

/// Reads of consents.
pub trait ConsentReads {
    /// By person and app.
    fn find_consent(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        app_id: AppId,
    ) -> StoreResult<Option<Consent>>;
    /// All of a person, the newest first.
    fn list_consents(&mut self, instance_id: InstanceId, user_id: UserId) -> StoreResult<Vec<Consent>>;
}

/// Giving consent.
pub trait ConsentStarts {
    /// Puts it in the place of what the person had allowed the app before.
    fn put_consent(&mut self, consent: &Consent) -> StoreResult<()>;
}

/// Taking it back.
pub trait ConsentEnds {
    /// Stale if there is none.
    fn delete_consent(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        app_id: AppId,
    ) -> StoreResult<Updated>;
}
