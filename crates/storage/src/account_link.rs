//! Links that work once. The handle is known by its SHA-256 only.

use turnkeep_domain::account_link::{AccountLink, AccountLinkPurpose};
use turnkeep_domain::id::{InstanceId, UserId};
use turnkeep_domain::time::Timestamp;

use crate::error::StoreResult;
use crate::outcome::{Inserted, Updated};

/// Reads of links.
pub trait AccountLinkReads {
    /// By what its holder presents.
    fn find_account_link(
        &mut self,
        instance_id: InstanceId,
        handle_hash: &[u8; 32],
    ) -> StoreResult<Option<AccountLink>>;
}

/// Making links.
pub trait AccountLinkStarts {
    /// Conflicts on the handle.
    fn insert_account_link(&mut self, link: &AccountLink, handle_hash: &[u8; 32]) -> StoreResult<Inserted>;
}

/// Changes of links.
pub trait AccountLinkWrites {
    /// Uses one up that has not expired; stale if it was used, has expired or is unknown. There is exactly one who
    /// does not find it stale.
    fn use_account_link(
        &mut self,
        instance_id: InstanceId,
        handle_hash: &[u8; 32],
        now: Timestamp,
    ) -> StoreResult<Updated>;
    /// Uses up all links for just this purpose.
    fn use_account_links_for(
        &mut self,
        instance_id: InstanceId,
        purpose: AccountLinkPurpose,
        now: Timestamp,
    ) -> StoreResult<()>;
    /// Uses up all links to an account.
    fn use_account_links_of(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        now: Timestamp,
    ) -> StoreResult<()>;
}
