//! Invitations to tenants. The handle that its holder presents is known by its SHA-256 only.

use turnkeep_domain::filter::Search;
use turnkeep_domain::id::{InstanceId, InvitationId, TenantId};
use turnkeep_domain::invitation::Invitation;
use turnkeep_domain::version::RecordVersion;

use crate::error::StoreResult;
use crate::outcome::{Inserted, Updated};

/// Reads of invitations.
pub trait InvitationReads {
    /// By tenant and id.
    fn find_invitation(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        id: InvitationId,
    ) -> StoreResult<Option<Invitation>>;
    /// By what its holder presents. There is one tenant for it, which the caller does not know yet.
    fn find_invitation_by_handle(
        &mut self,
        instance_id: InstanceId,
        handle_hash: &[u8; 32],
    ) -> StoreResult<Option<Invitation>>;
    /// All of a tenant, in the order of creation.
    fn list_invitations(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
    ) -> StoreResult<Vec<Invitation>>;
    /// At most so many with this in the invited name that are neither accepted nor cancelled, of one tenant or of all,
    /// the newest first.
    fn search_open_invitations(
        &mut self,
        instance_id: InstanceId,
        tenant_id: Option<TenantId>,
        search: &Search,
        limit: u32,
    ) -> StoreResult<Vec<Invitation>>;
}

/// Changes of invitations.
pub trait InvitationWrites {
    /// Conflicts on the handle.
    fn insert_invitation(&mut self, invitation: &Invitation, handle_hash: &[u8; 32])
    -> StoreResult<Inserted>;
    /// Writes state and expiry, and with `handle_hash` a new handle in the place of the old one, if the stored
    /// version is `replacing`.
    fn update_invitation(
        &mut self,
        invitation: &Invitation,
        handle_hash: Option<&[u8; 32]>,
        replacing: RecordVersion,
    ) -> StoreResult<Updated>;
}
