//! Apps: one record for the tenant application and the trusted application.

use serde::{Deserialize, Serialize};
use turnkeep_domain::allowed_domain::AllowedDomain;
use turnkeep_domain::app::{App, AppState, BasicAuthentication};
use turnkeep_domain::plan_assignment::{AssignmentState, PlanAssignment};

use crate::management::app_fields::{
    AppOriginName, ClientTypeName, PkceRequirementName, ReferenceTokenPolicyName, ServiceAccessFields,
    SignInFields,
};
#[cfg(feature = "openapi")]
use crate::management::texts;
use crate::patch::Patch;
use crate::revealed_secret::RevealedSecret;
use crate::rfc3339::format_utc;

/// `POST /apps`. What is absent takes its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateAppRequest {
    /// The owner; for operators only, and required for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TenantIdText>"))]
    pub tenant_id: Option<String>,
    /// Name for people; unique in the tenant.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: String,
    /// Code or id of the license region.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::RegionChoiceText"))]
    pub region: String,
    /// What a vendor chose; generated if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::ApplicationUriText>"))]
    pub client_id: Option<String>,
    /// Confidential if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_type: Option<ClientTypeName>,
    /// The plan to start with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::PlanIdText>"))]
    pub plan_id: Option<String>,
    /// Up to three slots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schemars(with = "Option<Vec<Option<texts::AllowedDomainText>>>", length(max = 3))
    )]
    pub allowed_domains: Option<Vec<Option<String>>>,
    /// Where sign-in may lead back to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schemars(with = "Option<Vec<texts::RedirectUriText>>", length(max = 20))
    )]
    pub login_redirect_uris: Option<Vec<String>>,
    /// Where sign-out may lead back to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schemars(with = "Option<Vec<texts::RedirectUriText>>", length(max = 20))
    )]
    pub logout_redirect_uris: Option<Vec<String>>,
    /// Which people may sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<SignInFields>,
    /// As whom it acts without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_access: Option<ServiceAccessFields>,
    /// Space-delimited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::ScopesText>"))]
    pub scopes: Option<String>,
    /// Who may make reference tokens for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference_tokens: Option<ReferenceTokenPolicyName>,
    /// Legacy Basic authentication of users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basic_authentication: Option<bool>,
    /// How long its access tokens live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TokenLifetimeNumber>"))]
    pub token_lifetime_seconds: Option<u64>,
    /// Whether people can sign in to it without PKCE; operators only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pkce: Option<PkceRequirementName>,
    /// Where it is told that a session is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::RedirectUriText>"))]
    pub backchannel_logout_uri: Option<String>,
}

/// `PATCH /apps/{id}`: only what is named changes. What never changes has no member here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateAppRequest {
    /// Name for people.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: Patch<String>,
    /// Up to three slots; `null` empties them.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(
        feature = "openapi",
        schemars(with = "Option<Vec<Option<texts::AllowedDomainText>>>", length(max = 3))
    )]
    pub allowed_domains: Patch<Vec<Option<String>>>,
    /// Where sign-in may lead back to; `null` empties the list.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(
        feature = "openapi",
        schemars(with = "Option<Vec<texts::RedirectUriText>>", length(max = 20))
    )]
    pub login_redirect_uris: Patch<Vec<String>>,
    /// Where sign-out may lead back to; `null` empties the list.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(
        feature = "openapi",
        schemars(with = "Option<Vec<texts::RedirectUriText>>", length(max = 20))
    )]
    pub logout_redirect_uris: Patch<Vec<String>>,
    /// Which people may sign in; `null` is nobody.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<SignInFields>"))]
    pub sign_in: Patch<SignInFields>,
    /// As whom it acts without a person; `null` is nobody.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<ServiceAccessFields>"))]
    pub service_access: Patch<ServiceAccessFields>,
    /// Space-delimited; `null` is none.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::ScopesText>"))]
    pub scopes: Patch<String>,
    /// Who may make reference tokens for it; `null` is nobody.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<ReferenceTokenPolicyName>"))]
    pub reference_tokens: Patch<ReferenceTokenPolicyName>,
    /// Legacy Basic authentication of users; `null` is off.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<bool>"))]
    pub basic_authentication: Patch<bool>,
    /// How long its access tokens live; `null` is the usual lifetime.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TokenLifetimeNumber>"))]
    pub token_lifetime_seconds: Patch<u64>,
    /// Whether people can sign in to it without PKCE, which operators decide; `null` is required.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<PkceRequirementName>"))]
    pub pkce: Patch<PkceRequirementName>,
    /// Where it is told that a session is over; `null` is nowhere.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::RedirectUriText>"))]
    pub backchannel_logout_uri: Patch<String>,
}

/// `PUT /apps/{id}/plan`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignPlanRequest {
    /// The plan.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::PlanIdText"))]
    pub plan_id: String,
}

/// The plan of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct PlanAssignmentResponse {
    /// The plan.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::PlanIdText"))]
    pub plan_id: String,
    /// Whether it waits for a payment, so that the app gets no token.
    pub on_hold: bool,
    /// Since when the app is on it.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub assigned_at: String,
}

impl From<&PlanAssignment> for PlanAssignmentResponse {
    fn from(assignment: &PlanAssignment) -> Self {
        let on_hold = match assignment.state {
            AssignmentState::Current => false,
            AssignmentState::OnHold { .. } => true,
        };
        Self {
            plan_id: assignment.plan_id.to_string(),
            on_hold,
            assigned_at: format_utc(assignment.assigned_at),
        }
    }
}

/// An app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AppResponse {
    /// Identifier.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::AppIdText"))]
    pub id: String,
    /// The owner.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TenantIdText"))]
    pub tenant_id: String,
    /// The OAuth client id.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::ClientIdText"))]
    pub client_id: String,
    /// Whether it can keep a secret.
    pub client_type: ClientTypeName,
    /// Whose app it is.
    pub origin: AppOriginName,
    /// The kill switch.
    pub enabled: bool,
    /// Name for people.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: String,
    /// The code of its license region.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::SlugText>"))]
    pub license_region: Option<String>,
    /// The code of the database its data lives in.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::DbCodeText>"))]
    pub db_code: Option<String>,
    /// First slot.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::AllowedDomainText>"))]
    pub allowed_domain_1: Option<String>,
    /// Second slot.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::AllowedDomainText>"))]
    pub allowed_domain_2: Option<String>,
    /// Third slot.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::AllowedDomainText>"))]
    pub allowed_domain_3: Option<String>,
    /// Where sign-in may lead back to.
    #[cfg_attr(feature = "openapi", schemars(with = "Vec<texts::RedirectUriText>", length(max = 20)))]
    pub login_redirect_uris: Vec<String>,
    /// Where sign-out may lead back to.
    #[cfg_attr(feature = "openapi", schemars(with = "Vec<texts::RedirectUriText>", length(max = 20)))]
    pub logout_redirect_uris: Vec<String>,
    /// Which people may sign in.
    pub sign_in: SignInFields,
    /// As whom it acts without a person.
    pub service_access: ServiceAccessFields,
    /// Space-delimited.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::ScopesText"))]
    pub scopes: String,
    /// Who may make reference tokens for it.
    pub reference_tokens: ReferenceTokenPolicyName,
    /// Legacy Basic authentication of users.
    pub basic_authentication: bool,
    /// How long its access tokens live.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TokenLifetimeNumber"))]
    pub token_lifetime_seconds: u64,
    /// Whether people can sign in to it without PKCE.
    pub pkce: PkceRequirementName,
    /// Where it is told that a session is over.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::RedirectUriText>"))]
    pub backchannel_logout_uri: Option<String>,
    /// Its plan, if one is assigned.
    pub plan: Option<PlanAssignmentResponse>,
    /// Codes of what deserves a second thought about its settings and secrets; in a list, about its settings only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warnings: Option<Vec<String>>,
    /// When it was created.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub created_at: String,
    /// How often it was changed; also its `ETag`.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::VersionNumber"))]
    pub version: i64,
}

impl From<&App> for AppResponse {
    fn from(app: &App) -> Self {
        let settings = &app.settings;
        let [domain_1, domain_2, domain_3] = settings.allowed_domains.slots();
        let text = |domain: &Option<AllowedDomain>| domain.as_ref().map(ToString::to_string);
        Self {
            id: app.id.to_string(),
            tenant_id: app.tenant_id.to_string(),
            client_id: app.client_id.to_string(),
            client_type: app.client_type.into(),
            origin: app.origin.into(),
            enabled: app.state == AppState::Enabled,
            name: settings.name.to_string(),
            license_region: app.placement.region_code().map(ToString::to_string),
            db_code: app.placement.db_code().map(ToString::to_string),
            allowed_domain_1: text(domain_1),
            allowed_domain_2: text(domain_2),
            allowed_domain_3: text(domain_3),
            login_redirect_uris: settings.login_redirect_uris.iter().map(ToString::to_string).collect(),
            logout_redirect_uris: settings.logout_redirect_uris.iter().map(ToString::to_string).collect(),
            sign_in: settings.sign_in.into(),
            service_access: settings.service_access.into(),
            scopes: settings.scopes.to_string(),
            reference_tokens: settings.reference_tokens.into(),
            basic_authentication: settings.basic_authentication == BasicAuthentication::Allowed,
            token_lifetime_seconds: settings.token_lifetime.as_duration().as_secs(),
            pkce: settings.pkce.into(),
            backchannel_logout_uri: settings.backchannel_logout_uri.as_ref().map(ToString::to_string),
            plan: app.plan.as_ref().map(Into::into),
            warnings: None,
            created_at: format_utc(app.created_at),
            version: app.version.as_number(),
        }
    }
}

/// A new app. A confidential one comes with its secret, shown this once.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct NewAppResponse {
    /// The app.
    #[serde(flatten)]
    pub app: AppResponse,
    /// The secret; absent for public apps and in a repeated answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::RevealedSecretText>"))]
    pub client_secret: Option<RevealedSecret>,
    /// `true` in a repeated answer: the secret was shown before and is shown once only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret_withheld: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_that_a_caller_must_not_set_are_refused() {
        for member in [
            r#""secret_hash":"x""#,
            r#""db_code":"db1""#,
            r#""role":"owner""#,
            r#""origin":"platform""#,
            r#""enabled":true"#,
            r#""tenant_id":"ten_1""#,
            r#""client_id":"x""#,
            r#""plan_id":"pln_1""#,
            r#""region":"eu""#,
            r#""client_type":"public""#,
            r#""version":7"#,
        ] {
            let json = format!("{{{member}}}");
            assert!(serde_json::from_str::<UpdateAppRequest>(&json).is_err(), "{json}");
        }
    }

    #[test]
    fn an_absent_member_and_null_are_told_apart() {
        let request: UpdateAppRequest = serde_json::from_str(r#"{"token_lifetime_seconds":null}"#).unwrap();
        assert_eq!(request.token_lifetime_seconds, Patch::Clear);
        assert_eq!(request.scopes, Patch::Absent);
    }
}
