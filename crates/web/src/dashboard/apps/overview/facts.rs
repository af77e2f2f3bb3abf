//! What an app is, in words: what never changes, and what its settings come to.

use std::time::Duration;

use turnkeep_console::dashboard::app_overview::Fact;
use turnkeep_domain::app::{App, AppOrigin, AppSettings, BasicAuthentication};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::pkce::PkceRequirement;
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;

/// What never changes.
pub(super) fn facts_of(app: &App) -> Vec<Fact> {
    let placement = &app.placement;
    let client_type = match app.client_type {
        ClientType::Confidential => "Confidential: it keeps a secret",
        ClientType::Public => "Public: it keeps no secret",
    };
    let origin = match app.origin {
        AppOrigin::External => "Of the tenant",
        AppOrigin::Platform => "Of the platform itself",
    };
    vec![
        fact("region", "License region", or_none(placement.region_code().map(ToString::to_string))),
        fact("db-code", "Database code", or_none(placement.db_code().map(ToString::to_string))),
        fact("client-type", "Type", client_type.to_owned()),
        fact("origin", "Origin", origin.to_owned()),
    ]
}

/// What the settings come to, for who may not open them, too.
pub(super) fn settings_in_words(settings: &AppSettings) -> Vec<Fact> {
    let domains = settings.allowed_domains.filled().map(|(_, domain)| domain.to_string());
    vec![
        fact("fact-domains", "Allowed domains", list(domains)),
        fact("fact-sign-in", "Sign-in", who_may_sign_in(settings.sign_in).to_owned()),
        fact("fact-login-uris", "Redirect URIs", list(settings.login_redirect_uris.iter())),
        fact("fact-logout-uris", "Redirect URIs after sign-out", list(settings.logout_redirect_uris.iter())),
        fact(
            "fact-backchannel",
            "Told of sign-outs at",
            or_none(settings.backchannel_logout_uri.as_ref().map(ToString::to_string)),
        ),
        fact("fact-pkce", "PKCE", pkce(settings.pkce).to_owned()),
        fact("fact-service-access", "Service access", service_access(settings.service_access)),
        fact("fact-scopes", "Scopes", list(settings.scopes.iter())),
        fact("fact-lifetime", "Lifetime of its tokens", lifetime(settings.token_lifetime.as_duration())),
        fact("fact-reference-tokens", "Reference tokens", policy(settings.reference_tokens).to_owned()),
        fact("fact-basic", "Legacy Basic authentication", basic(settings.basic_authentication).to_owned()),
    ]
}

fn fact(id: &'static str, label: &'static str, text: String) -> Fact {
    Fact { id, label, text }
}

fn or_none(text: Option<String>) -> String {
    text.filter(|text| !text.is_empty()).unwrap_or_else(|| "none".to_owned())
}

fn list(items: impl Iterator<Item = impl ToString>) -> String {
    let items: Vec<String> = items.map(|item| item.to_string()).collect();
    or_none(Some(items.join(", ")))
}

fn lifetime(duration: Duration) -> String {
    match (duration.as_secs() / 60, duration.as_secs() % 60) {
        (1, 0) => "1 minute".to_owned(),
        (minutes, 0) => format!("{minutes} minutes"),
        _ => format!("{} seconds", duration.as_secs()),
    }
}

/// Who may sign in, in words.
pub(super) fn who_may_sign_in(sign_in: SignIn) -> &'static str {
    match sign_in {
        SignIn::Nobody => "nobody",
        SignIn::Internal => "internal users",
        SignIn::Community => "community users",
        SignIn::InternalAndCommunity => "internal and community users",
    }
}

fn pkce(pkce: PkceRequirement) -> &'static str {
    match pkce {
        PkceRequirement::Required => "required",
        PkceRequirement::Optional => "optional",
    }
}

fn service_access(access: ServiceAccess) -> String {
    match access {
        ServiceAccess::Disabled => "off".to_owned(),
        ServiceAccess::AsApp => "as the app itself".to_owned(),
        ServiceAccess::AsUser(id) => format!("as the system user {id}"),
    }
}

fn policy(policy: ReferenceTokenPolicy) -> &'static str {
    match policy {
        ReferenceTokenPolicy::None => "nobody makes any",
        ReferenceTokenPolicy::AdministratorsOnly => "administrators make them",
        ReferenceTokenPolicy::AuthenticatedUsers => "everybody who is signed in makes them",
    }
}

fn basic(basic: BasicAuthentication) -> &'static str {
    match basic {
        BasicAuthentication::Off => "off",
        BasicAuthentication::Allowed => "allowed",
    }
}
