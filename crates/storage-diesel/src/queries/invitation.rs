//! Queries of invitations.

use diesel::prelude::*;
use turnkeep_domain::filter::Search;
use turnkeep_domain::id::{InstanceId, InvitationId, TenantId};
use turnkeep_domain::invitation::Invitation;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::invitation::{InvitationReads, InvitationWrites};
use turnkeep_storage::outcome::{Inserted, Updated};

use crate::per_backend::{insert_unless_conflict, inserted, updated};
use crate::queries::keyset::{self, containing};
use crate::records::invitation::{InvitationRow, PENDING};
use crate::schema::invitations;
use crate::session::Session;

impl InvitationReads for Session<'_> {
    fn find_invitation(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        id: InvitationId,
    ) -> StoreResult<Option<Invitation>> {
        let query = invitations::table
            .filter(invitations::instance_id.eq(instance_id.as_bytes()))
            .filter(invitations::tenant_id.eq(tenant_id.as_bytes()))
            .filter(invitations::id.eq(id.as_bytes()))
            .select(InvitationRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(InvitationRow::into_domain).transpose()
    }

    fn find_invitation_by_handle(
        &mut self,
        instance_id: InstanceId,
        handle_hash: &[u8; 32],
    ) -> StoreResult<Option<Invitation>> {
        let query = invitations::table
            .filter(invitations::instance_id.eq(instance_id.as_bytes()))
            .filter(invitations::handle_hash.eq(handle_hash))
            .select(InvitationRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(InvitationRow::into_domain).transpose()
    }

    fn list_invitations(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
    ) -> StoreResult<Vec<Invitation>> {
        let query = invitations::table
            .filter(invitations::instance_id.eq(instance_id.as_bytes()))
            .filter(invitations::tenant_id.eq(tenant_id.as_bytes()))
            .order(invitations::id)
            .select(InvitationRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(InvitationRow::into_domain).collect()
    }

    fn search_open_invitations(
        &mut self,
        instance_id: InstanceId,
        tenant_id: Option<TenantId>,
        search: &Search,
        limit: u32,
    ) -> StoreResult<Vec<Invitation>> {
        let mut query = invitations::table
            .filter(invitations::instance_id.eq(instance_id.as_bytes().to_vec()))
            .filter(invitations::state.eq(PENDING))
            .filter(containing!(invitations::user_name, search.key().to_owned()))
            .select(InvitationRow::as_select())
            .into_boxed();
        if let Some(tenant_id) = tenant_id {
            query = query.filter(invitations::tenant_id.eq(tenant_id.as_bytes().to_vec()));
        }
        let query = query.order(invitations::id.desc()).limit(keyset::limit(limit));
        self.run(|c| query.load(c))?.into_iter().map(InvitationRow::into_domain).collect()
    }
}

impl InvitationWrites for Session<'_> {
    fn insert_invitation(
        &mut self,
        invitation: &Invitation,
        handle_hash: &[u8; 32],
    ) -> StoreResult<Inserted> {
        let row = (InvitationRow::from(invitation), invitations::handle_hash.eq(handle_hash));
        self.run(|c| insert_unless_conflict!(c, invitations::table, row)).map(inserted)
    }

    fn update_invitation(
        &mut self,
        invitation: &Invitation,
        handle_hash: Option<&[u8; 32]>,
        replacing: RecordVersion,
    ) -> StoreResult<Updated> {
        let stored = invitations::table
            .filter(invitations::instance_id.eq(invitation.instance_id.as_bytes()))
            .filter(invitations::tenant_id.eq(invitation.tenant_id.as_bytes()))
            .filter(invitations::id.eq(invitation.id.as_bytes()))
            .filter(invitations::version.eq(replacing.as_number()));
        let changes = InvitationRow::from(invitation).changes;
        let handle = handle_hash.map(|hash| invitations::handle_hash.eq(hash));
        self.run(|c| diesel::update(stored).set((&changes, handle)).execute(c)).map(updated)
    }
}
