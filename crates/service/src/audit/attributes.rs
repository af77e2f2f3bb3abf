//! Records as the audit trail tells of them: every attribute under the management API's name, in a text that stays
//! the same from version to version. Lists and objects are JSON, members in alphabetical order: it is the same
//! whether serde_json keeps the order or sorts. No secret is an attribute of a record.

use serde_json::{Map, Value, json};
use turnkeep_domain::app::{App, AppSettings, AppState, BasicAuthentication};
use turnkeep_domain::audit::AttributeChange;
use turnkeep_domain::client_secret::ClientSecret;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::instance::{Instance, InstanceState};
use turnkeep_domain::plan::{FeatureValue, Plan, PlanLimits, PlanPrice};
use turnkeep_domain::plan_assignment::{AssignmentState, PlanAssignment};
use turnkeep_domain::redirect_uri::{RedirectUri, RedirectUris};
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_domain::region::{Availability, Region, RegionDatabase};
use turnkeep_domain::resource::{LimitsClaims, Resource, Scope, ScopeGrant};
use turnkeep_domain::secret_max_age::SecretMaxAge;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::tenant::{Tenant, TenantState};
use turnkeep_domain::token_requests::{QuotaMode, TokenRequestLimits};
use turnkeep_domain::user::{User, UserKind, UserState};

pub(crate) use turnkeep_audit::json_lines::utc_text;

/// The attributes of a record and their texts; `None` for what is not set.
pub(crate) type Attributes = Vec<(&'static str, Option<String>)>;

/// A record is new: all that is set.
pub(crate) fn created(after: Attributes) -> Vec<AttributeChange> {
    changes(after.into_iter().map(|(attribute, after)| (attribute, None, after)))
}

/// A record is gone: all that was set.
pub(crate) fn removed(before: Attributes) -> Vec<AttributeChange> {
    changes(before.into_iter().map(|(attribute, before)| (attribute, before, None)))
}

/// What is different now. Both are lists of the same attributes, since they are of the same kind of record.
pub(crate) fn changed(before: Attributes, after: Attributes) -> Vec<AttributeChange> {
    changes(before.into_iter().zip(after).map(|((attribute, before), (_, after))| (attribute, before, after)))
}

fn changes(
    compared: impl Iterator<Item = (&'static str, Option<String>, Option<String>)>,
) -> Vec<AttributeChange> {
    compared
        .filter(|(_, before, after)| before != after)
        .map(|(attribute, before, after)| AttributeChange { attribute, before, after })
        .collect()
}

/// An instance.
pub(crate) fn instance_attributes(instance: &Instance) -> Attributes {
    let state = match instance.state {
        InstanceState::Active => "active",
        InstanceState::Disabled => "disabled",
    };
    vec![
        text("slug", &instance.slug),
        text("name", &instance.name),
        text("accent", instance.accent.as_str()),
        text("state", state),
    ]
}

/// A tenant.
pub(crate) fn tenant_attributes(tenant: &Tenant) -> Attributes {
    let state = match tenant.state {
        TenantState::PendingActivation => "pending_activation",
        TenantState::Active => "active",
        TenantState::Suspended => "suspended",
        TenantState::Closed => "closed",
    };
    vec![
        text("name", &tenant.name),
        text("state", state),
        text("app_limit", tenant.app_limit.apps()),
        maybe("secret_max_age_days", tenant.secret_max_age.map(SecretMaxAge::days)),
    ]
}

/// A region.
pub(crate) fn region_attributes(region: &Region) -> Attributes {
    vec![
        text("code", &region.code),
        text("name", &region.name),
        text("state", availability(region.availability)),
    ]
}

/// A database of a region.
pub(crate) fn region_database_attributes(database: &RegionDatabase) -> Attributes {
    vec![
        text("region_id", database.region_id),
        text("db_code", &database.db_code),
        text("capacity", database.capacity),
        text("state", availability(database.availability)),
    ]
}

fn availability(availability: Availability) -> &'static str {
    match availability {
        Availability::Active => "active",
        Availability::Inactive => "inactive",
    }
}

/// A plan.
pub(crate) fn plan_attributes(plan: &Plan) -> Attributes {
    let free = match plan.price {
        PlanPrice::Free => true,
        PlanPrice::Paid => false,
    };
    vec![
        text("code", &plan.code),
        text("name", &plan.name),
        text("state", plan.state),
        text("free", free),
        text("limits", limits(&plan.limits)),
        text("token_requests", token_requests(&plan.token_requests)),
    ]
}

fn limits(limits: &PlanLimits) -> Value {
    let units = &limits.document_units;
    let features: Map<String, Value> = limits
        .features
        .iter()
        .map(|(name, value)| {
            let value = match value {
                FeatureValue::Flag(flag) => json!(flag),
                FeatureValue::Number(number) => json!(number),
                FeatureValue::Text(text) => json!(text),
            };
            (name.to_owned(), value)
        })
        .collect();
    json!({
        "document_units": {
            "day": units.day(), "hour": units.hour(), "month": units.month(), "week": units.week(),
        },
        "features": features,
        "requests_per_minute": limits.requests_per_minute,
    })
}

fn token_requests(limits: &TokenRequestLimits) -> Value {
    let mode = match limits.mode() {
        QuotaMode::Enforced => "enforce",
        QuotaMode::DryRun => "dry_run",
    };
    json!({"day": limits.day(), "hour": limits.hour(), "minute": limits.minute(), "mode": mode})
}

/// A resource.
pub(crate) fn resource_attributes(resource: &Resource) -> Attributes {
    let limits_claims = match resource.limits_claims {
        LimitsClaims::Limits => "limits",
        LimitsClaims::Entitlements => "entitlements",
        LimitsClaims::Both => "both",
    };
    vec![
        text("audience", &resource.audience),
        text("name", &resource.name),
        text("limits_claims", limits_claims),
        text("signing_alg", resource.signing_algorithm),
    ]
}

/// A scope. Its record has no id, so its name says which one it is.
pub(crate) fn scope_attributes(scope: &Scope) -> Attributes {
    let grant = match scope.grant {
        ScopeGrant::Default => "default",
        ScopeGrant::AnyApp => "any_app",
        ScopeGrant::Reserved => "reserved",
    };
    vec![text("name", &scope.name), text("description", &scope.description), text("grant", grant)]
}

/// A user.
pub(crate) fn user_attributes(user: &User) -> Attributes {
    let kind = match user.kind {
        UserKind::Internal => "internal",
        UserKind::Community => "community",
        UserKind::System => "system",
    };
    let state = match user.state {
        UserState::Active => "active",
        UserState::Disabled => "disabled",
    };
    vec![
        text("kind", kind),
        text("name", &user.name),
        text("display_name", &user.display_name),
        maybe("email", user.email.as_ref()),
        text("state", state),
    ]
}

/// An app, without its secrets.
pub(crate) fn app_attributes(app: &App) -> Attributes {
    let client_type = match app.client_type {
        ClientType::Confidential => "confidential",
        ClientType::Public => "public",
    };
    let mut attributes = vec![
        text("client_id", &app.client_id),
        text("client_type", client_type),
        text("enabled", app.state == AppState::Enabled),
        maybe("license_region", app.placement.region_code()),
        maybe("db_code", app.placement.db_code()),
        maybe("plan", app.plan.map(assignment)),
    ];
    attributes.extend(settings_attributes(&app.settings));
    attributes
}

fn assignment(assignment: PlanAssignment) -> Value {
    let on_hold = match assignment.state {
        AssignmentState::Current => false,
        AssignmentState::OnHold { .. } => true,
    };
    json!({"on_hold": on_hold, "plan_id": assignment.plan_id.to_string()})
}

fn settings_attributes(settings: &AppSettings) -> Attributes {
    let [domain_1, domain_2, domain_3] = settings.allowed_domains.slots();
    vec![
        text("name", &settings.name),
        maybe("allowed_domain_1", domain_1.as_ref()),
        maybe("allowed_domain_2", domain_2.as_ref()),
        maybe("allowed_domain_3", domain_3.as_ref()),
        text("login_redirect_uris", redirect_uris(&settings.login_redirect_uris)),
        text("logout_redirect_uris", redirect_uris(&settings.logout_redirect_uris)),
        text("sign_in", sign_in(settings.sign_in)),
        text("service_access", service_access(settings.service_access)),
        text("scopes", &settings.scopes),
        text("reference_tokens", reference_tokens(settings.reference_tokens)),
        text("basic_authentication", settings.basic_authentication == BasicAuthentication::Allowed),
        text("token_lifetime_seconds", settings.token_lifetime.as_duration().as_secs()),
        text("pkce", settings.pkce.as_str()),
        maybe("backchannel_logout_uri", settings.backchannel_logout_uri.as_ref()),
    ]
}

fn redirect_uris(uris: &RedirectUris) -> Value {
    uris.iter().map(RedirectUri::as_str).collect()
}

fn sign_in(sign_in: SignIn) -> Value {
    json!({"community": sign_in.community(), "internal": sign_in.internal()})
}

fn service_access(service_access: ServiceAccess) -> Value {
    match service_access {
        ServiceAccess::Disabled => json!({"as": "none"}),
        ServiceAccess::AsApp => json!({"as": "app"}),
        ServiceAccess::AsUser(id) => json!({"as": "user", "user_id": id.to_string()}),
    }
}

fn reference_tokens(policy: ReferenceTokenPolicy) -> &'static str {
    match policy {
        ReferenceTokenPolicy::None => "none",
        ReferenceTokenPolicy::AuthenticatedUsers => "authenticated_users",
        ReferenceTokenPolicy::AdministratorsOnly => "administrators_only",
    }
}

/// A secret's record: its last four characters are all that is known of the secret itself.
pub(crate) fn secret_attributes(secret: &ClientSecret) -> Attributes {
    vec![
        text("secret_id", secret.id),
        text("hint", secret.hint.as_str()),
        maybe("expires_at", secret.expires_at.map(utc_text)),
    ]
}

fn text(attribute: &'static str, value: impl ToString) -> (&'static str, Option<String>) {
    maybe(attribute, Some(value))
}

fn maybe(attribute: &'static str, value: Option<impl ToString>) -> (&'static str, Option<String>) {
    (attribute, value.map(|value| value.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_a_change() {
        let before = vec![text("name", "A"), maybe("plan", None::<&str>), text("scopes", "read")];
        let after = vec![text("name", "B"), maybe("plan", Some("pro")), text("scopes", "read")];
        let told = |changes: Vec<AttributeChange>| {
            let told = changes.into_iter().map(|change| (change.attribute, change.before, change.after));
            told.collect::<Vec<_>>()
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            told(changed(before.clone(), after.clone())),
            [("name", some("A"), some("B")), ("plan", None, some("pro"))]
        );
        assert_eq!(
            told(created(before.clone())),
            [("name", None, some("A")), ("scopes", None, some("read"))]
        );
        assert_eq!(told(removed(before)), [("name", some("A"), None), ("scopes", some("read"), None)]);
    }

    #[test]
    fn no_attribute_holds_a_line_end_whatever_it_was_given() {
        let limits = limits(&PlanLimits {
            document_units: turnkeep_domain::document_units::DocumentUnitLimits::default(),
            requests_per_minute: Some(10),
            features: turnkeep_domain::plan::Features::new(
                [("a".to_owned(), FeatureValue::Text("=\"x\"".to_owned()))].into(),
            )
            .unwrap(),
        });
        assert_eq!(
            limits.to_string(),
            r#"{"document_units":{"day":null,"hour":null,"month":null,"week":null},"features":{"a":"=\"x\""},"requests_per_minute":10}"#
        );
    }
}
