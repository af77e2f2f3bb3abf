//! `GET /apps/{id}/reference-tokens`.

use actix_web::HttpResponse;
use turnkeep_domain::id::{AppId, ReferenceTokenId};
use turnkeep_domain::reference_token::ReferenceTokenState;
use turnkeep_protocol::management::reference_token::ReferenceTokenResponse;
use turnkeep_service::reference_tokens::list_reference_tokens::list_reference_tokens;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::list_query::ListQuery;

/// A page of an app's, without the tokens.
pub(super) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let app_id: AppId = call.path_id("id")?;
    let query = ListQuery::of(&call)?;
    let mut errors = FieldErrors::default();
    let state = errors.one_of(
        "state",
        call.query().value("state"),
        &[
            ("live", ReferenceTokenState::Live),
            ("expired", ReferenceTokenState::Expired),
            ("revoked", ReferenceTokenState::Revoked),
        ],
    );
    let state = errors.finish(state)?;
    let page = query.page::<ReferenceTokenId>()?;
    let tokens = call.run(move |context| list_reference_tokens(context, app_id, state, &page)).await?;
    let now = call.authority().now();
    Ok(answer::view(&query.answer(
        &call,
        &tokens,
        |token| token.id,
        |token| token.name.to_string(),
        |token| ReferenceTokenResponse::new(token, now),
    )))
}
