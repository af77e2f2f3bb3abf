//! What all tokens of a grant have in common, kept with its app: as long as neither the app nor its instance changes and
//! it asks for the same, each further token needs nothing but a new id and a signature.

use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_policy::decide_token_scope::TokenGrant;
use turnkeep_token::access_token::MintError;
use turnkeep_token::claims::{ClaimsTemplate, TokenSubject};

use crate::snapshot::cached_app::CachedApp;
use crate::snapshot::cached_issuer::CachedIssuer;

/// A grant with its claims.
#[derive(Debug)]
pub(crate) struct PreparedGrant {
    pub(crate) template: ClaimsTemplate,
    pub(crate) scopes: ScopeSet,
    pub(crate) algorithm: SigningAlgorithm,
    audience: Audience,
    /// The version of the plan's limits, the keys and all else that the instance contributes.
    issuer_as_of: ChangeSequence,
}

impl PreparedGrant {
    /// Writes the claims of a grant.
    pub(crate) fn new(
        issuer: &CachedIssuer,
        cached: &CachedApp,
        grant: &TokenGrant<'_>,
    ) -> Result<Self, MintError> {
        let app = &cached.live.app;
        let system_user_id;
        let sub = match app.settings.service_access {
            ServiceAccess::AsUser(user_id) => {
                system_user_id = user_id.to_string();
                &system_user_id
            }
            ServiceAccess::AsApp | ServiceAccess::Disabled => app.client_id.as_str(),
        };
        let resource = grant.resource;
        let plan = issuer.catalogue.plan_of(app);
        let template = ClaimsTemplate::new(&TokenSubject {
            iss: &issuer.url,
            sub,
            audience: &resource.audience,
            client_id: &app.client_id,
            scopes: &grant.scopes,
            tenant_id: app.tenant_id,
            app_id: app.id,
            placement: &app.placement,
            allowed_domains: &app.settings.allowed_domains,
            plan: plan.map(|plan| (&plan.code, &plan.limits, resource.limits_claims)),
            person: None,
        })?;
        Ok(Self {
            template,
            scopes: grant.scopes.clone(),
            algorithm: resource.signing_algorithm,
            audience: resource.audience.clone(),
            issuer_as_of: issuer.as_of,
        })
    }

    /// Whether a decision has come to the same grant again.
    pub(crate) fn is_of(&self, issuer: &CachedIssuer, grant: &TokenGrant<'_>) -> bool {
        self.issuer_as_of == issuer.as_of
            && self.audience == grant.resource.audience
            && self.scopes == grant.scopes
    }
}
