//! Members and invitations as the page shows them, each with the forms that the reader may use.

use turnkeep_console::dashboard::members::{InvitationActions, InvitationItem, MemberItem, RoleForm};
use turnkeep_domain::id::TenantId;
use turnkeep_domain::invitation::InvitationStanding;
use turnkeep_domain::membership::Role;
use turnkeep_domain::user::UserState;
use turnkeep_policy::decide_invitation::permission_to_invite;
use turnkeep_policy::permission::Permission;
use turnkeep_service::people::actor_names::ActorNames;
use turnkeep_service::people::list_invitations::InvitationView;
use turnkeep_service::people::list_members::Member;

use super::role_field::{role_field, roles_to_give};
use crate::dashboard::audit_items::in_words;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::shown::moment;

/// A member, who is the `number`th on the page.
pub(super) fn member_item(
    dashboard: &DashboardRequest,
    tenant_id: TenantId,
    number: usize,
    member: &Member,
) -> MemberItem {
    let Member { membership, user } = member;
    let is_self = user.id == dashboard.person.signed_in.user.id;
    // Who may make somebody this may also unmake them.
    let may_change =
        dashboard.may(Permission::ManageMembers) && dashboard.may(permission_to_invite(membership.role));
    let is_active = user.state == UserState::Active;
    let path = |rest| dashboard.paths().tenant(tenant_id, &format!("/members/{}{rest}", user.id));
    MemberItem {
        display_name: user.display_name.to_string(),
        user_name: user.name.to_string(),
        role: membership.role.to_string(),
        since: moment(membership.created_at),
        is_self,
        state: (!is_active).then(|| "disabled".to_owned()),
        version: membership.version.as_number(),
        role_form: (may_change && is_active).then(|| RoleForm {
            action: path("/role"),
            role: role_field(
                format!("role-{number}").into(),
                offered_roles(dashboard, is_self, membership.role),
                membership.role.to_string(),
            ),
        }),
        remove_action: (may_change || is_self).then(|| path("/remove")),
    }
}

/// Nobody but an operator raises themselves, so that they are not offered it.
fn offered_roles(dashboard: &DashboardRequest, is_self: bool, present: Role) -> impl Iterator<Item = Role> {
    let is_bound = is_self && !dashboard.acting.is_operator();
    roles_to_give(dashboard).skip_while(move |role| is_bound && *role != present)
}

/// An invitation that nobody took yet.
pub(super) fn invitation_item(
    dashboard: &DashboardRequest,
    tenant_id: TenantId,
    view: &InvitationView,
    names: &ActorNames,
) -> InvitationItem {
    let InvitationView { invitation, standing } = view;
    let path = |rest| dashboard.paths().tenant(tenant_id, &format!("/invitations/{}{rest}", invitation.id));
    let may_change =
        dashboard.may(Permission::ManageMembers) && dashboard.may(permission_to_invite(invitation.role));
    InvitationItem {
        user_name: invitation.user_name.to_string(),
        role: invitation.role.to_string(),
        invited_by: in_words(invitation.invited_by, names),
        expires_at: moment(invitation.expires_at),
        is_expired: *standing == InvitationStanding::Expired,
        version: invitation.version.as_number(),
        actions: may_change.then(|| InvitationActions { resend: path("/resend"), cancel: path("/cancel") }),
    }
}
