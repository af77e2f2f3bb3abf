//! The page with the members and the invitations, as it is shown at first and after something was refused.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::members::{InviteForm, MembersPage};
use turnkeep_console::parts::choice_field::ChoiceField;
use turnkeep_console::parts::notice::Notice;
use turnkeep_console::parts::text_field::TextField;
use turnkeep_console::render::Render;
use turnkeep_domain::id::{TenantId, UserId};
use turnkeep_domain::invitation::InvitationStanding;
use turnkeep_domain::membership::Role;
use turnkeep_domain::page::{Direction, Order, Page};
use turnkeep_policy::permission::Permission;
use turnkeep_service::people::actor_names::{ActorNames, find_actor_names};
use turnkeep_service::people::list_invitations::{InvitationFilter, InvitationView, list_invitations};
use turnkeep_service::people::list_members::{Member, find_member, list_members};
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::denial::RegistryDenial;

use super::items::{invitation_item, member_item};
use super::role_field::{role_field, roles_to_give};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::denial::{notice_of, page_status};
use crate::dashboard::form_errors::FormErrors;
use crate::dashboard::listing::{LOOKED_FOR, SHOWN, cut, next_path};
use crate::dashboard::place::{Place, TenantPlace, crumb_to_tenant};

/// What somebody typed into the form that invites, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct TypedInvitation {
    pub(super) user_name: String,
    pub(super) role: String,
    pub(super) errors: FormErrors,
}

/// What the page is made of.
struct People {
    members: Vec<Member>,
    invitations: Vec<InvitationView>,
    names: ActorNames,
}

/// The path of the page.
pub(super) fn members_path(dashboard: &DashboardRequest) -> Result<String, PageError> {
    Ok(dashboard.paths().tenant(dashboard.tenant()?.id, "/members"))
}

/// The page after something was refused.
pub(super) async fn refused(
    dashboard: &DashboardRequest,
    denial: &RegistryDenial,
) -> Result<HttpResponse, PageError> {
    let notice = Some(notice_of(denial));
    members_page(dashboard, &TypedInvitation::default(), notice, page_status(denial)).await
}

/// The page.
pub(super) async fn members_page(
    dashboard: &DashboardRequest,
    typed: &TypedInvitation,
    notice: Option<Notice>,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let tenant = dashboard.tenant()?;
    let (tenant_id, path) = (tenant.id, members_path(dashboard)?);
    let after: Option<UserId> = dashboard.query()?.take("after").and_then(|id| id.parse().ok());
    let mut people = dashboard.read(move |context| find_people(context, tenant_id, after)).await?;
    let next_path = cut(&mut people.members).map(|last| next_path(&path, &[], &last.user.id));
    let members = people.members.iter().zip(1..);
    let invitations = people.invitations.iter();
    let crumbs = vec![crumb_to_tenant(dashboard.paths(), tenant)];
    let page = MembersPage {
        chrome: Chrome { notice, ..dashboard.chrome(Place::Tenant(TenantPlace::Members), crumbs) },
        next_path,
        members: members.map(|(member, n)| member_item(dashboard, tenant_id, n, member)).collect(),
        invitations: invitations
            .map(|view| invitation_item(dashboard, tenant_id, view, &people.names))
            .collect(),
        invite: dashboard.may(Permission::ManageMembers).then(|| invite_form(dashboard, path, typed)),
    };
    dashboard.page(status, page.render())
}

fn find_people(
    context: &RegistryContext<'_>,
    tenant_id: TenantId,
    after: Option<UserId>,
) -> RegistryResult<People> {
    // After somebody who is gone meanwhile, the list begins anew.
    let after = after.and_then(|id| find_member(context, tenant_id, id).ok());
    let after = after.map(|member| (member.user.name.to_string(), member.user.id));
    let page = Page { order: Order::Name { after }, ..Page::first(LOOKED_FOR) };
    let members = list_members(context, tenant_id, None, &page)?;
    let mut invitations = Vec::new();
    for standing in [InvitationStanding::Pending, InvitationStanding::Expired] {
        let filter = InvitationFilter { standing: Some(standing), role: None };
        let newest = Page { direction: Direction::Descending, ..Page::first(SHOWN) };
        invitations.extend(list_invitations(context, tenant_id, &filter, &newest)?);
    }
    let inviters: Vec<_> = invitations.iter().map(|view| view.invitation.invited_by).collect();
    let names = find_actor_names(context, &inviters)?;
    Ok(People { members, invitations, names })
}

fn invite_form(dashboard: &DashboardRequest, action: String, typed: &TypedInvitation) -> InviteForm {
    let chosen = if typed.role.is_empty() { Role::Developer.to_string() } else { typed.role.clone() };
    let role = role_field("invite-role".into(), roles_to_give(dashboard), chosen);
    InviteForm {
        action,
        user_name: TextField {
            id: "invite-user-name".into(),
            hint: Some(
                "What they sign in with here. Whether anybody has this name is told to nobody.".into(),
            ),
            error: typed.errors.of("user_name"),
            required: true,
            max_length: Some(100),
            ..TextField::line("user_name", "User name", typed.user_name.clone())
        },
        role: ChoiceField { error: typed.errors.of("role"), ..role },
    }
}
