//! `POST /apps`.

use actix_web::HttpResponse;
use turnkeep_domain::app::AppSettings;
use turnkeep_domain::backchannel_logout_uri::BackchannelLogoutUri;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::RegionId;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_protocol::management::app::{CreateAppRequest, NewAppResponse};
use turnkeep_protocol::revealed_secret::RevealedSecret;
use turnkeep_service::registry::create_app::{CreateAppCommand, RegionChoice, create_app};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::apps::settings::{
    allowed_domains, basic_authentication, redirect_uris, service_access,
};
use crate::management::apps::show::show_app;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;

/// Creates an app; its secret is in this answer and nowhere else.
pub(crate) async fn create(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let request: CreateAppRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let command = command_of(&mut errors, request);
    let command = errors.finish(command)?;
    let created = call.run(move |context| create_app(context, &command)).await?;
    let location = call.url(&format!("apps/{}", created.app.id));
    let secret = created.client_secret.as_ref();
    let response = NewAppResponse {
        app: show_app(&created.app, &created.warnings),
        client_secret: secret.map(|secret| RevealedSecret::new(secret.expose().to_owned())),
        client_secret_withheld: None,
    };
    Ok(answer::created_with_secret(location, Some(created.app.version), response))
}

/// What a request asks for, or what is wrong with it.
pub(crate) fn command_of(errors: &mut FieldErrors, request: CreateAppRequest) -> Option<CreateAppCommand> {
    let client_type = request.client_type.map_or(ClientType::Confidential, ClientType::from);
    let tenant_id = errors.check_optional("tenant_id", request.tenant_id.as_ref(), |text| text.parse());
    let region = region_of(errors, &request.region);
    let client_id = errors.check_optional("client_id", request.client_id.as_ref(), |text| {
        ClientId::parse_application_uri(text)
    });
    let plan_id = errors.check_optional("plan_id", request.plan_id.as_ref(), |text| text.parse());
    let scopes = errors.check_optional("scopes", request.scopes.as_ref(), |text| ScopeSet::parse(text));
    let settings = settings_of(errors, request, client_type);
    Some(CreateAppCommand {
        tenant_id: tenant_id?,
        region: region?,
        client_id: client_id?,
        client_type,
        settings: settings?,
        scopes: scopes?,
        plan_id: plan_id?,
    })
}

fn region_of(errors: &mut FieldErrors, text: &str) -> Option<RegionChoice> {
    // A code never has an underscore, an id always has one.
    if text.contains('_') {
        errors.check("region", text.parse::<RegionId>()).map(RegionChoice::Id)
    } else {
        errors.check("region", Slug::parse(text)).map(RegionChoice::Code)
    }
}

fn settings_of(
    errors: &mut FieldErrors,
    request: CreateAppRequest,
    client_type: ClientType,
) -> Option<AppSettings> {
    let name = errors.check("name", DisplayName::parse(&request.name));
    let domains = allowed_domains(errors, request.allowed_domains.as_deref().unwrap_or_default());
    let login = redirect_uris(
        errors,
        "login_redirect_uris",
        request.login_redirect_uris.as_deref().unwrap_or_default(),
    );
    let logout = redirect_uris(
        errors,
        "logout_redirect_uris",
        request.logout_redirect_uris.as_deref().unwrap_or_default(),
    );
    let access = match request.service_access {
        Some(fields) => service_access(errors, fields),
        None => Some(usual_service_access(client_type)),
    };
    let lifetime =
        errors.check_optional("token_lifetime_seconds", request.token_lifetime_seconds, |seconds| {
            TokenLifetime::from_secs(seconds)
        });
    let logout_uri =
        errors.check_optional("backchannel_logout_uri", request.backchannel_logout_uri.as_ref(), |text| {
            BackchannelLogoutUri::parse(text)
        });
    Some(AppSettings {
        name: name?,
        allowed_domains: domains?,
        login_redirect_uris: login?,
        logout_redirect_uris: logout?,
        sign_in: request.sign_in.map_or(SignIn::Nobody, SignIn::from),
        service_access: access?,
        // The use case puts the named or the default ones here.
        scopes: ScopeSet::default(),
        reference_tokens: request.reference_tokens.map(Into::into).unwrap_or_default(),
        basic_authentication: basic_authentication(request.basic_authentication.unwrap_or_default()),
        token_lifetime: lifetime?.unwrap_or_default(),
        pkce: request.pkce.unwrap_or_default().into(),
        backchannel_logout_uri: logout_uri?,
    })
}

/// A tenant application acts as itself (seeds 000 and 001); a public one cannot (seed 002).
fn usual_service_access(client_type: ClientType) -> ServiceAccess {
    match client_type {
        ClientType::Confidential => ServiceAccess::AsApp,
        ClientType::Public => ServiceAccess::Disabled,
    }
}
