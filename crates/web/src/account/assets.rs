//! Style sheets and scripts of pages. Their names change with their contents, so browsers keep them for ever.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use turnkeep_console::assets::find;

use crate::account::error_page::PageError;

/// `/account/assets/{name}`. The same for every instance, also for those that do not exist.
pub(crate) async fn asset(request: HttpRequest) -> Result<HttpResponse, PageError> {
    let found = request.match_info().get("name").and_then(find).ok_or(PageError::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, found.content_type))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(found.body))
}
