//! `GET /review`.

use actix_web::HttpResponse;
use turnkeep_domain::id::AppId;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::review_app::ReviewFinding;
use turnkeep_protocol::management::review::ReviewedAppResponse;
use turnkeep_protocol::rfc3339::format_utc;
use turnkeep_service::audit::review_apps::{ReviewFilter, ReviewedApp, review_apps};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::list_query::ListQuery;

const DAY_SECONDS: u64 = 86_400;

/// A page of apps.
pub(super) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let tenant_id = call.queried_tenant()?;
    let query = ListQuery::of(&call)?;
    let page = query.exact_page::<AppId>()?;
    let filter = ReviewFilter { tenant_id, finding: call.query().value("finding").map(str::to_owned) };
    let reviewed = call.run(move |context| review_apps(context, &filter, &page)).await?;
    let now = call.authority().now();
    Ok(answer::view(&query.answer_up_to(&call, &reviewed.apps, reviewed.next_after, |app| show(app, now))))
}

fn show(reviewed: &ReviewedApp, now: Timestamp) -> ReviewedAppResponse {
    let (app, settings) = (&reviewed.app, &reviewed.app.settings);
    let warnings = reviewed.findings.iter().filter(|finding| is_warning(**finding));
    ReviewedAppResponse {
        app_id: app.id.to_string(),
        client_id: app.client_id.to_string(),
        name: settings.name.to_string(),
        enabled: app.state == turnkeep_domain::app::AppState::Enabled,
        tenant_id: app.tenant_id.to_string(),
        tenant_name: reviewed.tenant_name.to_string(),
        owners: reviewed.owners.iter().map(ToString::to_string).collect(),
        scopes: settings.scopes.to_string(),
        sign_in: settings.sign_in.into(),
        service_access: settings.service_access.into(),
        last_used_at: reviewed.last_used_at.map(format_utc),
        oldest_secret_days: reviewed.oldest_secret_at.map(|at| now.since(at).as_secs() / DAY_SECONDS),
        secret_expires_at: reviewed.secret_expires_at.map(format_utc),
        warnings: warnings.map(|finding| finding.code().to_owned()).collect(),
        findings: reviewed.findings.iter().map(|finding| finding.code().to_owned()).collect(),
    }
}

fn is_warning(finding: ReviewFinding) -> bool {
    match finding {
        ReviewFinding::Warning(_) => true,
        ReviewFinding::NoOwner
        | ReviewFinding::UnusedForLong { .. }
        | ReviewFinding::NeverUsed
        | ReviewFinding::DisabledForLong { .. }
        | ReviewFinding::SecretOld { .. }
        | ReviewFinding::NoLiveSecret { .. }
        | ReviewFinding::TokenPerCall { .. } => false,
    }
}
