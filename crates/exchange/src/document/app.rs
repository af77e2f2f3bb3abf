//! Apps with everything that can be set.

use serde::{Deserialize, Serialize};
use turnkeep_domain::allowed_domain::AllowedDomain;
use turnkeep_domain::app::{App, AppState, BasicAuthentication};
use turnkeep_domain::plan_assignment::AssignmentState;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::storage_config::StorageSettings;
use turnkeep_protocol::management::app_fields::{
    AppOriginName, ClientTypeName, PkceRequirementName, ReferenceTokenPolicyName, ServicePrincipal,
};
use turnkeep_protocol::patch::Patch;

use crate::document::app_secret::AppSecretRecord;
use crate::document::stated::stated;

/// An app, found by its client id.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppRecord {
    /// The OAuth client id.
    pub client_id: String,
    /// The name of its tenant; the one that the import is for, if absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Name for people; of a new one the client id if absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it can keep a secret.
    pub client_type: ClientTypeName,
    /// Whose app it is.
    #[serde(default = "external")]
    pub origin: AppOriginName,
    /// The kill switch; a new one is enabled if absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// The code of its license region; the one that the import is for, if absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub license_region: Option<String>,
    /// The code of the database its data lives in; chosen at creation if absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub db_code: Option<String>,
    /// Up to three slots, `null` for an empty one.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub allowed_domains: Option<Vec<Option<String>>>,
    /// Where sign-in may lead back to.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub login_redirect_uris: Option<Vec<String>>,
    /// Where sign-out may lead back to.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub logout_redirect_uris: Option<Vec<String>>,
    /// Which people may sign in.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<SignInRecord>,
    /// As whom it acts without a person.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub service_access: Option<ServiceAccessRecord>,
    /// Space-delimited.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub scopes: Option<String>,
    /// Who may make reference tokens for it.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub reference_tokens: Option<ReferenceTokenPolicyName>,
    /// Legacy Basic authentication of users.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub basic_authentication: Option<bool>,
    /// How long its access tokens live.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub token_lifetime_seconds: Option<u64>,
    /// Whether people can sign in to it without PKCE.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub pkce: Option<PkceRequirementName>,
    /// Where it is told that a session is over; nowhere if `null`.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub backchannel_logout_uri: Patch<String>,
    /// Its plan; none if `null`.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub plan: Patch<PlanAssignmentRecord>,
    /// The audiences of the resources it serves, so that it may introspect their tokens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource_server_of: Vec<String>,
    /// Its storage settings, without the secret key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<StorageRecord>,
    /// Its live secrets; none if empty, which is another thing than saying nothing.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub secrets: Option<Vec<AppSecretRecord>>,
}

/// Which people may sign in; what is absent says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInRecord {
    /// Internal users.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub internal: Option<bool>,
    /// Community users.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub community: Option<bool>,
}

/// Service access: `{"as":"app"}`, `{"as":"user","user":"backup-service"}` or `{"as":"none"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceAccessRecord {
    /// As whom.
    #[serde(rename = "as")]
    pub principal: ServicePrincipal,
    /// The name of the system user, with `user` only.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

impl ServiceAccessRecord {
    /// As nobody, or as the app itself.
    pub(crate) const fn own(principal: ServicePrincipal) -> Self {
        Self { principal, user: None }
    }
}

/// The plan of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanAssignmentRecord {
    /// The plan's code.
    pub code: String,
    /// Whether it waits for a payment, so that the app gets no token; one that was put on hold stays so if absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub on_hold: Option<bool>,
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
        Self {
            client_id: app.client_id.to_string(),
            tenant: Some(references.tenant),
            name: Some(settings.name.to_string()),
            client_type: app.client_type.into(),
            origin: app.origin.into(),
            enabled: Some(app.state == AppState::Enabled),
            license_region: app.placement.region_code().map(ToString::to_string),
            db_code: app.placement.db_code().map(ToString::to_string),
            allowed_domains: Some(filled_slots(settings.allowed_domains.slots())),
            login_redirect_uris: Some(settings.login_redirect_uris.iter().map(ToString::to_string).collect()),
            logout_redirect_uris: Some(
                settings.logout_redirect_uris.iter().map(ToString::to_string).collect(),
            ),
            sign_in: Some(SignInRecord {
                internal: Some(settings.sign_in.internal()),
                community: Some(settings.sign_in.community()),
            }),
            service_access: Some(ServiceAccessRecord {
                principal: match settings.service_access {
                    ServiceAccess::Disabled => ServicePrincipal::None,
                    ServiceAccess::AsApp => ServicePrincipal::App,
                    ServiceAccess::AsUser(_) => ServicePrincipal::User,
                },
                user: references.service_user,
            }),
            scopes: Some(settings.scopes.to_string()),
            reference_tokens: Some(settings.reference_tokens.into()),
            basic_authentication: Some(settings.basic_authentication == BasicAuthentication::Allowed),
            token_lifetime_seconds: Some(settings.token_lifetime.as_duration().as_secs()),
            pkce: Some(settings.pkce.into()),
            backchannel_logout_uri: settings
                .backchannel_logout_uri
                .as_ref()
                .map_or(Patch::Clear, |uri| Patch::Set(uri.to_string())),
            plan: plan_record(app, references.plan_code),
            resource_server_of: references.resource_server_of,
            storage,
            secrets: Some(secrets),
        }
    }

    /// An app of which nothing else is said.
    pub(crate) fn bare(client_id: String, client_type: ClientTypeName) -> Self {
        Self {
            client_id,
            tenant: None,
            name: None,
            client_type,
            origin: external(),
            enabled: None,
            license_region: None,
            db_code: None,
            allowed_domains: None,
            login_redirect_uris: None,
            logout_redirect_uris: None,
            sign_in: None,
            service_access: None,
            scopes: None,
            reference_tokens: None,
            basic_authentication: None,
            token_lifetime_seconds: None,
            pkce: None,
            backchannel_logout_uri: Patch::Absent,
            plan: Patch::Absent,
            resource_server_of: Vec::new(),
            storage: None,
            secrets: None,
        }
    }
}

/// A plan without its code would say that there is none.
fn plan_record(app: &App, code: Option<String>) -> Patch<PlanAssignmentRecord> {
    match (app.plan.map(|plan| plan.state), code) {
        (None, _) => Patch::Clear,
        (Some(_), None) => Patch::Absent,
        (Some(AssignmentState::Current), Some(code)) => {
            Patch::Set(PlanAssignmentRecord { code, on_hold: Some(false) })
        }
        (Some(AssignmentState::OnHold { .. }), Some(code)) => {
            Patch::Set(PlanAssignmentRecord { code, on_hold: Some(true) })
        }
    }
}

/// The slots up to the last one that is filled.
pub(crate) fn filled_slots(slots: &[Option<AllowedDomain>]) -> Vec<Option<String>> {
    let used = slots.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    slots.iter().take(used).map(|slot| slot.as_ref().map(ToString::to_string)).collect()
}

fn external() -> AppOriginName {
    AppOriginName::External
}
