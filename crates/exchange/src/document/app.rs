//! Apps with everything that can be set.

use serde::{Deserialize, Serialize};
use turnkeep_domain::allowed_domain::AllowedDomain;
use turnkeep_domain::app::{App, AppState, BasicAuthentication};
use turnkeep_domain::plan_assignment::AssignmentState;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::storage_config::StorageSettings;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_protocol::management::app_fields::{
    AppOriginName, ClientTypeName, ReferenceTokenPolicyName, ServicePrincipal, SignInFields,
};

use crate::document::app_secret::AppSecretRecord;

/// An app, found by its client id.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppRecord {
    /// The OAuth client id.
    pub client_id: String,
    /// The name of its tenant; the one that the import is for, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Name for people.
    pub name: String,
    /// Whether it can keep a secret.
    pub client_type: ClientTypeName,
    /// Whose app it is.
    #[serde(default = "external")]
    pub origin: AppOriginName,
    /// The kill switch.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// The code of its license region; the one that the import is for, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license_region: Option<String>,
    /// The code of the database its data lives in; chosen at creation if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub db_code: Option<String>,
    /// Up to three slots, `null` for an empty one.
    #[serde(default)]
    pub allowed_domains: Vec<Option<String>>,
    /// Where sign-in may lead back to.
    #[serde(default)]
    pub login_redirect_uris: Vec<String>,
    /// Where sign-out may lead back to.
    #[serde(default)]
    pub logout_redirect_uris: Vec<String>,
    /// Which people may sign in.
    #[serde(default)]
    pub sign_in: SignInFields,
    /// As whom it acts without a person.
    #[serde(default)]
    pub service_access: ServiceAccessRecord,
    /// Space-delimited.
    #[serde(default)]
    pub scopes: String,
    /// Who may make reference tokens for it.
    #[serde(default = "no_reference_tokens")]
    pub reference_tokens: ReferenceTokenPolicyName,
    /// Legacy Basic authentication of users.
    #[serde(default)]
    pub basic_authentication: bool,
    /// How long its access tokens live.
    #[serde(default = "usual_lifetime")]
    pub token_lifetime_seconds: u64,
    /// Its plan, if one is assigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanAssignmentRecord>,
    /// The audiences of the resources it serves, so that it may introspect their tokens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource_server_of: Vec<String>,
    /// Its storage settings, without the secret key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<StorageRecord>,
    /// Its live secrets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<AppSecretRecord>,
}

/// Service access: `{"as":"app"}`, `{"as":"user","user":"backup-service"}` or `{"as":"none"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceAccessRecord {
    /// As whom.
    #[serde(rename = "as")]
    pub principal: ServicePrincipal,
    /// The name of the system user, with `user` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

impl Default for ServiceAccessRecord {
    fn default() -> Self {
        Self { principal: ServicePrincipal::None, user: None }
    }
}

/// The plan of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanAssignmentRecord {
    /// The plan's code.
    pub code: String,
    /// Whether it waits for a payment, so that the app gets no token.
    #[serde(default)]
    pub on_hold: bool,
}

/// Storage settings without the secret key, which never leaves the server: after an import it is given anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageRecord {
    /// Who runs the storage, by the name that the management API has for it.
    pub provider: String,
    /// The bucket.
    pub bucket: String,
    /// The access key, which is not secret.
    pub access_key: String,
    /// The endpoint, where the provider needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// The provider's region, where it needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

impl From<&StorageSettings> for StorageRecord {
    fn from(settings: &StorageSettings) -> Self {
        Self {
            provider: settings.provider().to_string(),
            bucket: settings.bucket().to_string(),
            access_key: settings.access_key().to_string(),
            endpoint: Some(settings.endpoint().to_string()),
            region: Some(settings.region().to_string()),
        }
    }
}

/// The natural keys of what an app refers to, as the caller has looked them up.
#[derive(Debug, Clone, Default)]
pub struct AppReferences {
    /// The name of its tenant.
    pub tenant: String,
    /// The code of its plan, if one is assigned.
    pub plan_code: Option<String>,
    /// The name of the system user it acts as, if it does.
    pub service_user: Option<String>,
    /// The audiences of the resources it serves.
    pub resource_server_of: Vec<String>,
}

impl AppRecord {
    /// What is exported of an app.
    pub fn new(
        app: &App,
        references: AppReferences,
        storage: Option<StorageRecord>,
        secrets: Vec<AppSecretRecord>,
    ) -> Self {
        let settings = &app.settings;
        let on_hold = app.plan.is_some_and(|plan| match plan.state {
            AssignmentState::Current => false,
            AssignmentState::OnHold { .. } => true,
        });
        Self {
            client_id: app.client_id.to_string(),
            tenant: Some(references.tenant),
            name: settings.name.to_string(),
            client_type: app.client_type.into(),
            origin: app.origin.into(),
            enabled: app.state == AppState::Enabled,
            license_region: app.placement.region_code().map(ToString::to_string),
            db_code: app.placement.db_code().map(ToString::to_string),
            allowed_domains: filled_slots(settings.allowed_domains.slots()),
            login_redirect_uris: settings.login_redirect_uris.iter().map(ToString::to_string).collect(),
            logout_redirect_uris: settings.logout_redirect_uris.iter().map(ToString::to_string).collect(),
            sign_in: settings.sign_in.into(),
            service_access: ServiceAccessRecord {
                principal: match settings.service_access {
                    ServiceAccess::Disabled => ServicePrincipal::None,
                    ServiceAccess::AsApp => ServicePrincipal::App,
                    ServiceAccess::AsUser(_) => ServicePrincipal::User,
                },
                user: references.service_user,
            },
            scopes: settings.scopes.to_string(),
            reference_tokens: settings.reference_tokens.into(),
            basic_authentication: settings.basic_authentication == BasicAuthentication::Allowed,
            token_lifetime_seconds: settings.token_lifetime.as_duration().as_secs(),
            plan: references.plan_code.map(|code| PlanAssignmentRecord { code, on_hold }),
            resource_server_of: references.resource_server_of,
            storage,
            secrets,
        }
    }

    /// An enabled app that may do nothing yet.
    pub(crate) fn bare(client_id: String, name: String, client_type: ClientTypeName) -> Self {
        Self {
            client_id,
            tenant: None,
            name,
            client_type,
            origin: external(),
            enabled: true,
            license_region: None,
            db_code: None,
            allowed_domains: Vec::new(),
            login_redirect_uris: Vec::new(),
            logout_redirect_uris: Vec::new(),
            sign_in: SignInFields::default(),
            service_access: ServiceAccessRecord::default(),
            scopes: String::new(),
            reference_tokens: no_reference_tokens(),
            basic_authentication: false,
            token_lifetime_seconds: usual_lifetime(),
            plan: None,
            resource_server_of: Vec::new(),
            storage: None,
            secrets: Vec::new(),
        }
    }
}

/// The slots up to the last one that is filled.
pub(crate) fn filled_slots(slots: &[Option<AllowedDomain>]) -> Vec<Option<String>> {
    let used = slots.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    slots.iter().take(used).map(|slot| slot.as_ref().map(ToString::to_string)).collect()
}

fn yes() -> bool {
    true
}

fn external() -> AppOriginName {
    AppOriginName::External
}

fn no_reference_tokens() -> ReferenceTokenPolicyName {
    ReferenceTokenPolicyName::None
}

fn usual_lifetime() -> u64 {
    TokenLifetime::DEFAULT.as_secs()
}
