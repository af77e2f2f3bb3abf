//! `POST /tenants`.

use actix_web::HttpResponse;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::tenant::AppLimit;
use turnkeep_protocol::management::tenant::{CreateTenantRequest, TenantResponse};
use turnkeep_service::registry::create_tenant::{CreateTenantCommand, create_tenant};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::tenants::app_limit;

/// Creates a tenant.
pub(crate) async fn create(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let request: CreateTenantRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let command = command_of(&mut errors, request);
    let command = errors.finish(command)?;
    let tenant = call.run(move |context| create_tenant(context, &command)).await?;
    let location = call.url(&format!("tenants/{}", tenant.id));
    Ok(answer::created(location, Some(tenant.version), &TenantResponse::from(&tenant)))
}

/// What a request says, as far as it is right.
pub(crate) fn command_of(
    errors: &mut FieldErrors,
    request: CreateTenantRequest,
) -> Option<CreateTenantCommand> {
    let CreateTenantRequest { name, app_limit: limit } = request;
    let name = errors.check("name", DisplayName::parse(&name));
    let limit = errors.check_optional("app_limit", limit, app_limit);
    Some(CreateTenantCommand { name: name?, app_limit: limit?.unwrap_or(AppLimit::DEFAULT) })
}
