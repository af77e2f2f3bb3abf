//! The page with the link of an invitation, which is shown once.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::invitation_once::InvitationOncePage;
use turnkeep_console::render::Render;
use turnkeep_service::people::invite::OpenInvitation;
use turnkeep_service::people::mail_invitation::invitation_url;

use super::page::members_path;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::place::{Place, TenantPlace, crumb, crumb_to_tenant};
use crate::dashboard::shown::moment;

/// The page.
pub(super) fn invitation_once(
    dashboard: &DashboardRequest,
    open: &OpenInvitation,
) -> Result<HttpResponse, PageError> {
    let (tenant, members_path) = (dashboard.tenant()?, members_path(dashboard)?);
    let OpenInvitation { invitation, handle } = open;
    let page = &dashboard.person.page;
    let link = invitation_url(&page.state.authority, &page.issuer, handle);
    let crumbs = vec![crumb_to_tenant(dashboard.paths(), tenant), crumb("Members", members_path.clone())];
    let view = InvitationOncePage {
        chrome: dashboard.chrome(Place::Tenant(TenantPlace::Members), crumbs),
        user_name: invitation.user_name.to_string(),
        role: invitation.role.to_string(),
        expires_at: moment(invitation.expires_at),
        link: link.expose(),
        members_path,
    };
    dashboard.page(StatusCode::OK, view.render())
}
