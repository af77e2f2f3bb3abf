//! What an app record says of its settings, on top of what is there or of what is usual.

use std::fmt::Display;

use turnkeep_domain::allowed_domain::AllowedDomains;
use turnkeep_domain::app::{AppOrigin, AppSettings, BasicAuthentication};
use turnkeep_domain::backchannel_logout_uri::BackchannelLogoutUri;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::pkce::PkceRequirement;
use turnkeep_domain::redirect_uri::{RedirectUriError, RedirectUris};
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_protocol::management::app_fields::{AppOriginName, ServicePrincipal};
use turnkeep_protocol::patch::Patch;

use crate::document::app::AppRecord;
use crate::document::values::{ValueError, value};

impl AppRecord {
    /// Whether it can keep a secret.
    pub fn client_type_value(&self) -> ClientType {
        self.client_type.into()
    }

    /// Whose app it is.
    pub fn origin_value(&self) -> AppOrigin {
        match self.origin {
            AppOriginName::External => AppOrigin::External,
            AppOriginName::Platform => AppOrigin::Platform,
        }
    }

    /// The name of the system user that it acts as, if it says so.
    pub fn system_user(&self) -> Option<&str> {
        let access = self.service_access.as_ref()?;
        match access.principal {
            ServicePrincipal::User => access.user.as_deref(),
            ServicePrincipal::None | ServicePrincipal::App => None,
        }
    }

    /// What its owner may change: as the record says, and otherwise as it is at present. A new app may do nothing
    /// that its record does not say. `as_user` is service access as the system user that [`Self::system_user`] names.
    pub fn settings(
        &self,
        present: Option<&AppSettings>,
        as_user: Option<ServiceAccess>,
    ) -> Result<AppSettings, ValueError> {
        let mut settings = match present {
            Some(present) => present.clone(),
            None => usual_settings(self.name.as_deref().unwrap_or(&self.client_id))?,
        };
        put(&mut settings.name, "name", &self.name, |name| DisplayName::parse(name))?;
        put(&mut settings.allowed_domains, "allowed_domains", &self.allowed_domains, |slots| {
            AllowedDomains::parse_slots(slots.iter().map(|slot| slot.as_deref().unwrap_or_default()))
        })?;
        put(&mut settings.login_redirect_uris, "login_redirect_uris", &self.login_redirect_uris, |list| {
            uris(list)
        })?;
        put(
            &mut settings.logout_redirect_uris,
            "logout_redirect_uris",
            &self.logout_redirect_uris,
            |list| uris(list),
        )?;
        put(&mut settings.scopes, "scopes", &self.scopes, |scopes| ScopeSet::parse(scopes))?;
        put(
            &mut settings.token_lifetime,
            "token_lifetime_seconds",
            &self.token_lifetime_seconds,
            |seconds| TokenLifetime::from_secs(*seconds),
        )?;
        settings.sign_in = self.sign_in_on(settings.sign_in);
        settings.service_access = self.service_access_on(settings.service_access, as_user);
        settings.pkce = self.pkce.map_or(settings.pkce, Into::into);
        match &self.backchannel_logout_uri {
            Patch::Absent => {}
            Patch::Clear => settings.backchannel_logout_uri = None,
            Patch::Set(uri) => {
                let uri = value("backchannel_logout_uri", BackchannelLogoutUri::parse(uri))?;
                settings.backchannel_logout_uri = Some(uri);
            }
        }
        settings.reference_tokens = self.reference_tokens.map_or(settings.reference_tokens, Into::into);
        settings.basic_authentication = match self.basic_authentication {
            None => settings.basic_authentication,
            Some(true) => BasicAuthentication::Allowed,
            Some(false) => BasicAuthentication::Off,
        };
        Ok(settings)
    }

    fn sign_in_on(&self, present: SignIn) -> SignIn {
        let said = self.sign_in.unwrap_or_default();
        SignIn::from_flags(
            said.internal.unwrap_or(present.internal()),
            said.community.unwrap_or(present.community()),
        )
    }

    fn service_access_on(&self, present: ServiceAccess, as_user: Option<ServiceAccess>) -> ServiceAccess {
        match self.service_access.as_ref().map(|access| access.principal) {
            None => present,
            Some(ServicePrincipal::None) => ServiceAccess::Disabled,
            Some(ServicePrincipal::App) => ServiceAccess::AsApp,
            Some(ServicePrincipal::User) => as_user.unwrap_or(ServiceAccess::Disabled),
        }
    }
}

/// Of an app that may do nothing yet.
fn usual_settings(name: &str) -> Result<AppSettings, ValueError> {
    Ok(AppSettings {
        name: value("name", DisplayName::parse(name))?,
        allowed_domains: AllowedDomains::default(),
        login_redirect_uris: RedirectUris::default(),
        logout_redirect_uris: RedirectUris::default(),
        sign_in: SignIn::Nobody,
        service_access: ServiceAccess::Disabled,
        scopes: ScopeSet::default(),
        reference_tokens: ReferenceTokenPolicy::default(),
        basic_authentication: BasicAuthentication::Off,
        token_lifetime: TokenLifetime::default(),
        pkce: PkceRequirement::Required,
        backchannel_logout_uri: None,
    })
}

/// Puts what was said in the place of what is there.
fn put<S, T, E: Display>(
    attribute: &mut T,
    field: &'static str,
    said: &Option<S>,
    parse: impl Fn(&S) -> Result<T, E>,
) -> Result<(), ValueError> {
    if let Some(said) = said {
        *attribute = value(field, parse(said))?;
    }
    Ok(())
}

fn uris(texts: &[String]) -> Result<RedirectUris, RedirectUriError> {
    RedirectUris::parse_list(texts.iter().map(String::as_str))
}
