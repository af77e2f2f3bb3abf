//! `GET …/apps/{app}/storage`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::storage::{OwnStorage, StoragePage};
use turnkeep_console::parts::notice::Notice;
use turnkeep_console::parts::tick_field::TickedAction;
use turnkeep_console::render::Render;
use turnkeep_domain::storage_config::StorageConfig;
use turnkeep_policy::permission::Permission;
use turnkeep_service::failure::Failure;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::storage_settings::show_settings::show_storage_settings;

use super::outcome::check_item;
use super::typed::{TypedStorage, name_of};
use crate::account::error_page::PageError;
use crate::account::tick::Tick;
use crate::dashboard::apps::app_page::{AppPage, AppTab};
use crate::dashboard::dashboard_request::{Announcements, DashboardRequest};
use crate::dashboard::denial::{notice_of, page_status};
use crate::dashboard::form_errors::FormErrors;
use crate::dashboard::shown::moment;

/// What is ticked before the settings are removed, with a key that is shown to nobody.
pub(super) const SETTINGS_ARE_LOST: Tick = Tick {
    name: "settings_are_lost",
    label: "The settings and the key are lost here; I have them elsewhere, or need them no more.",
    warning_id: "remove-storage-hint",
};

/// What the page says afterwards.
const DONE: Announcements = &[
    ("saved", "The settings are saved. Check the connection before you rely on them."),
    ("checked", "The connection was checked. What came out is below."),
    ("removed", "The settings are removed. The app is on managed storage again."),
];

/// The settings, and what sets them.
pub(crate) async fn show_storage(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let page = AppPage::open(dashboard).await?;
    let notice = page.dashboard.announced(DONE);
    storage_page(&page, StatusCode::OK, notice, (None, &FormErrors::default())).await
}

/// The same after a refusal, with what was typed.
pub(super) async fn show_refused(
    page: &AppPage,
    denial: &RegistryDenial,
    typed: Option<&TypedStorage>,
) -> Result<HttpResponse, PageError> {
    let errors = FormErrors::of_denial(denial);
    let notice = errors.is_empty().then(|| notice_of(denial));
    storage_page(page, page_status(denial), notice, (typed, &errors)).await
}

/// The same with a form that was filled in.
pub(super) async fn storage_page(
    page: &AppPage,
    status: StatusCode,
    notice: Option<Notice>,
    (typed, errors): (Option<&TypedStorage>, &FormErrors),
) -> Result<HttpResponse, PageError> {
    let (id, dashboard) = (page.app().id, &page.dashboard);
    let config = dashboard.read(move |context| match show_storage_settings(context, id) {
        Ok(config) => Ok(Some(config)),
        // The app was there a moment ago, so it is the settings that are not.
        Err(Failure::Denied(RegistryDenial::NotFound)) => Ok(None),
        Err(failure) => Err(failure),
    });
    let config = config.await?;
    let (stored, version) = match &config {
        Some(config) => (TypedStorage::of(&config.settings), Some(config.version.as_number())),
        None => (TypedStorage::default(), None),
    };
    let typed = typed.unwrap_or(&stored);
    let may_manage = dashboard.may(Permission::ManageStorage);
    let view = StoragePage {
        chrome: Chrome { notice, ..page.chrome() },
        head: page.head(AppTab::Storage),
        storage: config.as_ref().map(|config| own_storage(page, config, errors)),
        form: may_manage.then(|| typed.form(page.path("/storage"), version, errors)),
    };
    dashboard.page(status, view.render())
}

fn own_storage(page: &AppPage, config: &StorageConfig, errors: &FormErrors) -> OwnStorage {
    let settings = &config.settings;
    let path = |permission, rest| page.dashboard.may(permission).then(|| page.path(rest));
    OwnStorage {
        version: config.version.as_number(),
        provider: name_of(settings.provider()),
        bucket: settings.bucket().to_string(),
        endpoint: settings.endpoint().to_string(),
        region: settings.region().to_string(),
        access_key: settings.access_key().to_string(),
        updated_at: moment(config.updated_at),
        last_check: config.last_check.map(check_item),
        check_action: path(Permission::CheckStorage, "/storage/check"),
        removal: path(Permission::ManageStorage, "/storage/remove")
            .map(|path| TickedAction { path, tick: SETTINGS_ARE_LOST.field(errors) }),
    }
}
