//! `GET`, `PUT` and `DELETE /apps/{id}/storage`, `POST …/storage/check`.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderName};
use turnkeep_domain::id::AppId;
use turnkeep_domain::storage_bucket::{BucketName, StorageAccessKey};
use turnkeep_domain::storage_config::{StorageFields, StorageSettings};
use turnkeep_domain::storage_place::PlainHttp;
use turnkeep_domain::storage_provider::StorageProvider;
use turnkeep_protocol::management::storage_settings::{
    PutStorageRequest, StorageCheckResponse, StorageResponse,
};
use turnkeep_protocol::presented_secret::PresentedSecret;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::storage_settings::check_connection::check_storage_connection;
use turnkeep_service::storage_settings::delete_settings::delete_storage_settings;
use turnkeep_service::storage_settings::precondition::Expected;
use turnkeep_service::storage_settings::put_settings::{
    PutStorageSettings, SettingsInPlace, put_storage_settings,
};
use turnkeep_service::storage_settings::secret_key::{StorageSecretKey, StorageSecretKeyError};
use turnkeep_service::storage_settings::show_settings::show_storage_settings;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;

/// The settings, without the secret key.
pub(crate) async fn show(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let app_id: AppId = call.path_id("id")?;
    let config = call.run(move |context| show_storage_settings(context, app_id)).await?;
    Ok(answer::record(config.version, &StorageResponse::from(&config)))
}

/// Makes them, or puts others in their place.
pub(crate) async fn put(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let app_id: AppId = call.path_id("id")?;
    let expected = expected(&call)?;
    let request: PutStorageRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let command = command_of(&mut errors, &request, call.authority().storage_plain_http(), expected);
    let command = errors.finish(command)?;
    let SettingsInPlace { config, is_new } =
        call.run(move |context| put_storage_settings(context, app_id, &command)).await?;
    let response = StorageResponse::from(&config);
    Ok(if is_new {
        answer::put(config.version, &response)
    } else {
        answer::record(config.version, &response)
    })
}

/// Removes them.
pub(crate) async fn delete(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let app_id: AppId = call.path_id("id")?;
    let if_match = call.if_match()?;
    call.run(move |context| delete_storage_settings(context, app_id, if_match)).await?;
    Ok(answer::done())
}

/// Tries them.
pub(crate) async fn check(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let app_id: AppId = call.path_id("id")?;
    let check = call.run(move |context| check_storage_connection(context, app_id)).await?;
    Ok(answer::view(&StorageCheckResponse::new(check.outcome, check.at, check.version)))
}

/// `If-Match` and `If-None-Match` (RFC 9110 §13.1); of the latter only `*` makes sense for what is there once.
fn expected(call: &ManagementCall) -> Result<Expected, ApiError> {
    let has = |name: HeaderName| call.headers().contains_key(name);
    match (has(header::IF_MATCH), has(header::IF_NONE_MATCH)) {
        (false, false) => Ok(Expected::Anything),
        (true, false) => Ok(call.if_match()?.map_or(Expected::Something, Expected::Version)),
        (false, true) => {
            let mut values = call.headers().get_all(header::IF_NONE_MATCH);
            let any = values.all(|value| value.as_bytes() == b"*");
            if any { Ok(Expected::Nothing) } else { Err(ApiError::PreconditionFailed) }
        }
        (true, true) => Err(ApiError::PreconditionFailed),
    }
}

/// What a request asks for, or what is wrong with it.
pub(crate) fn command_of(
    errors: &mut FieldErrors,
    request: &PutStorageRequest,
    plain_http: PlainHttp,
    expected: Expected,
) -> Option<PutStorageSettings> {
    let settings = settings_of(errors, request, plain_http);
    let secret_key = errors.check_optional("secret_key", request.secret_key.as_ref(), secret_key_of);
    let both = settings.zip(secret_key);
    both.map(|(settings, secret_key)| PutStorageSettings { settings, secret_key, expected })
}

fn settings_of(
    errors: &mut FieldErrors,
    request: &PutStorageRequest,
    plain_http: PlainHttp,
) -> Option<StorageSettings> {
    let Some(provider) = errors.check("provider", StorageProvider::parse(&request.provider)) else {
        // What is right about the rest depends on the provider, but for these.
        let _bucket = errors.check("bucket", BucketName::parse(&request.bucket));
        let _access_key = errors.check("access_key", StorageAccessKey::parse(&request.access_key));
        return None;
    };
    let fields = StorageFields {
        bucket: &request.bucket,
        access_key: &request.access_key,
        endpoint: request.endpoint.as_deref(),
        region: request.region.as_deref(),
        plain_http,
    };
    match StorageSettings::new(provider, &fields) {
        Ok(settings) => Some(settings),
        Err(violations) => {
            for violation in violations {
                errors.note(violation.field(), &violation.to_string());
            }
            None
        }
    }
}

fn secret_key_of(secret: &PresentedSecret) -> Result<StorageSecretKey, StorageSecretKeyError> {
    StorageSecretKey::parse(PlaintextSecret::new(secret.expose().to_owned()))
}
