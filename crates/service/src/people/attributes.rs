//! Memberships, invitations and management tokens as the audit trail tells of them, under the management API's
//! names. What their holders present is no attribute of them.

use turnkeep_domain::invitation::{Invitation, InvitationState};
use turnkeep_domain::management_token::ManagementToken;
use turnkeep_domain::membership::Membership;

use crate::audit::attributes::{Attributes, utc_text};

/// A user's place in a tenant.
pub(super) fn membership_attributes(membership: &Membership) -> Attributes {
    vec![("role", Some(membership.role.to_string()))]
}

/// An invitation.
pub(super) fn invitation_attributes(invitation: &Invitation) -> Attributes {
    let (state, accepted_by) = match invitation.state {
        InvitationState::Pending => ("pending", None),
        InvitationState::Accepted { by, .. } => ("accepted", Some(by.to_string())),
        InvitationState::Cancelled { .. } => ("cancelled", None),
    };
    vec![
        ("user_name", Some(invitation.user_name.to_string())),
        ("role", Some(invitation.role.to_string())),
        ("state", Some(state.to_owned())),
        ("accepted_by", accepted_by),
        ("expires_at", Some(utc_text(invitation.expires_at))),
    ]
}

/// A management token.
pub(super) fn management_token_attributes(token: &ManagementToken) -> Attributes {
    vec![
        ("user_id", Some(token.user_id.to_string())),
        ("tenant_id", token.tenant_id.map(|tenant_id| tenant_id.to_string())),
        ("expires_at", Some(utc_text(token.expires_at))),
        ("revoked_at", token.revoked_at.map(utc_text)),
    ]
}
