//! `GET` and `POST /apps/{id}/secrets`, `POST …/secrets/regenerate`, `DELETE …/secrets/{secret_id}`,
//! `POST …/secrets/{secret_id}/revoke-others`.

use actix_web::HttpResponse;
use turnkeep_domain::client_secret::{ClientSecret, Overlap, SecretState};
use turnkeep_domain::id::{AppId, SecretId};
use turnkeep_domain::page::Direction;
use turnkeep_protocol::management::secret::{
    AddSecretRequest, NewSecretResponse, RevokedOthersResponse, SecretResponse,
};
use turnkeep_protocol::revealed_secret::RevealedSecret;
use turnkeep_service::registry::add_secret::{AddedSecret, add_secret, regenerate_secret};
use turnkeep_service::registry::list_secrets::list_secrets;
use turnkeep_service::registry::revoke_secret::{revoke_other_secrets, revoke_secret};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::list_query::{ListQuery, SortKey};

/// Those of an app, without the secrets.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let app_id: AppId = call.path_id("id")?;
    let query = ListQuery::ordered(&call, (SortKey::Created, Direction::Descending))?;
    let mut errors = FieldErrors::default();
    let state = errors.one_of(
        "state",
        call.query().value("state"),
        &[("live", SecretState::Live), ("expired", SecretState::Expired), ("revoked", SecretState::Revoked)],
    );
    let state = errors.finish(state)?;
    let secrets = call.run(move |context| list_secrets(context, app_id)).await?;
    let now = call.authority().now();
    let show = |secret: &ClientSecret| SecretResponse::new(secret, now);
    Ok(answer::view(&query.answer_of_all(
        &call,
        secrets,
        |secret| state.is_none_or(|state| secret.state(now) == state),
        |secret| secret.id,
        |secret| secret.id.to_string(),
        show,
    )))
}

/// Adds one beside the older one.
pub(crate) async fn add(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (app_id, if_match): (AppId, _) = (call.path_id("id")?, call.if_match()?);
    let request: AddSecretRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let overlap = errors.check("overlap_seconds", Overlap::from_secs(request.overlap_seconds));
    let overlap = errors.finish(overlap)?;
    let added = call.run(move |context| add_secret(context, app_id, overlap, if_match)).await?;
    Ok(show_new(&call, app_id, &added))
}

/// Replaces all of them.
pub(crate) async fn regenerate(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (app_id, if_match): (AppId, _) = (call.path_id("id")?, call.if_match()?);
    let added = call.run(move |context| regenerate_secret(context, app_id, if_match)).await?;
    Ok(show_new(&call, app_id, &added))
}

/// Takes all others back.
pub(crate) async fn revoke_others(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (app_id, keep): (AppId, SecretId) = (call.path_id("id")?, call.path_id("secret_id")?);
    let if_match = call.if_match()?;
    let revoked = call.run(move |context| revoke_other_secrets(context, app_id, keep, if_match)).await?;
    Ok(answer::view(&RevokedOthersResponse { revoked }))
}

/// Takes one back.
pub(crate) async fn revoke(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (app_id, id): (AppId, SecretId) = (call.path_id("id")?, call.path_id("secret_id")?);
    let if_match = call.if_match()?;
    call.run(move |context| revoke_secret(context, app_id, id, if_match)).await?;
    Ok(answer::done())
}

fn show_new(call: &ManagementCall, app_id: AppId, added: &AddedSecret) -> HttpResponse {
    let response = NewSecretResponse {
        secret: SecretResponse::new(&added.secret, call.authority().now()),
        client_secret: Some(RevealedSecret::new(added.plaintext.expose().to_owned())),
        client_secret_withheld: None,
    };
    answer::created_with_secret(call.url(&format!("apps/{app_id}/secrets")), None, response)
}
