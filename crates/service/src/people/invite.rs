//! Inviting somebody into a tenant.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::{InvitationId, TenantId};
use turnkeep_domain::invitation::{Invitation, InvitationStanding, InvitationState};
use turnkeep_domain::membership::Role;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::UserName;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::decide_invitation::{InvitingFacts, decide_invitation_creation, permission_to_invite};
use turnkeep_policy::permission::Permission;
use turnkeep_secret::generated::SecretKind;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::error::StoreError;
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::store::Reads;

use crate::audit::attributes::created;
use crate::handles::make_handle;
use crate::people::attributes::invitation_attributes;
use crate::people::mail_invitation::{addressee, mail_invitation};
use crate::people::membership_facts::member_manager;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::manage_tenant::existing_tenant;
use crate::registry::recording::{Done, mutate};

/// An invitation to make.
#[derive(Debug, Clone)]
pub struct InviteCommand {
    /// Into which tenant.
    pub tenant_id: TenantId,
    /// Whom; the user need not exist yet.
    pub user_name: UserName,
    /// As what.
    pub role: Role,
}

/// An invitation that can be passed on.
#[derive(Debug)]
pub struct OpenInvitation {
    /// The record.
    pub invitation: Invitation,
    /// What the invited person presents: it is not stored, and never shown again.
    pub handle: PlaintextSecret,
}

/// Makes an invitation for 72 hours, and mails it to who has an address; whether anybody got a mail is not told.
pub fn invite(context: &RegistryContext<'_>, command: &InviteCommand) -> RegistryResult<OpenInvitation> {
    const ACTION: &str = "invitation.create";
    let permitted = context
        .require(Permission::ManageMembers)
        .and_then(|()| context.require(permission_to_invite(command.role)));
    context.audited(ACTION, None, permitted)?;
    let handle = make_handle(context.authority, SecretKind::Invitation);
    let hash = handle.hash;
    let (invitation, addressee) = mutate(context, ACTION, None, |change| {
        let InviteCommand { tenant_id, user_name, role } = command;
        let facts = inviting_facts(context, change.writes, *tenant_id, user_name, None, change.now)?;
        decide_invitation_creation(&facts, *role).map_err(RegistryDenial::from)?;
        let invitation = Invitation {
            id: InvitationId::new(change.now, context.authority.random_bytes()),
            instance_id: context.instance_id,
            tenant_id: *tenant_id,
            user_name: user_name.clone(),
            role: *role,
            invited_by: context.caller.actor,
            created_at: change.now,
            expires_at: Invitation::expiry_from(change.now),
            state: InvitationState::Pending,
            version: RecordVersion::FIRST,
        };
        if change.writes.insert_invitation(&invitation, &hash)? == Inserted::Conflict {
            return Err(StoreError::Corrupt { table: "invitations", column: "handle_hash" }.into());
        }
        change.record(ChangeScope::Tenant(context.instance_id, *tenant_id), TokensBefore::Live)?;
        let changes = created(invitation_attributes(&invitation));
        let addressee = addressee(change.writes, context.instance_id, user_name)?;
        Ok(Done::of(invitation.id, (invitation, addressee)).in_tenant(*tenant_id).changes(changes))
    })?;
    mail_invitation(context.authority, addressee, &invitation, &handle.plaintext);
    Ok(OpenInvitation { invitation, handle: handle.plaintext })
}

/// What is around the tenant, leaving aside the invitation that is to be sent again.
pub(super) fn inviting_facts<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    tenant_id: TenantId,
    user_name: &UserName,
    aside: Option<InvitationId>,
    now: Timestamp,
) -> RegistryResult<InvitingFacts> {
    let principal = member_manager(context)?;
    let tenant = existing_tenant(context, reads, tenant_id)?;
    let is_member = match reads.find_user_by_name(context.instance_id, user_name)? {
        Some(user) => reads.find_membership(context.instance_id, tenant.id, user.id)?.is_some(),
        None => false,
    };
    let mut pending = reads.list_invitations(context.instance_id, tenant.id)?;
    pending.retain(|invitation| {
        Some(invitation.id) != aside && invitation.state_at(now) == InvitationStanding::Pending
    });
    Ok(InvitingFacts {
        principal,
        tenant_state: tenant.state,
        is_member,
        is_invited: pending.iter().any(|invitation| invitation.user_name == *user_name),
        pending: u32::try_from(pending.len()).unwrap_or(u32::MAX),
    })
}
