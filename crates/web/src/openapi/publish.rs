//! `GET /openapi.json` and `GET /docs` below the API of every instance; no token is needed.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use data_encoding::{BASE64, HEXLOWER};
use sha2::{Digest, Sha256};
use turnkeep_service::sign_in::issuer_look::issuer_look;

use crate::blocking::{Urgency, run};
use crate::error::api_error::ApiError;
use crate::from_memory::run_from_memory;
use crate::issuer::AddressedIssuer;
use crate::openapi::document::openapi_document;
use crate::openapi::page::{STYLE, page};
use crate::request_context::RequestContext;
use crate::state::WebState;
use crate::well_known::key_set::is_known;

/// Both texts, made once.
pub(crate) struct PublishedDocuments {
    json: Published,
    page: Published,
    policy: HeaderValue,
}

struct Published {
    body: web::Bytes,
    etag: String,
}

impl Published {
    fn new(text: String) -> Self {
        let digest = Sha256::digest(text.as_bytes());
        let etag = format!("\"{}\"", HEXLOWER.encode(digest.get(..16).unwrap_or_default()));
        Self { body: web::Bytes::from(text), etag }
    }
}

impl PublishedDocuments {
    /// Describes the API of a server with this base URL.
    pub(crate) fn new(base_url: &str) -> Self {
        let document = openapi_document(base_url);
        let style = BASE64.encode(&Sha256::digest(STYLE.as_bytes()));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'"
        );
        Self {
            json: Published::new(document.to_string()),
            page: Published::new(page(&document)),
            // Base64 and plain words always are a header's value.
            policy: HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'")),
        }
    }
}

/// `/openapi.json`.
pub(crate) async fn document(
    state: web::Data<WebState>,
    context: RequestContext,
    issuer: AddressedIssuer,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let documents = documents_of(&state, context, issuer).await?;
    let mut response = publish(&request, &documents.json, "application/json");
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(response)
}

/// `/docs`.
pub(crate) async fn docs(
    state: web::Data<WebState>,
    context: RequestContext,
    issuer: AddressedIssuer,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let documents = documents_of(&state, context, issuer).await?;
    let mut response = publish(&request, &documents.page, "text/html; charset=utf-8");
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, documents.policy.clone());
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}

/// An instance that does not exist has no API. The documents are made elsewhere if nobody has asked for them before: that
/// takes too long for a thread that serves.
async fn documents_of(
    state: &web::Data<WebState>,
    context: RequestContext,
    AddressedIssuer(issuer): AddressedIssuer,
) -> Result<&PublishedDocuments, ApiError> {
    let not_run = |not_run| ApiError::not_run(&not_run, context.request_id);
    run_from_memory(state, Urgency::Usual, move |authority, look_up| {
        issuer_look(authority, &issuer, look_up)
    })
    .await
    .map_err(not_run)?
    .map_err(|failure| ApiError::from_failure(failure, context.request_id))?;
    if let Some(documents) = state.made_documents() {
        return Ok(documents);
    }
    let shared = state.clone();
    run(state, Urgency::Usual, move |_| {
        shared.documents();
    })
    .await
    .map_err(not_run)?;
    Ok(state.documents())
}

fn publish(request: &HttpRequest, published: &Published, media_type: &'static str) -> HttpResponse {
    let known = is_known(request, &published.etag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, published.etag.as_str()));
    response.insert_header((header::CACHE_CONTROL, "public, max-age=300"));
    if known { response.finish() } else { response.content_type(media_type).body(published.body.clone()) }
}
