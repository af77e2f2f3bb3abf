//! The role walk among people.

use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{InvitationId, ManagementTokenId, TenantId, UserId};
use turnkeep_domain::management_token::ManagementTokenLifetime;
use turnkeep_domain::membership::Role;
use turnkeep_domain::page::Page;
use turnkeep_domain::user::{UserKind, UserName, UserState};
use turnkeep_policy::permission::Permission::{ManageMembers, Operate, ReadMembers};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::people::cancel_invitation::cancel_invitation;
use turnkeep_service::people::issue_management_token::{IssueManagementTokenCommand, issue_management_token};
use turnkeep_service::people::list_invitations::{find_invitation, list_invitations};
use turnkeep_service::people::list_management_tokens::list_management_tokens;
use turnkeep_service::people::list_members::{find_member, list_members};
use turnkeep_service::people::manage_operators::{
    add_operator, is_operator, list_operators, remove_operator,
};
use turnkeep_service::people::remove_member::remove_member;
use turnkeep_service::people::resend_invitation::resend_invitation;
use turnkeep_service::people::revoke_management_token::revoke_management_token;
use turnkeep_service::people::set_member::set_member;
use turnkeep_service::people::update_user::{UserChanges, update_user};
use turnkeep_service::people::welcome_user::welcome_user;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::manage_user::{
    CreateUserCommand, create_user, find_user, list_users, switch_user,
};
use turnkeep_service::sign_in::account_links::{create_welcome_link, create_welcome_link_by_name};
use turnkeep_service::sign_in::change_password::set_password_of;
use turnkeep_service::sign_in::end_sessions::end_sessions_of_user;
use turnkeep_testkit::fixtures::name;

use super::people_verbs::{inviting, told, told_of_account};
use super::role_walk::Step;

pub(super) fn walk_people(context: &RegistryContext<'_>, own: TenantId) -> Vec<Step> {
    let mut steps = in_tenant(context, own);
    steps.extend(in_instance(context));
    steps
}

fn in_tenant(context: &RegistryContext<'_>, own: TenantId) -> Vec<Step> {
    let (user, invitation) = (UserId::from_bytes([9; 16]), InvitationId::from_bytes([9; 16]));
    let all = Default::default();
    vec![
        ("list_members", ReadMembers, told(list_members(context, own, None, &Page::first(9)))),
        ("find_member", ReadMembers, told(find_member(context, own, user))),
        ("set_member", ManageMembers, told(set_member(context, own, user, Role::Auditor, None))),
        ("remove_member", ManageMembers, told(remove_member(context, own, user, None))),
        ("list_invitations", ReadMembers, told(list_invitations(context, own, &all, &Page::first(9)))),
        ("find_invitation", ReadMembers, told(find_invitation(context, own, invitation))),
        ("invite", ManageMembers, told(inviting(context, own, "walker", Role::Auditor))),
        ("resend_invitation", ManageMembers, told(resend_invitation(context, own, invitation))),
        ("cancel_invitation", ManageMembers, told(cancel_invitation(context, own, invitation, None))),
    ]
}

fn in_instance(context: &RegistryContext<'_>) -> Vec<Step> {
    let (user, token) = (UserId::from_bytes([9; 16]), ManagementTokenId::from_bytes([9; 16]));
    let display_name: DisplayName = name("Walker");
    let create = CreateUserCommand {
        kind: UserKind::Internal,
        name: UserName::parse("walker").unwrap(),
        display_name: display_name.clone(),
        email: None,
    };
    let rename = UserChanges { display_name: Some(display_name.clone()), email: None };
    let lifetime = ManagementTokenLifetime::default();
    let issue = IssueManagementTokenCommand { user_id: user, tenant_id: None, lifetime };
    let password = PlaintextSecret::new("violet tractor sings".to_owned());
    let all = Default::default();
    vec![
        ("create_user", Operate, told(create_user(context, &create))),
        ("list_users", Operate, told(list_users(context, &all, &Page::first(9)))),
        ("find_user", Operate, told(find_user(context, user))),
        ("update_user", Operate, told(update_user(context, user, &rename, None))),
        ("switch_user", Operate, told(switch_user(context, user, UserState::Disabled, None))),
        ("list_operators", Operate, told(list_operators(context, &all, &Page::first(9)))),
        ("is_operator", Operate, told(is_operator(context, user))),
        ("add_operator", Operate, told(add_operator(context, user))),
        ("remove_operator", Operate, told(remove_operator(context, user))),
        ("issue_management_token", Operate, told(issue_management_token(context, &issue))),
        (
            "list_management_tokens",
            Operate,
            told(list_management_tokens(context, user, None, &Page::first(9))),
        ),
        ("end_sessions_of_user", Operate, told(end_sessions_of_user(context, user))),
        ("create_welcome_link", Operate, told_of_account(create_welcome_link(context, user))),
        (
            "create_welcome_link_by_name",
            Operate,
            told_of_account(create_welcome_link_by_name(context, &create.name)),
        ),
        ("welcome_user", Operate, told(welcome_user(context, user))),
        ("set_password_of", Operate, told_of_account(set_password_of(context, &create.name, &password))),
        ("revoke_management_token", Operate, told(revoke_management_token(context, user, token))),
    ]
}
