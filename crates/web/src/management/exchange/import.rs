//! `POST /import`.

use actix_web::HttpResponse;
use turnkeep_protocol::management::exchange::{ImportRequest, ImportResponse, OnRefusalName};
use turnkeep_service::exchange::import_records::{ImportMode, ImportOptions, OnRefusal, import_document};

use crate::error::api_error::ApiError;
use crate::import_report::show_import;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::idempotency::MAX_KEPT_BYTES;

/// Imports a document.
pub(super) async fn import(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let request: ImportRequest = call.json().await?;
    let options = ImportOptions {
        mode: if request.dry_run { ImportMode::DryRun } else { ImportMode::Apply },
        on_refusal: match request.on_refusal {
            OnRefusalName::ImportNothing => OnRefusal::ImportNothing,
            OnRefusalName::SkipRecord => OnRefusal::SkipRecord,
        },
        default_tenant: request.tenant,
        default_region: request.region,
    };
    let document = request.document;
    let report = call.run(move |context| import_document(context, document.get(), &options)).await?;
    let response = show_import(&report);
    Ok(answer::view_with_kept_form(&response, &kept_form(&response)))
}

/// An answer that is too long to be kept does without the changes.
fn kept_form(response: &ImportResponse) -> ImportResponse {
    let mut kept = response.clone();
    let length = serde_json::to_string(response).map_or(0, |text| text.len());
    if MAX_KEPT_BYTES < length {
        kept.changes_shown = false;
        for record in &mut kept.records {
            record.changes.clear();
        }
    }
    kept
}
