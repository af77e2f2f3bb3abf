//! `GET` and `POST /users/{id}/tokens`, `DELETE /users/{id}/tokens/{token_id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::{ManagementTokenId, TenantId, UserId};
use turnkeep_domain::management_token::{ManagementTokenLifetime, ManagementTokenState};
use turnkeep_protocol::management::management_token::{
    IssueManagementTokenRequest, ManagementTokenResponse, NewManagementTokenResponse,
};
use turnkeep_protocol::revealed_secret::RevealedSecret;
use turnkeep_service::people::issue_management_token::{
    IssueManagementTokenCommand, IssuedManagementToken, issue_management_token,
};
use turnkeep_service::people::list_management_tokens::list_management_tokens;
use turnkeep_service::people::revoke_management_token::revoke_management_token;

use crate::error::api_error::ApiError;
use crate::management::answer::{self, ShownOnce};
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::list_query::ListQuery;

/// A page of a user's, without the tokens.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let user_id: UserId = call.path_id("id")?;
    let query = ListQuery::of(&call)?;
    let mut errors = FieldErrors::default();
    let state = errors.one_of(
        "state",
        call.query().value("state"),
        &[
            ("live", ManagementTokenState::Live),
            ("expired", ManagementTokenState::Expired),
            ("revoked", ManagementTokenState::Revoked),
        ],
    );
    let state = errors.finish(state)?;
    let page = query.page::<ManagementTokenId>()?;
    let views = call.run(move |context| list_management_tokens(context, user_id, state, &page)).await?;
    Ok(answer::view(&query.answer(
        &call,
        &views,
        |view| view.token.id,
        |_| String::new(),
        |view| ManagementTokenResponse::new(&view.token, view.state),
    )))
}

/// Issues one.
pub(crate) async fn issue(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let user_id: UserId = call.path_id("id")?;
    let request: IssueManagementTokenRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let tenant_id = errors.check_optional("tenant_id", request.tenant_id, |text| text.parse::<TenantId>());
    let lifetime = errors.check_optional(
        "lifetime_seconds",
        request.lifetime_seconds,
        ManagementTokenLifetime::from_secs,
    );
    let (tenant_id, lifetime) = errors.finish(tenant_id.zip(lifetime))?;
    let lifetime = lifetime.unwrap_or_default();
    let command = IssueManagementTokenCommand { user_id, tenant_id, lifetime };
    let issued = call.run(move |context| issue_management_token(context, &command)).await?;
    Ok(show_new(&call, &issued))
}

/// Takes one back.
pub(crate) async fn revoke(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (user_id, id): (UserId, ManagementTokenId) = (call.path_id("id")?, call.path_id("token_id")?);
    call.run(move |context| revoke_management_token(context, user_id, id)).await?;
    Ok(answer::done())
}

fn show_new(call: &ManagementCall, issued: &IssuedManagementToken) -> HttpResponse {
    let IssuedManagementToken { token, plaintext } = issued;
    let response = NewManagementTokenResponse {
        record: ManagementTokenResponse::new(token, token.state(call.authority().now())),
        token: Some(RevealedSecret::new(plaintext.expose().to_owned())),
        token_withheld: None,
    };
    answer::created_with_secret(call.url(&format!("users/{}/tokens", token.user_id)), None, response)
}

impl ShownOnce for NewManagementTokenResponse {
    fn withhold(&mut self) {
        self.token_withheld = self.token.take().map(|_| true);
    }
}
