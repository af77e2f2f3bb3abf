//! The page with the credentials of a new app, which is shown once.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::code_samples::{TokenAccess, code_samples, curl_command};
use turnkeep_console::dashboard::new_app_credentials::NewAppCredentialsPage;
use turnkeep_console::render::{Render, RenderError};
use turnkeep_domain::app::AppSettings;
use turnkeep_domain::tenant::{Tenant, TenantState};
use turnkeep_policy::decide_app_settings::{AppSettingsWarning, warn_of_settings};
use turnkeep_service::registry::create_app::CreatedApp;
use turnkeep_service::registry::list_token_targets::TokenTarget;

use crate::account::error_page::PageError;
use crate::dashboard::apps::chrome_below_list;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::error::fault::FaultKind;

/// The page. What the app can have tokens for is `None` where it could not be found out.
pub(super) fn credentials_page(
    dashboard: &DashboardRequest,
    created: &CreatedApp,
    targets: Option<&[TokenTarget]>,
) -> Result<HttpResponse, PageError> {
    let (tenant, app) = (dashboard.tenant()?, &created.app);
    // Apps that are made here are confidential ones.
    let secret = created.client_secret.as_ref().ok_or(PageError::Fault(FaultKind::Internal))?;
    let page = &dashboard.person.page;
    let issuer = page.state.authority.base_url().issuer_of(&page.issuer);
    let token_endpoint = format!("{issuer}/connect/token");
    let (scope, resource) = asked_for(targets.unwrap_or_default());
    let access = TokenAccess {
        token_endpoint: &token_endpoint,
        client_id: app.client_id.as_str(),
        client_secret: secret.expose(),
        scope: scope.as_deref(),
        resource: resource.as_deref(),
    };
    dashboard.page(StatusCode::OK, rendered(dashboard, tenant, created, targets, &access))
}

fn rendered(
    dashboard: &DashboardRequest,
    tenant: &Tenant,
    created: &CreatedApp,
    targets: Option<&[TokenTarget]>,
    access: &TokenAccess<'_>,
) -> Result<String, RenderError> {
    let app = &created.app;
    let page = NewAppCredentialsPage {
        chrome: chrome_below_list(dashboard, tenant),
        app_name: app.settings.name.to_string(),
        client_id: app.client_id.to_string(),
        client_secret: access.client_secret,
        token_endpoint: access.token_endpoint.to_owned(),
        obstacles: obstacles(tenant.state, targets),
        sign_in_path: is_closed_to_people(&app.settings)
            .then(|| dashboard.paths().app(tenant.id, app.id, "/settings")),
        curl: curl_command(access)?,
        samples: code_samples(access)?.to_vec(),
        app_path: dashboard.paths().app(tenant.id, app.id, ""),
    };
    page.render()
}

/// Whether addresses were typed that are for people, while nobody may sign in to the app yet.
fn is_closed_to_people(settings: &AppSettings) -> bool {
    warn_of_settings(settings, &[]).contains(&AppSettingsWarning::RedirectUriWithoutSignIn)
}

/// The scopes to ask for, and the resource where there are several to choose from.
fn asked_for(targets: &[TokenTarget]) -> (Option<String>, Option<String>) {
    match targets {
        [] => (None, None),
        [only] => (Some(only.scopes.to_string()), None),
        [first, ..] => (Some(first.scopes.to_string()), Some(first.audience.to_string())),
    }
}

fn obstacles(state: TenantState, targets: Option<&[TokenTarget]>) -> Vec<String> {
    let pending = "The tenant is not active yet. Its apps get tokens as soon as whoever operates this instance \
                   activates it.";
    let no_scope = "The app has no scope yet, so it gets no token. Give it one in its settings.";
    let is_pending = state == TenantState::PendingActivation;
    let has_no_scope = targets.is_some_and(<[TokenTarget]>::is_empty);
    let found = [is_pending.then_some(pending), has_no_scope.then_some(no_scope)];
    found.into_iter().flatten().map(str::to_owned).collect()
}
