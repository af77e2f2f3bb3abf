//! `GET` and `POST …/apps/{app}/settings`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::dashboard::app_settings::{AppSettingsPage, ScopeItem};
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::parts::notice::Notice;
use turnkeep_console::render::Render;
use turnkeep_domain::filter::UserFilter;
use turnkeep_domain::id::UserId;
use turnkeep_domain::page::Page;
use turnkeep_domain::resource::Scope;
use turnkeep_domain::user::{User, UserKind};
use turnkeep_policy::permission::Permission;
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::manage_resource::{list_resources, list_scopes};
use turnkeep_service::registry::manage_user::list_users;
use turnkeep_service::registry::update_app::update_app;

use super::fields::Fields;
use super::typed::TypedSettings;
use crate::account::error_page::PageError;
use crate::dashboard::apps::app_page::{AppPage, AppTab};
use crate::dashboard::dashboard_request::{Announcements, DashboardRequest};
use crate::dashboard::denial::{notice_with_stale, page_status};
use crate::dashboard::form_errors::FormErrors;
use crate::dashboard::form_version::form_version;
use crate::management::apps::update::changes_of;
use crate::management::field_errors::FieldErrors;

const CHANGES: Announcements = &[("saved", "The settings are saved. The next token is made by them.")];

/// The settings as they are.
pub(crate) async fn show_settings(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let page = AppPage::open(dashboard).await?;
    let notice = page.dashboard.announced(CHANGES);
    let typed = TypedSettings::of(&page.app().settings);
    answer(&page, StatusCode::OK, notice, (&typed, &FormErrors::default())).await
}

/// Changes them all at once.
pub(crate) async fn submit_settings(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.read_form(payload).await?;
    let page = AppPage::open(dashboard).await?;
    let (version, typed) = (form_version(&mut form)?, TypedSettings::read(&mut form));
    let mut errors = FieldErrors::default();
    let kept = (!page.dashboard.may(Permission::Operate)).then_some(page.app().settings.service_access);
    let request = typed.request(&mut errors, kept);
    let changes = changes_of(&mut errors, request);
    let changes = match errors.finish_fields(changes) {
        Ok(changes) => changes,
        Err(errors) => {
            let errors = FormErrors::from(errors);
            return answer(&page, StatusCode::UNPROCESSABLE_ENTITY, None, (&typed, &errors)).await;
        }
    };
    let id = page.app().id;
    match page.dashboard.act(move |context| update_app(context, id, &changes, Some(version))).await? {
        Ok(_) => Ok(page.dashboard.done(&page.path("/settings"), "saved")),
        Err(denial) => {
            // Who sends the same form again means it: it has the version of now.
            let stale = "Somebody changed this app meanwhile, so nothing was saved. Below is what you typed. Open the \
                         settings anew to see what they are now; saving again puts yours in their place.";
            let notice = Some(notice_with_stale(&denial, stale));
            let refused = (&typed, &FormErrors::of_denial(&denial));
            answer(&page, page_status(&denial), notice, refused).await
        }
    }
}

async fn answer(
    page: &AppPage,
    status: StatusCode,
    notice: Option<Notice>,
    (typed, errors): (&TypedSettings, &FormErrors),
) -> Result<HttpResponse, PageError> {
    let dashboard = &page.dashboard;
    if !dashboard.may(Permission::ManageApps) {
        return Err(PageError::Forbidden);
    }
    let is_operator = dashboard.may(Permission::Operate);
    let (scopes, users) = dashboard.read(move |context| choices(context, is_operator)).await?;
    let fields = Fields { typed, errors, app: page.app(), is_operator };
    let view = AppSettingsPage {
        chrome: Chrome { notice, ..page.chrome() },
        head: page.head(AppTab::Settings),
        action: page.path("/settings"),
        version: page.app().version.as_number(),
        name: fields.name(),
        allowed_domains: fields.allowed_domains(),
        allowed_domains_error: errors.of_itself("allowed_domains"),
        sign_in: fields.sign_in(),
        login_redirect_uris: fields.login_redirect_uris(),
        logout_redirect_uris: fields.logout_redirect_uris(),
        backchannel_logout_uri: fields.backchannel_logout_uri(),
        pkce: fields.pkce(),
        service_access: fields.service_access(),
        system_user: fields.system_user(&users),
        scopes: fields.scopes(),
        known_scopes: scopes.iter().map(scope_item).collect(),
        token_lifetime: fields.token_lifetime(),
        reference_tokens: fields.reference_tokens(),
        basic_authentication: fields.basic_authentication(),
    };
    dashboard.page(status, view.render())
}

/// What there is to choose from: the scopes of the instance and, for operators, its system users.
fn choices(context: &RegistryContext<'_>, is_operator: bool) -> RegistryResult<(Vec<Scope>, Vec<User>)> {
    let mut scopes = Vec::new();
    for resource in list_resources(context)? {
        scopes.extend(list_scopes(context, resource.id)?);
    }
    let filter = UserFilter { kind: Some(UserKind::System), ..UserFilter::default() };
    let page = Page::by_name(Page::<UserId>::MAX_LIMIT);
    let users = if is_operator { list_users(context, &filter, &page)? } else { Vec::new() };
    Ok((scopes, users))
}

fn scope_item(scope: &Scope) -> ScopeItem {
    ScopeItem {
        name: scope.name.to_string(),
        description: scope.description.clone(),
        is_reserved: scope.is_reserved(),
    }
}
