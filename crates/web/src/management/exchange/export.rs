//! `GET /export`.

use actix_web::HttpResponse;
use turnkeep_service::exchange::export_records::{Hashes, export_records};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;

/// The records that the caller may see.
pub(super) async fn export(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let tenant_id = call.queried_tenant()?;
    let hashes = match call.query().value("include_hashes") {
        Some("true") => Hashes::Included,
        Some(_) | None => Hashes::Withheld,
    };
    let text = call.run(move |context| export_records(context, tenant_id, hashes)).await?;
    Ok(answer::json_text(text))
}
