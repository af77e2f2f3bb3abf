//! `PATCH /apps/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::backchannel_logout_uri::BackchannelLogoutUri;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::AppId;
use turnkeep_domain::pkce::PkceRequirement;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_protocol::management::app::UpdateAppRequest;
use turnkeep_protocol::patch::Patch;
use turnkeep_service::registry::update_app::{AppChanges, update_app};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::apps::settings::{
    allowed_domains, basic_authentication, patched, redirect_uris, service_access,
};
use crate::management::apps::show::show_view;
use crate::management::call::ManagementCall;
use crate::management::field_errors::{FieldErrors, accept};

/// Changes what is named.
pub(crate) async fn update(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: AppId = call.path_id("id")?;
    let if_match = call.if_match()?;
    let request: UpdateAppRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let changes = changes_of(&mut errors, request);
    let changes = errors.finish(changes)?;
    let view = call.run(move |context| update_app(context, id, &changes, if_match)).await?;
    Ok(answer::record(view.app.version, &show_view(&view)))
}

/// What a request says, as far as it is right.
pub(crate) fn changes_of(errors: &mut FieldErrors, request: UpdateAppRequest) -> Option<AppChanges> {
    let name = errors.check_patch("name", request.name, |text| DisplayName::parse(&text));
    let domains = patched(request.allowed_domains, |texts| allowed_domains(errors, &texts));
    let login =
        patched(request.login_redirect_uris, |texts| redirect_uris(errors, "login_redirect_uris", &texts));
    let logout =
        patched(request.logout_redirect_uris, |texts| redirect_uris(errors, "logout_redirect_uris", &texts));
    let sign_in = errors.check_clearable("sign_in", request.sign_in, SignIn::Nobody, accept);
    let access = match request.service_access {
        Patch::Absent => Some(None),
        Patch::Clear => Some(Some(ServiceAccess::Disabled)),
        Patch::Set(fields) => service_access(errors, fields).map(Some),
    };
    let scopes =
        errors.check_clearable("scopes", request.scopes, ScopeSet::default(), |text| ScopeSet::parse(&text));
    let policy =
        errors.check_clearable("reference_tokens", request.reference_tokens, Default::default(), accept);
    let basic = patched(request.basic_authentication, |allowed| Some(basic_authentication(allowed)));
    let lifetime = errors.check_clearable(
        "token_lifetime_seconds",
        request.token_lifetime_seconds,
        TokenLifetime::default(),
        TokenLifetime::from_secs,
    );
    let pkce = errors.check_clearable("pkce", request.pkce, PkceRequirement::Required, accept);
    let logout_uri =
        errors.check_clearable("backchannel_logout_uri", request.backchannel_logout_uri, None, |text| {
            BackchannelLogoutUri::parse(&text).map(Some)
        });
    Some(AppChanges {
        name: name?,
        allowed_domains: domains?,
        login_redirect_uris: login?,
        logout_redirect_uris: logout?,
        sign_in: sign_in?,
        service_access: access?,
        scopes: scopes?,
        reference_tokens: policy?,
        basic_authentication: basic?,
        token_lifetime: lifetime?,
        pkce: pkce?,
        backchannel_logout_uri: logout_uri?,
    })
}
