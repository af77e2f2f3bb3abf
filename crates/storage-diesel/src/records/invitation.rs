//! Rows of `invitations`.

use diesel::prelude::*;
use turnkeep_domain::id::{InstanceId, InvitationId, TenantId, UserId};
use turnkeep_domain::invitation::{Invitation, InvitationState};
use turnkeep_domain::membership::Role;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::UserName;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use crate::schema::invitations;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = invitations)]
pub(crate) struct InvitationRow {
    instance_id: Vec<u8>,
    tenant_id: Vec<u8>,
    id: Vec<u8>,
    user_name: String,
    role: String,
    invited_by: String,
    created_at: i64,
    #[diesel(embed)]
    pub(crate) changes: InvitationChanges,
}

/// What may change about an invitation, beside its handle.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = invitations, treat_none_as_null = true)]
pub(crate) struct InvitationChanges {
    state: String,
    state_at: Option<i64>,
    accepted_by: Option<Vec<u8>>,
    expires_at: i64,
    version: i64,
}

/// How it is stored that an invitation was neither accepted nor cancelled.
pub(crate) const PENDING: &str = "pending";
const ACCEPTED: &str = "accepted";
const CANCELLED: &str = "cancelled";

impl From<&Invitation> for InvitationRow {
    fn from(invitation: &Invitation) -> Self {
        Self {
            instance_id: invitation.instance_id.as_bytes().to_vec(),
            tenant_id: invitation.tenant_id.as_bytes().to_vec(),
            id: invitation.id.as_bytes().to_vec(),
            user_name: invitation.user_name.as_str().to_owned(),
            role: invitation.role.as_str().to_owned(),
            invited_by: invitation.invited_by.to_string(),
            created_at: invitation.created_at.as_micros(),
            changes: InvitationChanges::from(invitation),
        }
    }
}

impl From<&Invitation> for InvitationChanges {
    fn from(invitation: &Invitation) -> Self {
        let (state, at, accepted_by) = match invitation.state {
            InvitationState::Pending => (PENDING, None, None),
            InvitationState::Accepted { by, at } => (ACCEPTED, Some(at), Some(by)),
            InvitationState::Cancelled { at } => (CANCELLED, Some(at), None),
        };
        Self {
            state: state.to_owned(),
            state_at: at.map(Timestamp::as_micros),
            accepted_by: accepted_by.map(|user_id| user_id.as_bytes().to_vec()),
            expires_at: invitation.expires_at.as_micros(),
            version: invitation.version.as_number(),
        }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("invitations", column)
}

impl InvitationRow {
    pub(crate) fn into_domain(self) -> StoreResult<Invitation> {
        Ok(Invitation {
            id: InvitationId::from_bytes(at("id").bytes(&self.id)?),
            instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
            tenant_id: TenantId::from_bytes(at("tenant_id").bytes(&self.tenant_id)?),
            user_name: at("user_name").valid(UserName::parse(&self.user_name))?,
            role: at("role").valid(Role::parse(&self.role))?,
            invited_by: at("invited_by").valid(self.invited_by.parse())?,
            created_at: Timestamp::from_micros(self.created_at),
            expires_at: Timestamp::from_micros(self.changes.expires_at),
            state: self.changes.state()?,
            version: RecordVersion::from_number(self.changes.version),
        })
    }
}

impl InvitationChanges {
    fn state(&self) -> StoreResult<InvitationState> {
        let state_at = self.state_at.map(Timestamp::from_micros);
        match (self.state.as_str(), state_at, &self.accepted_by) {
            (PENDING, None, None) => Ok(InvitationState::Pending),
            (CANCELLED, Some(at), None) => Ok(InvitationState::Cancelled { at }),
            (ACCEPTED, Some(state_at), Some(by)) => {
                let by = UserId::from_bytes(at("accepted_by").bytes(by)?);
                Ok(InvitationState::Accepted { by, at: state_at })
            }
            (_, _, _) => Err(at("state").corrupt()),
        }
    }
}
