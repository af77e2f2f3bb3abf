//! `GET /export`.

use actix_web::HttpResponse;
use turnkeep_domain::id::TenantId;
use turnkeep_service::exchange::export_records::{Hashes, export_records};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;

/// The records that the caller may see.
pub(super) async fn export(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    // What is no tenant's id is as good as a tenant that the caller does not reach.
    let tenant_id: Option<TenantId> = call
        .query()
        .value("tenant_id")
        .map(|text| text.parse().map_err(|_| ApiError::NotFound))
        .transpose()?;
    let hashes = match call.query().value("include_hashes") {
        Some("true") => Hashes::Included,
        Some(_) | None => Hashes::Withheld,
    };
    let text = call.run(move |context| export_records(context, tenant_id, hashes)).await?;
    Ok(answer::json_text(text))
}
