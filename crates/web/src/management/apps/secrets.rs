//! `GET` and `POST /apps/{id}/secrets`, `POST …/secrets/regenerate`, `DELETE …/secrets/{secret_id}`.

use actix_web::HttpResponse;
use turnkeep_domain::client_secret::Overlap;
use turnkeep_domain::id::{AppId, SecretId};
use turnkeep_protocol::management::list::ListResponse;
use turnkeep_protocol::management::secret::{AddSecretRequest, NewSecretResponse, SecretResponse};
use turnkeep_protocol::revealed_secret::RevealedSecret;
use turnkeep_service::registry::add_secret::{AddedSecret, add_secret, regenerate_secret};
use turnkeep_service::registry::list_secrets::list_secrets;
use turnkeep_service::registry::revoke_secret::revoke_secret;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;

/// Those of an app, without the secrets.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let app_id: AppId = call.path_id("id")?;
    let secrets = call.run(move |context| list_secrets(context, app_id)).await?;
    let now = call.authority().now();
    let items = secrets.iter().map(|secret| SecretResponse::new(secret, now)).collect();
    Ok(answer::view(&ListResponse::complete(items)))
}

/// Adds one beside the older one.
pub(crate) async fn add(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let app_id: AppId = call.path_id("id")?;
    let request: AddSecretRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let overlap = errors.check("overlap_seconds", Overlap::from_secs(request.overlap_seconds));
    let overlap = errors.finish(overlap)?;
    let added = call.run(move |context| add_secret(context, app_id, overlap)).await?;
    Ok(show_new(&call, app_id, &added))
}

/// Replaces all of them.
pub(crate) async fn regenerate(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let app_id: AppId = call.path_id("id")?;
    let added = call.run(move |context| regenerate_secret(context, app_id)).await?;
    Ok(show_new(&call, app_id, &added))
}

/// Takes one back.
pub(crate) async fn revoke(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (app_id, id): (AppId, SecretId) = (call.path_id("id")?, call.path_id("secret_id")?);
    call.run(move |context| revoke_secret(context, app_id, id)).await?;
    Ok(answer::done())
}

fn show_new(call: &ManagementCall, app_id: AppId, added: &AddedSecret) -> HttpResponse {
    let response = NewSecretResponse {
        secret: SecretResponse::new(&added.secret, call.authority().now()),
        client_secret: RevealedSecret::new(added.plaintext.expose().to_owned()),
    };
    answer::created(call.url(&format!("apps/{app_id}/secrets")), None, &response)
}
