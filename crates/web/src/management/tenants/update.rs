//! `PATCH /tenants/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::TenantId;
use turnkeep_domain::secret_max_age::SecretMaxAge;
use turnkeep_domain::tenant::AppLimit;
use turnkeep_protocol::management::tenant::{TenantResponse, UpdateTenantRequest};
use turnkeep_service::registry::manage_tenant::{TenantChanges, update_tenant};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::tenants::app_limit;

/// Changes a tenant.
pub(crate) async fn update(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: TenantId = call.path_id("id")?;
    let if_match = call.if_match()?;
    let request: UpdateTenantRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let name = errors.check_patch("name", request.name, |text| DisplayName::parse(&text));
    let limit = errors.check_clearable("app_limit", request.app_limit, AppLimit::DEFAULT, app_limit);
    let max_age = errors.check_clearable("secret_max_age_days", request.secret_max_age_days, None, |days| {
        SecretMaxAge::from_days(days).map(Some)
    });
    let ((name, app_limit), secret_max_age) = errors.finish(name.zip(limit).zip(max_age))?;
    let changes = TenantChanges { name, app_limit, secret_max_age };
    let tenant = call.run(move |context| update_tenant(context, id, &changes, if_match)).await?;
    Ok(answer::record(tenant.version, &TenantResponse::from(&tenant)))
}
