//! `POST …/apps/{app}/secrets/{secret}/revoke` and `…/revoke-others`: secrets that stop to work at once.

use actix_web::{HttpResponse, web};
use turnkeep_domain::id::{AppId, SecretId};
use turnkeep_domain::version::RecordVersion;
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::revoke_secret::{revoke_other_secrets, revoke_secret};

use super::show::show_refused;
use crate::account::error_page::PageError;
use crate::dashboard::apps::app_page::AppPage;
use crate::dashboard::dashboard_request::{DashboardRequest, UrgentDashboardRequest};
use crate::dashboard::form_version::form_version;

/// Takes one back.
pub(crate) async fn submit_revocation(
    UrgentDashboardRequest(dashboard): UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    revoke(dashboard, payload, "revoked", revoke_secret).await
}

/// Takes all others back.
pub(crate) async fn submit_revocation_of_others(
    UrgentDashboardRequest(dashboard): UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let revoke_others = |context: &RegistryContext<'_>, id, keep, version| {
        revoke_other_secrets(context, id, keep, version).map(drop)
    };
    revoke(dashboard, payload, "others-revoked", revoke_others).await
}

async fn revoke(
    dashboard: DashboardRequest,
    payload: web::Payload,
    word: &'static str,
    use_case: fn(&RegistryContext<'_>, AppId, SecretId, Option<RecordVersion>) -> RegistryResult<()>,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.read_form(payload).await?;
    let page = AppPage::open(dashboard).await?;
    let (id, version) = (page.app().id, form_version(&mut form)?);
    let secret_id: SecretId = page.dashboard.path_id("secret")?;
    match page.dashboard.act(move |context| use_case(context, id, secret_id, Some(version))).await? {
        Ok(()) => Ok(page.dashboard.done(&page.path("/secrets"), word)),
        Err(denial) => show_refused(&page, &denial).await,
    }
}
