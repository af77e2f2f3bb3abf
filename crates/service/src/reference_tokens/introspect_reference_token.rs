//! What introspection tells of a reference token: what an access token would say of itself.

use serde_json::Value;
use turnkeep_domain::allowed_domain::AllowedDomains;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::RequestId;
use turnkeep_domain::placement::Placement;
use turnkeep_domain::reference_token::ReferenceToken;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::user::UserKind;
use turnkeep_policy::decide_introspection::{Introspector, Visibility, decide_introspection};
use turnkeep_token::claims::TokenSubject;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::reference_tokens::check_reference_token::{CheckedReferenceToken, check_reference_token};
use crate::snapshot::catalogue::Catalogue;

/// A reference token that counts, as introspection shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct ActiveReferenceToken {
    /// Its record: `jti`, `aud`, `iat`, `exp`, tenant and app.
    pub token: ReferenceToken,
    /// `sub`: a user's id, or the client id.
    pub subject: String,
    /// What kind of user, if it acts as a person.
    pub user_kind: Option<UserKind>,
    /// The client id of its app.
    pub client_id: ClientId,
    /// What it may be used for.
    pub scopes: ScopeSet,
    /// The app's region and database.
    pub placement: Placement,
    /// The app's domains.
    pub allowed_domains: AllowedDomains,
    /// The plan's limits, if the resource calls them so.
    pub limits: Option<Value>,
    /// The plan's limits, if the resource calls them so.
    pub entitlements: Option<Value>,
    /// What this node had applied of the change log.
    pub sequence: ChangeSequence,
}

/// The token, if it counts and is the caller's business. Who asks is given by the app that a token is for.
pub(crate) fn introspect_reference_token(
    authority: &Authority,
    issuer: &Slug,
    presented: &str,
    request_id: Option<RequestId>,
    introspector: impl Fn(&Catalogue, &ReferenceToken) -> Introspector,
) -> Result<Option<ActiveReferenceToken>, Fault> {
    let Some(checked) = check_reference_token(authority, issuer, presented, request_id)? else {
        return Ok(None);
    };
    let catalogue = &checked.registration.issuer.catalogue;
    let introspector = introspector(catalogue, &checked.token);
    match decide_introspection(introspector, checked.token.app_id) {
        Visibility::Hidden => Ok(None),
        Visibility::Visible => shown(checked).map(Some),
    }
}

fn shown(checked: CheckedReferenceToken) -> Result<ActiveReferenceToken, Fault> {
    let (limits, entitlements) = limits_of(&checked)?;
    let (client_id, subject) = (checked.client_id().clone(), checked.subject());
    let CheckedReferenceToken { token, scopes, user, registration, app } = checked;
    let user_kind = user.map(|user| user.kind).filter(|kind| *kind != UserKind::System);
    let app = &app.live.app;
    Ok(ActiveReferenceToken {
        token,
        subject,
        user_kind,
        client_id,
        scopes,
        placement: app.placement.clone(),
        allowed_domains: app.settings.allowed_domains.clone(),
        limits,
        entitlements,
        sequence: registration.sequence,
    })
}

/// Written as in an access token of the same app for the same resource.
fn limits_of(checked: &CheckedReferenceToken) -> Result<(Option<Value>, Option<Value>), Fault> {
    let CheckedReferenceToken { token, scopes, registration, app, .. } = checked;
    let catalogue = &registration.issuer.catalogue;
    let resource = catalogue.resources.iter().find(|resource| resource.audience == token.audience);
    let live = &app.live.app;
    let plan = catalogue.plan_of(live).zip(resource);
    let subject = checked.subject();
    let claims = TokenSubject {
        iss: &registration.issuer.url,
        sub: &subject,
        audience: &token.audience,
        client_id: &live.client_id,
        scopes,
        tenant_id: live.tenant_id,
        app_id: live.id,
        placement: &live.placement,
        allowed_domains: &live.settings.allowed_domains,
        plan: plan.map(|(plan, resource)| (&plan.code, &plan.limits, resource.limits_claims)),
        person: None,
    };
    let mut claims =
        claims.to_object().map_err(|error| Fault::signing_key("writing claims")(error.into()))?;
    let mut take = |name: &str| claims.get_mut(name).map(Value::take);
    Ok((take("limits"), take("entitlements")))
}
