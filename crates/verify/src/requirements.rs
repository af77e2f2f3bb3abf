//! What an endpoint asks of a token that is valid: scopes, tenants, regions, and where the request comes from.

use std::collections::BTreeSet;

use turnkeep_domain::id::TenantId;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;

use crate::access_token::VerifiedAccessToken;
use crate::origin::{OriginRule, RequestOrigin};
use crate::refusal::AccessRefusal;

/// What a token must grant. Nothing but an allowed origin to begin with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccessRequirements {
    scopes: ScopeSet,
    tenants: Option<BTreeSet<TenantId>>,
    regions: Option<BTreeSet<Slug>>,
    origin: OriginRule,
}

impl AccessRequirements {
    /// All of these scopes.
    pub fn of_scopes(scopes: ScopeSet) -> Self {
        Self { scopes, ..Self::default() }
    }

    /// One of these tenants.
    #[must_use]
    pub fn with_tenants(mut self, tenants: impl IntoIterator<Item = TenantId>) -> Self {
        self.tenants = Some(tenants.into_iter().collect());
        self
    }

    /// One of these license regions. A token without a region is refused.
    #[must_use]
    pub fn with_regions(mut self, regions: impl IntoIterator<Item = Slug>) -> Self {
        self.regions = Some(regions.into_iter().collect());
        self
    }

    /// What to make of the `Origin` header.
    #[must_use]
    pub fn with_origin_rule(mut self, rule: OriginRule) -> Self {
        self.origin = rule;
        self
    }

    /// The scopes.
    pub fn scopes(&self) -> &ScopeSet {
        &self.scopes
    }

    /// Checks a valid token: scopes, tenant, region, origin, in this order.
    pub fn check(&self, token: &VerifiedAccessToken, origin: RequestOrigin<'_>) -> Result<(), AccessRefusal> {
        if !self.scopes.is_subset(&token.scopes) {
            return Err(AccessRefusal::InsufficientScope(self.scopes.clone()));
        }
        if self.tenants.as_ref().is_some_and(|tenants| !tenants.contains(&token.tenant_id)) {
            return Err(AccessRefusal::WrongTenant);
        }
        let is_served = |regions: &BTreeSet<Slug>| {
            token.license_region.as_ref().is_some_and(|region| regions.contains(region))
        };
        if self.regions.as_ref().is_some_and(|regions| !is_served(regions)) {
            return Err(AccessRefusal::WrongRegion);
        }
        if !self.origin.admits(origin, &token.allowed_domains) {
            return Err(AccessRefusal::OriginNotAllowed);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
