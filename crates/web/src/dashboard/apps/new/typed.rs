//! What somebody typed into the form that makes an app, as it was typed.

use turnkeep_domain::allowed_domain::AllowedDomains;
use turnkeep_domain::id::TenantId;
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::management::app::CreateAppRequest;

use crate::dashboard::typed_lines::typed_lines;

/// The names of the fields for allowed domains.
pub(super) const DOMAIN_FIELDS: [&str; AllowedDomains::SLOTS] = ["domain_1", "domain_2", "domain_3"];

/// The texts; what was left empty is empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub(super) region: String,
    pub(super) name: String,
    pub(super) login_redirect_uris: String,
    pub(super) logout_redirect_uris: String,
    pub(super) domains: [String; AllowedDomains::SLOTS],
}

impl Typed {
    /// Takes them out of a form.
    pub(super) fn taken_from(form: &mut FormParameters) -> Self {
        let mut text = |name| form.take(name).unwrap_or_default();
        Self {
            region: text("region"),
            name: text("name"),
            login_redirect_uris: text("login_redirect_uris"),
            logout_redirect_uris: text("logout_redirect_uris"),
            domains: DOMAIN_FIELDS.map(text),
        }
    }

    /// The same as a request of the management API, whose defaults are those of a tenant application.
    pub(super) fn request(&self, tenant_id: TenantId) -> CreateAppRequest {
        CreateAppRequest {
            tenant_id: Some(tenant_id.to_string()),
            name: self.name.clone(),
            region: self.region.clone(),
            client_id: None,
            client_type: None,
            plan_id: None,
            allowed_domains: Some(self.domains.iter().cloned().map(Some).collect()),
            login_redirect_uris: Some(typed_lines(&self.login_redirect_uris)),
            logout_redirect_uris: Some(typed_lines(&self.logout_redirect_uris)),
            sign_in: None,
            service_access: None,
            scopes: None,
            reference_tokens: None,
            basic_authentication: None,
            token_lifetime_seconds: None,
            pkce: None,
            backchannel_logout_uri: None,
        }
    }
}
