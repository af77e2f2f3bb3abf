//! `GET /dashboard/tenants/{tenant}/members`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::page::{TypedInvitation, members_page};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::{Announcements, DashboardRequest};

/// What the page says after something was done.
const DONE: Announcements = &[
    ("role-changed", "The role was changed. It counts from the next request on."),
    ("member-removed", "The membership is over, and so are the open invitations that the member made."),
    ("invitation-cancelled", "The invitation was taken back. Its link does not work any more."),
];

/// The members and the open invitations.
pub(crate) async fn show_members(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let notice = dashboard.announced(DONE);
    members_page(&dashboard, &TypedInvitation::default(), notice, StatusCode::OK).await
}
