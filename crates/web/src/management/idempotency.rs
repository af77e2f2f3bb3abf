//! `Idempotency-Key`: a request that is sent again is answered again, not carried out again.

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, rt};
use sha2::{Digest, Sha256};
use turnkeep_protocol::problem::FieldError;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::idempotency::{IdempotencyClaim, IdempotencyKey, KeptAnswer, Replay};

use crate::error::api_error::ApiError;
use crate::management::answer::{self, BodyToKeep};
use crate::management::call::ManagementCall;
use crate::management::operation::Operation;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest body of an answer that is kept, in bytes.
pub(super) const MAX_KEPT_BYTES: usize = 256 * 1024;

/// Answers a call, or gives the answer that an earlier one with the same key had.
pub(super) async fn answer_once(
    operation: &Operation,
    mut call: ManagementCall,
) -> Result<HttpResponse, ApiError> {
    let Some(key) = key_of(call.headers())? else {
        return operation.handle(call).await;
    };
    let fingerprint = fingerprint_of(&mut call).await?;
    let claim = Arc::new(IdempotencyClaim::new(key, fingerprint));
    match call.find_replay(&claim).await? {
        Replay::New => {}
        Replay::Answered(kept) => return Ok(answer::replayed(kept)),
        Replay::InProgress => return Err(RegistryDenial::RequestInProgress.into()),
        Replay::Lost => return Err(ApiError::AnswerLost),
        Replay::Reused => return Err(RegistryDenial::IdempotencyKeyReused.into()),
    }
    let note = call.claim(claim);
    let answering = operation.handle(call);
    // A task of its own: the answer is kept also when the client does not wait for it.
    let answered = rt::spawn(async move {
        let (kept, response) = what_to_keep(answering.await?);
        if let Some(kept) = kept {
            note.keep(kept).await;
        }
        Ok(response)
    });
    answered.await.map_err(|_| ApiError::Internal)?
}

fn key_of(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, ApiError> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY);
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let only = if values.next().is_none() { value.to_str().ok() } else { None };
    let refused = || {
        let rule =
            format!("must be there once, with 1 to {} visible ASCII characters", IdempotencyKey::MAX_LENGTH);
        ApiError::InvalidFields(vec![FieldError::new("Idempotency-Key", &rule)])
    };
    only.and_then(IdempotencyKey::parse).map(Some).ok_or_else(refused)
}

/// Everything that the request says.
async fn fingerprint_of(call: &mut ManagementCall) -> Result<[u8; 32], ApiError> {
    let body = call.read_body().await?;
    let mut hash = Sha256::new();
    for part in [call.path(), call.query_text()] {
        hash.update(part.as_bytes());
        // No URL has this byte.
        hash.update([0]);
    }
    hash.update(&body);
    Ok(hash.finalize().into())
}

/// What is kept of a good answer: never a secret.
fn what_to_keep(response: HttpResponse) -> (Option<KeptAnswer>, HttpResponse) {
    if !response.status().is_success() {
        return (None, response);
    }
    let (mut head, body) = response.into_parts();
    let withheld = head.extensions_mut().remove::<BodyToKeep>();
    let text = |name| head.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (status, etag, location) = (head.status().as_u16(), text(header::ETAG), text(header::LOCATION));
    let body: Bytes = match body.try_into_bytes() {
        Ok(body) => body,
        // Nothing streams its answer to a POST; if something did, it could not be kept.
        Err(body) => return (None, head.set_body(body)),
    };
    let kept = match withheld {
        Some(BodyToKeep(text)) => Some(text),
        None => std::str::from_utf8(&body).ok().map(str::to_owned),
    };
    let kept = kept.filter(|text| text.len() <= MAX_KEPT_BYTES);
    let kept = kept.map(|body| KeptAnswer { status, etag, location, body });
    (kept, head.set_body(body).map_into_boxed_body())
}
