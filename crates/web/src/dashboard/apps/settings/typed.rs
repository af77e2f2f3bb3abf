//! What the form of the settings says: texts as they stand in its fields, and the request that they make, which is the
//! same as that of the management API and is checked by the same code.

use turnkeep_domain::allowed_domain::AllowedDomains;
use turnkeep_domain::app::{AppSettings, BasicAuthentication};
use turnkeep_domain::redirect_uri::RedirectUris;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::management::app::UpdateAppRequest;
use turnkeep_protocol::management::app_fields::{
    PkceRequirementName, ReferenceTokenPolicyName, ServiceAccessFields, ServicePrincipal,
};
use turnkeep_protocol::patch::Patch;

use crate::dashboard::typed_lines::typed_lines;
use crate::dashboard::word_of::word_of;
use crate::management::field_errors::FieldErrors;

pub(super) const SIGN_IN: [(&str, SignIn); 4] = [
    ("nobody", SignIn::Nobody),
    ("internal", SignIn::Internal),
    ("internal_and_community", SignIn::InternalAndCommunity),
    ("community", SignIn::Community),
];

pub(super) const SERVICE_ACCESS: [(&str, ServicePrincipal); 3] =
    [("none", ServicePrincipal::None), ("app", ServicePrincipal::App), ("user", ServicePrincipal::User)];

pub(super) const REFERENCE_TOKENS: [(&str, ReferenceTokenPolicyName); 3] = [
    ("none", ReferenceTokenPolicyName::None),
    ("administrators_only", ReferenceTokenPolicyName::AdministratorsOnly),
    ("authenticated_users", ReferenceTokenPolicyName::AuthenticatedUsers),
];

pub(super) const BASIC: [(&str, bool); 2] = [("off", false), ("allowed", true)];

pub(super) const PKCE: [(&str, PkceRequirementName); 2] =
    [("required", PkceRequirementName::Required), ("optional", PkceRequirementName::Optional)];

/// The texts.
pub(super) struct TypedSettings {
    pub(super) name: String,
    pub(super) allowed_domains: [String; AllowedDomains::SLOTS],
    pub(super) sign_in: String,
    pub(super) login_redirect_uris: String,
    pub(super) logout_redirect_uris: String,
    pub(super) backchannel_logout_uri: String,
    /// Not there for who has no say in it.
    pub(super) pkce: Option<String>,
    pub(super) service_access: String,
    /// Not there for who has no say in it.
    pub(super) system_user: Option<String>,
    pub(super) scopes: String,
    pub(super) token_lifetime: String,
    pub(super) reference_tokens: String,
    pub(super) basic_authentication: String,
}

impl TypedSettings {
    /// The settings as they are.
    pub(super) fn of(settings: &AppSettings) -> Self {
        let lines = |uris: &RedirectUris| uris.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let access = ServiceAccessFields::from(settings.service_access);
        let allows_basic = settings.basic_authentication == BasicAuthentication::Allowed;
        Self {
            name: settings.name.to_string(),
            allowed_domains: settings
                .allowed_domains
                .slots()
                .each_ref()
                .map(|domain| domain.as_ref().map(ToString::to_string).unwrap_or_default()),
            sign_in: word_of(&SIGN_IN, settings.sign_in),
            login_redirect_uris: lines(&settings.login_redirect_uris),
            logout_redirect_uris: lines(&settings.logout_redirect_uris),
            backchannel_logout_uri: settings
                .backchannel_logout_uri
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            pkce: Some(word_of(&PKCE, settings.pkce.into())),
            service_access: word_of(&SERVICE_ACCESS, access.principal),
            system_user: access.user_id,
            scopes: settings.scopes.to_string(),
            token_lifetime: settings.token_lifetime.as_duration().as_secs().to_string(),
            reference_tokens: word_of(&REFERENCE_TOKENS, settings.reference_tokens.into()),
            basic_authentication: word_of(&BASIC, allows_basic),
        }
    }

    /// What was sent. Lines stand in their fields as they are counted afterwards.
    pub(super) fn read(form: &mut FormParameters) -> Self {
        let mut text = |name: &str| form.take(name).unwrap_or_default();
        Self {
            name: text("name"),
            allowed_domains: ["allowed_domain_1", "allowed_domain_2", "allowed_domain_3"].map(&mut text),
            sign_in: text("sign_in"),
            login_redirect_uris: typed_lines(&text("login_redirect_uris")).join("\n"),
            logout_redirect_uris: typed_lines(&text("logout_redirect_uris")).join("\n"),
            backchannel_logout_uri: text("backchannel_logout_uri").trim().to_owned(),
            service_access: text("service_access"),
            scopes: text("scopes"),
            token_lifetime: text("token_lifetime_seconds").trim().to_owned(),
            reference_tokens: text("reference_tokens"),
            basic_authentication: text("basic_authentication"),
            pkce: form.take("pkce"),
            system_user: form.take("system_user_id"),
        }
    }

    /// The request that it makes. A field that was not sent changes nothing; `kept` is the access of an app whose system
    /// user the person cannot choose.
    pub(super) fn request(&self, errors: &mut FieldErrors, kept: Option<ServiceAccess>) -> UpdateAppRequest {
        let lifetime =
            match self.token_lifetime.as_str() {
                "" => Patch::Clear,
                text => set(errors
                    .check("token_lifetime_seconds", text.parse().map_err(|_| "must be a whole number"))),
            };
        UpdateAppRequest {
            name: Patch::Set(self.name.clone()),
            allowed_domains: Patch::Set(self.allowed_domains.iter().cloned().map(Some).collect()),
            login_redirect_uris: Patch::Set(typed_lines(&self.login_redirect_uris)),
            logout_redirect_uris: Patch::Set(typed_lines(&self.logout_redirect_uris)),
            sign_in: chosen(errors, "sign_in", &self.sign_in, &SIGN_IN.map(|(word, of)| (word, of.into()))),
            service_access: self.service_access(errors, kept),
            scopes: Patch::Set(self.scopes.clone()),
            reference_tokens: chosen(errors, "reference_tokens", &self.reference_tokens, &REFERENCE_TOKENS),
            basic_authentication: chosen(errors, "basic_authentication", &self.basic_authentication, &BASIC),
            token_lifetime_seconds: lifetime,
            pkce: chosen(errors, "pkce", self.pkce.as_deref().unwrap_or_default(), &PKCE),
            backchannel_logout_uri: match self.backchannel_logout_uri.as_str() {
                "" => Patch::Clear,
                text => Patch::Set(text.to_owned()),
            },
        }
    }

    /// The system user counts only where one is to act.
    fn service_access(
        &self,
        errors: &mut FieldErrors,
        kept: Option<ServiceAccess>,
    ) -> Patch<ServiceAccessFields> {
        match chosen(errors, "service_access", &self.service_access, &SERVICE_ACCESS) {
            Patch::Set(ServicePrincipal::User) => {
                let kept_user = kept.and_then(|access| ServiceAccessFields::from(access).user_id);
                let user_id = kept_user.or_else(|| self.system_user.clone());
                Patch::Set(ServiceAccessFields { principal: ServicePrincipal::User, user_id })
            }
            Patch::Set(principal) => Patch::Set(ServiceAccessFields { principal, user_id: None }),
            Patch::Absent | Patch::Clear => Patch::Absent,
        }
    }
}

fn chosen<T: Copy>(errors: &mut FieldErrors, field: &str, word: &str, words: &[(&str, T)]) -> Patch<T> {
    let sent = Some(word).filter(|word| !word.is_empty());
    set(errors.one_of(field, sent, words).flatten())
}

fn set<T>(value: Option<T>) -> Patch<T> {
    value.map_or(Patch::Absent, Patch::Set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_that_nobody_offered_is_refused_and_one_that_was_not_sent_changes_nothing() {
        let mut errors = FieldErrors::default();
        assert_eq!(chosen(&mut errors, "basic", "allowed", &BASIC), Patch::Set(true));
        assert_eq!(chosen(&mut errors, "basic", "", &BASIC), Patch::Absent);
        assert!(errors.finish_fields(Some(())).is_ok());
        let mut errors = FieldErrors::default();
        assert_eq!(chosen(&mut errors, "basic", "perhaps", &BASIC), Patch::Absent);
        assert_eq!(errors.finish_fields(Some(())).unwrap_err().len(), 1);
    }
}
