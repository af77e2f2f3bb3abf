//! `POST /dashboard/tenants/{tenant}/members`: invites somebody. The answer has the link in it, so it is no redirect.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_domain::membership::Role;
use turnkeep_domain::user::UserName;
use turnkeep_policy::permission::Permission;
use turnkeep_service::people::invite::{InviteCommand, invite};

use super::invitation_once::invitation_once;
use super::page::{TypedInvitation, members_page};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::denial::{notice_of, page_status};
use crate::dashboard::form_errors::FormErrors;
use crate::management::field_errors::FieldErrors;

/// Invites somebody and shows the link. Sent twice, it finds the invitation pending.
pub(crate) async fn submit_invitation(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.read_form(payload).await?;
    let tenant_id = dashboard.tenant()?.id;
    let mut text = |name| form.take(name).unwrap_or_default();
    let mut typed =
        TypedInvitation { user_name: text("user_name"), role: text("role"), errors: FormErrors::default() };
    let mut errors = FieldErrors::default();
    let user_name = errors.check("user_name", UserName::parse(typed.user_name.trim()));
    let role = errors.check("role", Role::parse(&typed.role));
    let command = match errors.finish_fields(user_name.zip(role)) {
        Ok((user_name, role)) => InviteCommand { tenant_id, user_name, role },
        Err(_) if !dashboard.may(Permission::ManageMembers) => return Err(PageError::Forbidden),
        Err(errors) => {
            typed.errors = errors.into();
            return members_page(&dashboard, &typed, None, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    match dashboard.act(move |context| invite(context, &command)).await? {
        Ok(open) => invitation_once(&dashboard, &open),
        Err(denial) => {
            typed.errors = FormErrors::of_denial(&denial);
            let notice = typed.errors.is_empty().then(|| notice_of(&denial));
            members_page(&dashboard, &typed, notice, page_status(&denial)).await
        }
    }
}
