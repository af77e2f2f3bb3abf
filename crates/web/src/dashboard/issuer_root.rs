//! The address of an issuer itself, which is what people copy into a browser: it leads to the dashboard.

use actix_web::{HttpResponse, web};

use crate::account::page::see_other;
use crate::account::paths::PagePaths;
use crate::error::api_error::ApiError;
use crate::issuer::AddressedIssuer;
use crate::state::WebState;

/// Whether there is such an issuer is said there.
pub(crate) async fn lead_to_dashboard(
    state: web::Data<WebState>,
    AddressedIssuer(issuer): AddressedIssuer,
) -> Result<HttpResponse, ApiError> {
    let base_url = state.authority.base_url();
    Ok(see_other(&PagePaths::of(base_url, &issuer).dashboard(), base_url))
}
