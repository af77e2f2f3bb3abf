//! `POST /dashboard/people/{user}/welcome`: makes the link with which a person chooses a password, and shows it once.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::dashboard::welcome_link::WelcomeLinkPage;
use turnkeep_console::render::Render;
use turnkeep_domain::id::UserId;
use turnkeep_service::people::welcome_user::{Welcome, welcome_user};

use super::person::{find, show_refused};
use super::person_path;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::denial::notice_of_link;
use crate::dashboard::form_once::form_once;
use crate::dashboard::operators::refusal::Refusal;
use crate::dashboard::place::{OperatorPlace, Place, crumb, crumb_to_place};
use crate::dashboard::shown::moment;

/// The link.
pub(crate) async fn submit_welcome(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let id: UserId = dashboard.path_id("user")?;
    let claim = form_once(&dashboard, &mut form)?;
    let Welcome { link, is_mailed } =
        match dashboard.act_once(claim, move |context| welcome_user(context, id)).await? {
            Ok(welcome) => welcome,
            Err(denial) => {
                let notice = Some(notice_of_link(&denial));
                return show_refused(&dashboard, Refusal { notice, ..Refusal::from(denial) }).await;
            }
        };
    let (user, paths) = (find(&dashboard).await?, dashboard.paths());
    let crumbs = vec![
        crumb_to_place(paths, OperatorPlace::People),
        crumb(user.display_name.to_string(), person_path(paths, id, "")),
    ];
    let view = WelcomeLinkPage {
        chrome: dashboard.chrome(Place::Operator(OperatorPlace::People), crumbs),
        person: user.display_name.to_string(),
        link: link.url.expose(),
        expires_at: moment(link.expires_at),
        mailed_to: user.email.filter(|_| is_mailed).map(|address| address.to_string()),
        person_path: person_path(paths, id, ""),
    };
    dashboard.page(StatusCode::OK, view.render())
}
