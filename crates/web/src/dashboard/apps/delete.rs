//! `GET` and `POST …/apps/{app}/delete`: asks first, and has the name typed.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::dashboard::app_delete::AppDeletePage;
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::parts::notice::Notice;
use turnkeep_console::parts::text_field::TextField;
use turnkeep_console::render::Render;
use turnkeep_policy::permission::Permission;
use turnkeep_service::registry::delete_app::delete_app;

use super::app_page::{AppPage, AppTab};
use super::list::DELETED;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::{DashboardRequest, UrgentDashboardRequest};
use crate::dashboard::denial::{notice_of, page_status};

/// The question.
pub(crate) async fn show_delete(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let page = AppPage::open(dashboard).await?;
    answer(&page, StatusCode::OK, None, (String::new(), None))
}

/// Deletes the app whose name was typed.
pub(crate) async fn submit_delete(
    dashboard: UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.0.read_form(payload).await?;
    let page = AppPage::open(dashboard.0).await?;
    let typed = form.take("name").unwrap_or_default();
    let app = page.app();
    if typed.trim() != app.settings.name.as_str() {
        let error = "This is not the name of the app.".to_owned();
        return answer(&page, StatusCode::UNPROCESSABLE_ENTITY, None, (typed, Some(error)));
    }
    // The name that was typed is that of this version.
    let (id, version) = (app.id, app.version);
    match page.dashboard.act(move |context| delete_app(context, id, Some(version))).await? {
        Ok(()) => {
            let list = page.dashboard.paths().tenant(page.tenant.id, "/apps");
            Ok(page.dashboard.done(&list, DELETED))
        }
        Err(denial) => answer(&page, page_status(&denial), Some(notice_of(&denial)), (typed, None)),
    }
}

fn answer(
    page: &AppPage,
    status: StatusCode,
    notice: Option<Notice>,
    (typed, error): (String, Option<String>),
) -> Result<HttpResponse, PageError> {
    if !page.dashboard.may(Permission::ManageApps) {
        return Err(PageError::Forbidden);
    }
    let view = AppDeletePage {
        chrome: Chrome { notice, ..page.chrome() },
        head: page.head(AppTab::Overview),
        action: page.path("/delete"),
        name: TextField {
            id: "confirm-name".into(),
            hint: Some("Type it to show that you mean this app.".into()),
            error,
            required: true,
            ..TextField::line("name", "Name of the app", typed)
        },
        app_path: page.path(""),
    };
    page.dashboard.page(status, view.render())
}
