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
    let changes = changes_of(&mut errors, request);
    let changes = errors.finish(changes)?;
    let tenant = call.run(move |context| update_tenant(context, id, &changes, if_match)).await?;
    Ok(answer::record(tenant.version, &TenantResponse::from(&tenant)))
}

/// What a request says, as far as it is right.
pub(crate) fn changes_of(errors: &mut FieldErrors, request: UpdateTenantRequest) -> Option<TenantChanges> {
    let name = errors.check_patch("name", request.name, |text| DisplayName::parse(&text));
    let limit = errors.check_clearable("app_limit", request.app_limit, AppLimit::DEFAULT, app_limit);
    let max_age = errors.check_clearable("secret_max_age_days", request.secret_max_age_days, None, |days| {
        SecretMaxAge::from_days(days).map(Some)
    });
    Some(TenantChanges { name: name?, app_limit: limit?, secret_max_age: max_age? })
}
