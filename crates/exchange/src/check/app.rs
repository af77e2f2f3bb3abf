//! The values of an app.

use std::fmt::Display;

use turnkeep_domain::allowed_domain::{AllowedDomain, AllowedDomainError, AllowedDomains};
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::redirect_uri::{RedirectUri, RedirectUriError, RedirectUris};
use turnkeep_domain::region::DbCode;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::storage_config::{StorageFields, StorageSettings};
use turnkeep_domain::storage_place::PlainHttp;
use turnkeep_domain::storage_provider::StorageProvider;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_domain::user::UserName;
use turnkeep_protocol::management::app_fields::ServicePrincipal;
use turnkeep_protocol::patch::Patch;

use crate::check::app_secrets::check_secrets;
use crate::document::app::{AppRecord, StorageRecord, filled_slots};
use crate::import_set::RecordProblems;

/// What the fields of an app are called in the text that it comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AppFieldNames {
    pub(crate) client_id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) login_redirect_uris: &'static str,
    pub(crate) logout_redirect_uris: &'static str,
    pub(crate) scopes: &'static str,
    pub(crate) service_user: &'static str,
    pub(crate) secret: &'static str,
}

impl AppFieldNames {
    pub(crate) const TURNKEEP: Self = Self {
        client_id: "client_id",
        name: "name",
        login_redirect_uris: "login_redirect_uris",
        logout_redirect_uris: "logout_redirect_uris",
        scopes: "scopes",
        service_user: "service_access.user",
        secret: "secrets",
    };
}

/// Brings an app into canonical form, or says all that is wrong with it.
pub(crate) fn check_app(app: &mut AppRecord, names: &AppFieldNames, problems: &mut RecordProblems<'_>) {
    problems.take(names.client_id, ClientId::parse(&app.client_id));
    if let Some(name) = &mut app.name {
        canonical(name, names.name, DisplayName::parse, problems);
    }
    if let Some(tenant) = &mut app.tenant {
        canonical(tenant, "tenant", DisplayName::parse, problems);
    }
    if let Some(code) = &app.license_region {
        problems.take("license_region", Slug::parse(code));
    }
    if let Some(code) = &app.db_code {
        problems.take("db_code", DbCode::parse(code));
    }
    if let Some(domains) = &mut app.allowed_domains {
        check_domains(domains, problems);
    }
    check_uris(app.login_redirect_uris.as_deref(), names.login_redirect_uris, problems);
    check_uris(app.logout_redirect_uris.as_deref(), names.logout_redirect_uris, problems);
    check_service_access(app, names, problems);
    if let Some(scopes) = &mut app.scopes {
        canonical(scopes, names.scopes, ScopeSet::parse, problems);
    }
    if let Some(seconds) = app.token_lifetime_seconds {
        problems.take("token_lifetime_seconds", TokenLifetime::from_secs(seconds));
    }
    if let Patch::Set(plan) = &app.plan {
        problems.take("plan.code", Slug::parse(&plan.code));
    }
    for audience in &app.resource_server_of {
        problems.take("resource_server_of", Audience::parse(audience));
    }
    if let Some(storage) = &app.storage {
        check_storage(storage, problems);
    }
    check_secrets(app, names.secret, problems);
}

/// Parses a text and puts the parser's form in its place.
pub(crate) fn canonical<T: Display, E: Display>(
    text: &mut String,
    field: &str,
    parse: impl Fn(&str) -> Result<T, E>,
    problems: &mut RecordProblems<'_>,
) {
    if let Some(parsed) = problems.take(field, parse(text)) {
        *text = parsed.to_string();
    }
}

fn check_domains(domains: &mut Vec<Option<String>>, problems: &mut RecordProblems<'_>) {
    const FIELD: &str = "allowed_domains";
    if AllowedDomains::SLOTS < domains.len() {
        return problems.add(FIELD, AllowedDomainError::TooMany);
    }
    for (index, domain) in domains.iter().enumerate() {
        if let Some(domain) = domain.as_deref().filter(|domain| !domain.trim().is_empty()) {
            problems.take(&format!("{FIELD}[{index}]"), AllowedDomain::parse(domain));
        }
    }
    match AllowedDomains::parse_slots(domains.iter().map(|domain| domain.as_deref().unwrap_or_default())) {
        Ok(parsed) => *domains = filled_slots(parsed.slots()),
        Err(AllowedDomainError::Duplicate) => problems.add(FIELD, AllowedDomainError::Duplicate),
        // Said for its slot already.
        Err(_) => {}
    }
}

fn check_uris(uris: Option<&[String]>, field: &str, problems: &mut RecordProblems<'_>) {
    let Some(uris) = uris else { return };
    if RedirectUris::MAX < uris.len() {
        return problems.add(field, RedirectUriError::TooMany);
    }
    let mut parsed = Vec::new();
    for (index, uri) in uris.iter().enumerate() {
        parsed.extend(problems.take(&format!("{field}[{index}]"), RedirectUri::parse(uri)));
    }
    problems.take(field, RedirectUris::new(parsed));
}

fn check_service_access(app: &mut AppRecord, names: &AppFieldNames, problems: &mut RecordProblems<'_>) {
    let field = names.service_user;
    let Some(access) = &mut app.service_access else { return };
    match (access.principal, &mut access.user) {
        (ServicePrincipal::User, Some(user)) => canonical(user, field, UserName::parse, problems),
        (ServicePrincipal::User, None) => problems.add(field, "is missing, as the app acts as a system user"),
        (ServicePrincipal::None | ServicePrincipal::App, Some(_)) => {
            problems.add(field, "is only for an app that acts as a system user");
        }
        (ServicePrincipal::None | ServicePrincipal::App, None) => {}
    }
}

fn check_storage(storage: &StorageRecord, problems: &mut RecordProblems<'_>) {
    let Some(provider) = problems.take("storage.provider", StorageProvider::parse(&storage.provider)) else {
        return;
    };
    let fields = StorageFields {
        bucket: &storage.bucket,
        access_key: &storage.access_key,
        endpoint: storage.endpoint.as_deref(),
        region: storage.region.as_deref(),
        // Whether this server allows it is its own setting.
        plain_http: PlainHttp::Allowed,
    };
    if let Err(violations) = StorageSettings::new(provider, &fields) {
        for violation in violations {
            problems.add(format!("storage.{}", violation.field()), violation);
        }
    }
}
