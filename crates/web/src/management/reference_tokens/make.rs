//! `POST /apps/{id}/reference-tokens`.

use actix_web::HttpResponse;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::AppId;
use turnkeep_domain::reference_token::ReferenceTokenLifetime;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_protocol::management::reference_token::{
    MakeReferenceTokenRequest, NewReferenceTokenResponse, ReferenceTokenResponse,
};
use turnkeep_protocol::revealed_secret::RevealedSecret;
use turnkeep_service::reference_tokens::make_reference_token::{
    MadeReferenceToken, MakeReferenceTokenCommand, make_reference_token,
};

use crate::error::api_error::ApiError;
use crate::management::answer::{self, ShownOnce};
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;

/// Makes one.
pub(super) async fn make(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let app_id: AppId = call.path_id("id")?;
    let request: MakeReferenceTokenRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let command = command_of(&mut errors, app_id, request);
    let command = errors.finish(command)?;
    let made = call.run(move |context| make_reference_token(context, &command)).await?;
    Ok(show_new(&call, app_id, &made))
}

/// What a request asks for, or what is wrong with it.
pub(crate) fn command_of(
    errors: &mut FieldErrors,
    app_id: AppId,
    request: MakeReferenceTokenRequest,
) -> Option<MakeReferenceTokenCommand> {
    let name = errors.check("name", DisplayName::parse(&request.name));
    let scopes = errors.check("scopes", ScopeSet::parse(&request.scopes));
    let audience = errors.check_optional("audience", request.audience, |text| Audience::parse(&text));
    let lifetime =
        errors.check_optional("lifetime_days", request.lifetime_days, ReferenceTokenLifetime::from_days);
    let checked = name.zip(scopes).zip(audience).zip(lifetime);
    checked.map(|(((name, scopes), audience), lifetime)| MakeReferenceTokenCommand {
        app_id,
        kind: request.kind.into(),
        name,
        scopes,
        audience,
        lifetime: lifetime.unwrap_or_default(),
    })
}

fn show_new(call: &ManagementCall, app_id: AppId, made: &MadeReferenceToken) -> HttpResponse {
    let response = NewReferenceTokenResponse {
        record: ReferenceTokenResponse::new(&made.token, call.authority().now()),
        token: Some(RevealedSecret::new(made.plaintext.expose().to_owned())),
        token_withheld: None,
    };
    answer::created_with_secret(call.url(&format!("apps/{app_id}/reference-tokens")), None, response)
}

impl ShownOnce for NewReferenceTokenResponse {
    fn withhold(&mut self) {
        self.token_withheld = self.token.take().map(|_| true);
    }
}
