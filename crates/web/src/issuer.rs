//! Which instance a request addresses: `/…` is the default one, `/i/{slug}/…` every other.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::slug::Slug;

use crate::error::api_error::ApiError;

/// The name of the path's parameter.
pub(crate) const SLUG_PARAMETER: &str = "slug";

/// The slug of the addressed instance, which need not exist.
#[derive(Debug, Clone)]
pub(crate) struct AddressedIssuer(pub(crate) Slug);

impl FromRequest for AddressedIssuer {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(addressed(request).ok_or(ApiError::NotFound))
    }
}

/// The instance that a request addresses, if it addresses one.
pub(crate) fn addressed_slug(request: &HttpRequest) -> Option<Slug> {
    addressed(request).map(|AddressedIssuer(slug)| slug)
}

fn addressed(request: &HttpRequest) -> Option<AddressedIssuer> {
    let slug = match request.match_info().get(SLUG_PARAMETER) {
        // An issuer has one spelling (RFC 8414 §3.3 compares them byte for byte), so neither the default
        // instance's slug nor a percent-encoded one leads anywhere.
        Some(slug) if slug != DEFAULT_INSTANCE && is_spelled_plainly(request, slug) => slug,
        Some(_) => return None,
        None => DEFAULT_INSTANCE,
    };
    Slug::parse(slug).ok().map(AddressedIssuer)
}

fn is_spelled_plainly(request: &HttpRequest, slug: &str) -> bool {
    request.uri().path().split('/').any(|segment| segment == slug)
}
